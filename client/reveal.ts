import * as vscode from 'vscode';
import type { Origin } from '../protocol/index.ts';

/** Shows a place in the source: in the editor group where the file is already open, else in the first group. */
export async function revealOrigin(origin: Origin): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(origin.uri));
  const range = new vscode.Range(document.positionAt(origin.start), document.positionAt(origin.end));
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  const editor = await vscode.window.showTextDocument(document, { viewColumn, selection: range });
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
