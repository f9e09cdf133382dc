import * as vscode from 'vscode';

/** Asks where to, and writes. Cancelling the dialog writes nothing. */
export async function saveFile(suggestedName: string, content: string | ArrayBuffer): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggestedName) },
  );
  if (target === undefined) return;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  await vscode.workspace.fs.writeFile(target, bytes);
}
