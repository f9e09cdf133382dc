import * as vscode from 'vscode';
import { isNpu } from './npu-document.ts';
import { stepNumber } from './number-step.ts';
import type { RunStore } from './run-store.ts';

/** True if the cursor is at a number that can be changed in steps. The keys depend on it, because they move lines elsewhere. */
const atNumberContext = 'stimpack.atNumber';

/** The end of the last step. The next one continues it if nothing else has happened in between. */
interface LastStep {
  readonly uri: string;
  readonly version: number;
  readonly line: number;
}

/**
 * Changes the number at the cursor in steps, and simulates each value that the simulator has time for. All steps on one number are one undo step. The
 * text is not saved.
 */
export class Scrubbing implements vscode.Disposable {
  private last: LastStep | undefined;
  /** Documents with a run in progress, and whether another one has to follow. */
  private readonly busy = new Map<string, boolean>();
  private readonly runs: RunStore;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(runs: RunStore) {
    this.runs = runs;
    this.disposables = [
      vscode.commands.registerCommand('stimpack.increaseNumber', () => this.step(1)),
      vscode.commands.registerCommand('stimpack.decreaseNumber', () => this.step(-1)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.tellPlace(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.tellPlace(editor)),
      runs.onDidChange(({ state, results }) => {
        // A stale state without results is that of the edit; with results, a run of an earlier value has ended.
        if (state.phase !== 'running' && (state.phase !== 'stale' || results !== null)) this.ended(state.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.busy.delete(uri.toString())),
    ];
    this.tellPlace(vscode.window.activeTextEditor);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async step(direction: 1 | -1): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !isNpu(editor.document)) return;
    const { document, selection } = editor;
    const { line, character } = selection.active;
    const found = stepNumber(document.lineAt(line).text, character, direction);
    if (found === undefined) return;
    const uri = document.uri.toString();
    const continues = this.last?.uri === uri && this.last.line === line && this.last.version === document.version;
    const range = new vscode.Range(line, found.start, line, found.end);
    const done = await editor.edit((edit) => edit.replace(range, found.text), {
      undoStopBefore: !continues,
      undoStopAfter: false,
    });
    if (!done) return;
    const at = new vscode.Position(line, found.start);
    editor.selection = new vscode.Selection(at, at);
    this.last = { uri, version: document.version, line };
    this.run(uri);
  }

  /** Values that change while a run is in progress are dropped, except for the newest. */
  private run(uri: string): void {
    if (this.busy.has(uri)) {
      this.busy.set(uri, true);
      return;
    }
    this.busy.set(uri, false);
    this.runs.request(uri, 'run').catch(() => this.busy.delete(uri));
  }

  private ended(uri: string): void {
    const again = this.busy.get(uri);
    this.busy.delete(uri);
    if (again === true) this.run(uri);
  }

  private tellPlace(editor: vscode.TextEditor | undefined): void {
    const isAt =
      editor !== undefined &&
      isNpu(editor.document) &&
      editor.selection.isEmpty &&
      stepNumber(editor.document.lineAt(editor.selection.active.line).text, editor.selection.active.character, 1) !==
        undefined;
    void vscode.commands.executeCommand('setContext', atNumberContext, isAt);
  }
}
