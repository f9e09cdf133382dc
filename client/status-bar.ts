import * as vscode from 'vscode';
import { frontDocument } from './npu-document.ts';
import { describeRun } from './run-description.ts';
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
    const { text, tooltip, isError } = describeRun(update);
    // A file without scenarios has the state of a document that uses it.
    this.item.text = shown === front ? text : `${text} (${update.state.name})`;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }
}
