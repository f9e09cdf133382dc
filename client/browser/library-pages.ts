import * as vscode from 'vscode';
import { libraryScheme } from '../../protocol/index.ts';

/** Shows the files of the library, which the server names by URIs without a file system. Such an editor is read-only. */
export function registerLibraryPages({ extensionUri }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
    provideTextDocumentContent: async ({ path }) =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'library', path))),
  });
}
