import * as vscode from 'vscode';
import { isNpu } from './npu-document.ts';
import type { RunStore } from './run-store.ts';

/**
 * Runs documents whose text changed on disk, for example by a script or a checkout. VS Code then replaces the text of a document without unsaved
 * changes, and reports no save.
 */
export function runChangesOnDisk(runs: RunStore): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.isDirty || document.isUntitled || contentChanges.length === 0 || !isNpu(document)) return;
    // The language client sends the new text to the server in its own handler of this event.
    setTimeout(() => {
      if (!document.isClosed && !document.isDirty) runs.request(document.uri.toString(), 'run').catch(() => undefined);
    }, 0);
  });
}
