import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient';

/** The scheme of the extension's own pages. The manifest opens a page of this scheme in the Markdown preview. */
const pageScheme = 'stimpack-page';

/**
 * The server links a diagnostic's code to a file of the extension. VS Code would open the Markdown source, which the
 * user could edit by accident. This middleware opens the page in the preview, without a network. With `linksCodes`, it also
 * adds the link: a server in a browser has no path of the extension's files.
 */
export function diagnosticPages(linksCodes: boolean): Middleware {
  return {
    handleDiagnostics: (uri, diagnostics, next) => next(uri, drawn(diagnostics, linksCodes)),
    provideDiagnostics: async (document, previousResultId, token, next) => {
      const report = await next(document, previousResultId, token);
      return report?.kind === 'full' ? { ...report, items: drawn(report.items, linksCodes) } : report;
    },
  };
}

function drawn(diagnostics: vscode.Diagnostic[], linksCodes: boolean): vscode.Diagnostic[] {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if (typeof code === 'string' && linksCodes) {
      const path = `/docs/diagnostics/${code}.md`;
      diagnostic.code = { value: code, target: vscode.Uri.from({ scheme: pageScheme, path }) };
      continue;
    }
    if (typeof code !== 'object' || code.target.scheme !== 'file') continue;
    const at = code.target.path.lastIndexOf('/docs/');
    // Another page opens as usual.
    if (at < 0) continue;
    const path = code.target.path.slice(at);
    diagnostic.code = { value: code.value, target: vscode.Uri.from({ scheme: pageScheme, path }) };
  }
  return diagnostics;
}

export function registerDiagnosticPages({ extensionUri }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(pageScheme, {
    provideTextDocumentContent: async ({ path }) =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, path))),
  });
}
