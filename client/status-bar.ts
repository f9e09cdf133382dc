import * as vscode from 'vscode';
import {
  caveatHeading,
  isOverloaded,
  overloadLabel,
  type RunResults,
  type RunUpdate,
  unpack,
} from '../protocol/index.ts';
import { frontDocument } from './npu-document.ts';
import type { RunStore } from './run-store.ts';
import { shownDocument } from './shown-document.ts';

/** One item that shows the state of the active file's newest run. A click opens the panel. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('stimpack.run', vscode.StatusBarAlignment.Left, 10);
  private readonly disposables: readonly vscode.Disposable[];
  private readonly runs: RunStore;
  private shown: string | undefined;

  constructor(runs: RunStore) {
    this.runs = runs;
    this.item.name = 'Stimpack run';
    this.item.command = 'stimpack.openPanel';
    this.disposables = [
      this.item,
      runs.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
    ];
    this.refresh();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private refresh(): void {
    const document = frontDocument();
    const front = document?.uri.toString();
    const shown = front === undefined ? undefined : shownDocument(front, this.runs.states(), this.shown);
    this.shown = shown;
    const update = shown === undefined ? undefined : this.runs.get(shown);
    if (update === undefined) {
      this.item.hide();
      return;
    }
    const { text, tooltip, isError } = describe(update);
    // A file without scenarios has the state of a document that uses it.
    this.item.text = shown === front ? text : `${text} (${update.state.name})`;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }
}

interface Description {
  readonly text: string;
  readonly tooltip: string;
  readonly isError: boolean;
}

function describe({ state, results }: RunUpdate): Description {
  switch (state.phase) {
    case 'empty':
      return {
        text: '$(circuit-board) no scenario',
        tooltip: `${state.name} declares no scenario to simulate`,
        isError: false,
      };
    case 'running':
      return { text: '$(sync~spin) simulating', tooltip: `Simulating ${state.name}`, isError: false };
    case 'preview':
      return {
        text: '$(sync~spin) preview',
        tooltip: `Simulating ${state.name} while a number changes`,
        isError: false,
      };
    case 'stale':
      return {
        text: '$(history) stale',
        tooltip: 'Results belong to an earlier text: save to simulate again',
        isError: false,
      };
    case 'cancelled':
      return { text: '$(circle-slash) cancelled', tooltip: 'The run was cancelled', isError: false };
    case 'rejected':
      return {
        text: '$(error) not run',
        tooltip: `Not run: ${state.problem?.message ?? 'the file has errors'}`,
        isError: false,
      };
    case 'failed':
      return { text: '$(bug) run failed', tooltip: state.problem?.message ?? 'The simulator failed', isError: true };
    case 'fresh':
      return describeVerdicts(results === null ? [] : unpack<RunResults>(results));
  }
}

function describeVerdicts(results: RunResults): Description {
  const outcomes = results.flatMap((result) => result.main.serves.flatMap((serve) => serve.slos));
  const count = (verdict: string): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const violated = count('violated');
  const undecided = count('undecided');
  const overloaded = outcomes.find(isOverloaded);
  const caveats = results.flatMap(({ main }) => main.caveats);
  const open = caveats.length === 0 ? 'Open the panel' : `${caveatHeading(caveats)}. Open the panel`;
  if (outcomes.length === 0) return { text: '$(check) simulated', tooltip: 'No SLO is stated', isError: false };
  if (violated > 0) {
    const counted = `${violated} of ${outcomes.length} SLOs violated`;
    return overloaded === undefined
      ? { text: `$(error) ${counted}`, tooltip: open, isError: true }
      : { text: `$(error) ${overloadLabel(overloaded)}`, tooltip: `${counted}. ${open}`, isError: true };
  }
  if (undecided > 0) {
    return {
      text: `$(question) ${undecided} of ${outcomes.length} SLOs undecided`,
      tooltip: open,
      isError: false,
    };
  }
  return {
    text: `$(check) ${outcomes.length === 1 ? 'SLO met' : `${outcomes.length} SLOs met`}${caveats.length === 0 ? '' : ', with caveats'}`,
    tooltip: open,
    isError: false,
  };
}
