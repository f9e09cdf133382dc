import * as vscode from 'vscode';

/**
 * Opens the files of the library read-only: a change in them would change every design of the user, and an update of the extension would undo
 * it. A person can still make such an editor writeable by VS Code's own command.
 */
export function readOnlyLibrary({ extensionUri, extensionMode }: vscode.ExtensionContext): vscode.Disposable {
  // Developers of the extension edit its library.
  if (extensionMode === vscode.ExtensionMode.Development) return new vscode.Disposable(() => undefined);
  const library = `${vscode.Uri.joinPath(extensionUri, 'library').toString()}/`;
  const locked = new Set<string>();
  const lock = (editor: vscode.TextEditor | undefined): void => {
    const uri = editor?.document.uri.toString();
    if (uri === undefined || !uri.startsWith(library) || locked.has(uri)) return;
    locked.add(uri);
    void vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  };
  lock(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(lock);
}
