import * as vscode from 'vscode';
import type { RunProblem } from '../protocol/index.ts';

/**
 * Errors that ended the tests of files, while these files are in no tab. VS Code requests the problems of documents in tabs only.
 */
export class ClosedErrors implements vscode.Disposable {
  private readonly shown = vscode.languages.createDiagnosticCollection('stimpack tests');
  /** By the URI of the place. */
  private readonly known = new Map<string, vscode.Diagnostic>();
  private readonly disposables: readonly vscode.Disposable[];

  constructor(watcher: vscode.FileSystemWatcher) {
    const forget = (uri: vscode.Uri): void => {
      this.known.delete(uri.toString());
      this.shown.delete(uri);
    };
    this.disposables = [
      this.shown,
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      vscode.window.tabGroups.onDidChangeTabs(() => {
        for (const uri of this.known.keys()) this.show(vscode.Uri.parse(uri));
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** The tests of `uri` ended with this problem; null: with verdicts. */
  ended(uri: string, problem: RunProblem | null): void {
    this.known.delete(uri);
    const { place = null, message = '' } = problem ?? {};
    const at = vscode.Uri.parse(place?.uri ?? uri);
    if (place !== null) {
      const start = new vscode.Position(place.line - 1, place.column - 1);
      const diagnostic = new vscode.Diagnostic(new vscode.Range(start, start), message);
      diagnostic.source = 'stimpack';
      this.known.set(at.toString(), diagnostic);
    }
    this.show(at);
  }

  private show(uri: vscode.Uri): void {
    const isOpen = vscode.window.tabGroups.all.some(({ tabs }) =>
      tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
    );
    const diagnostic = this.known.get(uri.toString());
    this.shown.set(uri, isOpen || diagnostic === undefined ? [] : [diagnostic]);
  }
}
