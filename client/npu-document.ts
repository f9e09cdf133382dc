import * as vscode from 'vscode';

export const languageId = 'npu';

export function isNpu(document: vscode.TextDocument): boolean {
  return document.languageId === languageId;
}

/** The .npu file in front, else the only one that can be seen. */
export function frontDocument(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isNpu(active)) return active;
  return vscode.window.visibleTextEditors.find((editor) => isNpu(editor.document))?.document;
}
