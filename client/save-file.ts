import * as vscode from 'vscode';
import { replaceFile } from './replace-file.ts';

/**
 * Shows a save dialog and writes the file. Writes nothing if the user cancels the dialog. Reports a file that cannot be
 * written.
 */
export async function saveFile(suggestedName: string, content: string | ArrayBuffer): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggestedName) },
  );
  if (target === undefined) return;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  try {
    await replaceFile(vscode.workspace.fs, target, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(`Stimpack cannot write ${target.path}: ${reason}`);
  }
}
