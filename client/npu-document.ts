import * as vscode from 'vscode';
import { isOfScheme, servedSchemes } from '../protocol/index.ts';

export const languageId = 'npu';

/** The URI schemes of served documents. One window has one server, so the start of the extension sets them once. */
let schemes: readonly string[] = servedSchemes;

export function setServedSchemes(served: readonly string[]): void {
  schemes = served;
}

/** True for a design that the server checks and simulates. A diff editor's view of an earlier commit is not one. */
export function isNpu(document: vscode.TextDocument): boolean {
  return document.languageId === languageId && isOfScheme(document.uri.toString(), schemes);
}

/** The .npu file in the active editor, else the only visible one. */
export function frontDocument(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isNpu(active)) return active;
  return vscode.window.visibleTextEditors.find((editor) => isNpu(editor.document))?.document;
}

/** The .npu document that was active last. Commands use it while another page is active, such as the walkthrough. */
export class LastFront implements vscode.Disposable {
  private uri: string | undefined;
  private readonly listening: vscode.Disposable;

  constructor() {
    this.follow(vscode.window.activeTextEditor);
    this.listening = vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor));
  }

  /** Undefined if there was none or it was closed. */
  get document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find(
      (document) => !document.isClosed && document.uri.toString() === this.uri && isNpu(document),
    );
  }

  dispose(): void {
    this.listening.dispose();
  }

  private follow(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && isNpu(editor.document)) this.uri = editor.document.uri.toString();
  }
}
