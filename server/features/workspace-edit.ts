import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import type { FeatureContext } from './context.ts';

/**
 * Adds document versions if the client supports them, so that an edit of an older text is not applied to a newer one.
 */
export function workspaceEdit(context: FeatureContext, byUri: ReadonlyMap<string, TextEdit[]>): WorkspaceEdit {
  if (!context.client().documentChanges) return { changes: Object.fromEntries(byUri) };
  const documentChanges = [...byUri].map(
    ([uri, edits]): TextDocumentEdit => ({ textDocument: { uri, version: context.workspace.version(uri) }, edits }),
  );
  return { documentChanges };
}
