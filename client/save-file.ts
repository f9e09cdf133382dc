import * as vscode from 'vscode';
import { replaceFile, type WriteDisk } from './replace-file.ts';

/**
 * Shows a save dialog and writes the file. Writes nothing if the user cancels the dialog. Reports a file that cannot be
 * written, and offers to open the one that was.
 */
export async function saveFile(
  suggestedName: string,
  content: string | ArrayBuffer,
  writeDisk: WriteDisk | undefined,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggestedName) },
  );
  if (target === undefined) return;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  try {
    await replaceFile(vscode.workspace.fs, target, bytes, writeDisk);
    void confirm(target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(`Stimpack cannot write ${target.path}: ${reason}`);
  }
}

const openItem = 'Open';

/** Pages open in the browser, because an editor shows their text. */
async function confirm(target: vscode.Uri): Promise<void> {
  const name = target.path.split('/').at(-1) ?? target.path;
  const answer = await vscode.window.showInformationMessage(`Saved ${name}.`, openItem);
  if (answer !== openItem) return;
  if (name.endsWith('.html')) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand('vscode.open', target);
}
