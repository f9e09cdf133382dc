import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

/** Not in the manifest: only the link of a diagnostic's code calls it. */
const openPageCommand = 'stimpack.openDiagnosticPage';

/**
 * The server links a diagnostic's code to a file of the extension. Followed as it is, that link would open the page's source, ready to be
 * edited by accident; here it opens the page as it is to be read, without a network.
 */
export const diagnosticPages: Middleware = {
  handleDiagnostics: (uri, diagnostics, next) => next(uri, drawn(diagnostics)),
  provideDiagnostics: async (document, previousResultId, token, next) => {
    const report = await next(document, previousResultId, token);
    return report?.kind === 'full' ? { ...report, items: drawn(report.items) } : report;
  },
};

export function registerDiagnosticPages(): vscode.Disposable {
  return vscode.commands.registerCommand(openPageCommand, (page: string) =>
    vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(page)),
  );
}

function drawn(diagnostics: vscode.Diagnostic[]): vscode.Diagnostic[] {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if (typeof code !== 'object' || code.target.scheme !== 'file') continue;
    const query = JSON.stringify([code.target.toString()]);
    diagnostic.code = {
      value: code.value,
      target: vscode.Uri.from({ scheme: 'command', path: openPageCommand, query }),
    };
  }
  return diagnostics;
}
