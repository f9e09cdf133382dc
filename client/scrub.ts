import * as vscode from 'vscode';
import { type NumberChange, stepNumber } from '../protocol/index.ts';
import { isNpu } from './npu-document.ts';
import { PreviewLoop } from './preview-loop.ts';
import type { RunStore } from './run-store.ts';

/** True if the cursor is at a number that can be changed in steps. The keys depend on it, because they move lines elsewhere. */
const atNumberContext = 'stimpack.atNumber';

/** The end of the last step. The next one continues it if nothing else has happened in between. */
interface LastStep {
  readonly uri: string;
  readonly version: number;
  /** Offset of the number in the document. */
  readonly start: number;
}

interface Wanted {
  readonly uri: string;
  readonly change: NumberChange;
}

/**
 * Changes a number in steps, by keys at the cursor or by a slider of the panel, and simulates each value that the simulator has time for: a preview
 * while the number moves, and the whole run when it rests. All steps on one number are one undo step. The text is not saved.
 */
export class Scrubbing implements vscode.Disposable {
  private last: LastStep | undefined;
  /** The newest value of a slider that waits for the edit in progress. */
  private wanted: Wanted | undefined;
  private isEditing = false;
  /** Steps of keys that wait for the edit in progress. VS Code refuses an edit of a text that is not the newest. */
  private steps = 0;
  private isStepping = false;
  /** The value of `atNumberContext`. */
  private isAtNumber: boolean | undefined;
  /** Of each document whose number has moved. */
  private readonly loops = new Map<string, PreviewLoop>();
  private readonly runs: RunStore;
  private readonly disposables: readonly vscode.Disposable[];

  constructor(runs: RunStore) {
    this.runs = runs;
    this.disposables = [
      vscode.commands.registerCommand('stimpack.increaseNumber', () => this.step(1)),
      vscode.commands.registerCommand('stimpack.decreaseNumber', () => this.step(-1)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.tellPlace(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.tellPlace(editor)),
      vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
        // Undo takes back a drag, so its results have to go as well.
        if (reason !== undefined) this.loops.get(document.uri.toString())?.moved(true);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.toString())),
    ];
    this.tellPlace(vscode.window.activeTextEditor);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    for (const uri of this.loops.keys()) this.forget(uri);
  }

  /** Changes a number as a slider states it. Of values that arrive during an edit, only the newest is written. */
  async change(uri: string, change: NumberChange): Promise<void> {
    // A dropped value may be the one that begins an undo step.
    const begins = change.begins || (this.wanted?.change.begins ?? false);
    this.wanted = { uri, change: { ...change, begins } };
    if (this.isEditing) return;
    this.isEditing = true;
    try {
      for (let next = this.take(); next !== undefined; next = this.take()) await this.write(next);
    } finally {
      this.isEditing = false;
    }
  }

  private take(): Wanted | undefined {
    const { wanted } = this;
    this.wanted = undefined;
    return wanted;
  }

  private async write({ uri, change: { start, from, to, begins } }: Wanted): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const at = document.positionAt(start);
    const present = /^\d+(?:\.\d+)?/u.exec(document.lineAt(at.line).text.slice(at.character))?.[0];
    // During a drag, the value in the panel is some steps old.
    if (present === undefined || (present !== from && !this.isLast(document, start))) return;
    const editor =
      vscode.window.visibleTextEditors.find((one) => one.document === document) ??
      (await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preserveFocus: true }));
    await this.replace(editor, new vscode.Range(at, at.translate(0, present.length)), to, begins);
  }

  /** Keys that repeat faster than VS Code edits are one edit of several steps. */
  private async step(direction: 1 | -1): Promise<void> {
    this.steps += direction;
    if (this.isStepping) return;
    this.isStepping = true;
    try {
      while (this.steps !== 0) {
        const { steps } = this;
        this.steps = 0;
        await this.stepBy(steps);
      }
    } finally {
      this.isStepping = false;
    }
  }

  private async stepBy(steps: number): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !isNpu(editor.document)) return;
    const { line, character } = editor.selection.active;
    const found = stepNumber(editor.document.lineAt(line).text, character, steps);
    if (found === undefined) return;
    const range = new vscode.Range(line, found.start, line, found.end);
    if (!(await this.replace(editor, range, found.text, false))) return;
    if (!editor.selection.isEmpty || !editor.selection.active.isEqual(range.start)) {
      editor.selection = new vscode.Selection(range.start, range.start);
    }
  }

  /** `begins`: a new undo step, even if the last step was on the same number. False if the editor refused. */
  private async replace(editor: vscode.TextEditor, range: vscode.Range, text: string, begins: boolean) {
    const { document } = editor;
    const start = document.offsetAt(range.start);
    const continues = !begins && this.isLast(document, start);
    const options = { undoStopBefore: !continues, undoStopAfter: false };
    const uri = document.uri.toString();
    const loop = this.loopOf(uri);
    loop.moves();
    const isDone = await editor.edit((edit) => edit.replace(range, text), options);
    if (isDone) this.last = { uri, version: document.version, start };
    loop.moved(isDone);
    return isDone;
  }

  /** Whether the last change of a document was a step on the number at `start`. */
  private isLast({ uri, version }: vscode.TextDocument, start: number): boolean {
    const { last } = this;
    return last?.uri === uri.toString() && last.start === start && last.version === version;
  }

  private loopOf(uri: string): PreviewLoop {
    const loop = this.loops.get(uri) ?? new PreviewLoop((action) => this.runs.request(uri, action));
    this.loops.set(uri, loop);
    return loop;
  }

  private forget(uri: string): void {
    this.loops.get(uri)?.end();
    this.loops.delete(uri);
  }

  private tellPlace(editor: vscode.TextEditor | undefined): void {
    const isAt =
      editor !== undefined &&
      isNpu(editor.document) &&
      editor.selection.isEmpty &&
      stepNumber(editor.document.lineAt(editor.selection.active.line).text, editor.selection.active.character, 1) !==
        undefined;
    if (isAt === this.isAtNumber) return;
    this.isAtNumber = isAt;
    void vscode.commands.executeCommand('setContext', atNumberContext, isAt);
  }
}
