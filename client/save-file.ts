import * as vscode from 'vscode';

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
    await replaceFile(target, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(`Stimpack cannot write ${target.path}: ${reason}`);
  }
}

/**
 * Writes beside the target and renames, so that a failure keeps the old file. VS Code's `writeFile` empties a file
 * before it writes.
 */
async function replaceFile(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const temporary = target.with({ path: `${target.path}.stimpack.tmp` });
  try {
    await vscode.workspace.fs.writeFile(temporary, bytes);
    await vscode.workspace.fs.rename(temporary, target, { overwrite: true });
  } catch (error) {
    await vscode.workspace.fs.delete(temporary).then(undefined, () => undefined);
    throw error;
  }
}
