import type { InitializeParams, MarkupKind } from 'vscode-languageserver/node';
import type { ClientFacts } from './features/index.ts';
import type { ServerSettings } from './settings.ts';

/** Facts that our client reports about itself in addition to LSP. A client of another editor reports none, and gets only what LSP defines. */
interface InitializationOptions extends Partial<ServerSettings> {
  /** Ids of commands that code lenses may call. */
  readonly commands?: readonly string[];
  /** Whether the client shows results: each state of a run is then a notification, with all columns of the plots. */
  readonly showsRuns?: boolean;
  /** Whether `$(play)` in the title of a command is an icon. */
  readonly icons?: boolean;
}

export function optionsOf(params: InitializeParams): InitializationOptions {
  return (params.initializationOptions as InitializationOptions | undefined) ?? {};
}

export function clientFactsOf(params: InitializeParams): ClientFacts {
  const { textDocument, workspace } = params.capabilities;
  const options = optionsOf(params);
  // A client states the parts of diagnostics that it shows for each of the two ways to get them.
  const published = textDocument?.publishDiagnostics;
  const pulled = textDocument?.diagnostic;
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    commands: new Set(options.commands ?? []),
    icons: options.icons === true,
    markdown: {
      hover: showsMarkdown(textDocument?.hover?.contentFormat),
      completion: showsMarkdown(textDocument?.completion?.completionItem?.documentationFormat),
      signature: showsMarkdown(textDocument?.signatureHelp?.signatureInformation?.documentationFormat),
    },
    diagnosticParts: {
      related: (published?.relatedInformation ?? pulled?.relatedInformation) === true,
      page: (published?.codeDescriptionSupport ?? pulled?.codeDescriptionSupport) === true,
      tags: (published?.tagSupport ?? pulled?.tagSupport) !== undefined,
    },
  };
}

/** LSP: a client that states no format shows plain text. */
function showsMarkdown(formats: readonly MarkupKind[] | undefined): boolean {
  return formats?.includes('markdown') === true;
}
