import type { InitializeParams } from 'vscode-languageserver/node';
import type { ClientFacts } from './features/index.ts';

/** Facts that our client reports about itself in addition to LSP. */
interface InitializationOptions {
  readonly runOnOpen?: boolean;
  /** Ids of commands that code lenses may call. */
  readonly commands?: readonly string[];
}

/** Commands that a client of this version has even if it does not list them. */
const oldCommands = ['stimpack.run', 'stimpack.openPanel', 'stimpack.compare'];

export function optionsOf(params: InitializeParams): InitializationOptions {
  return (params.initializationOptions as InitializationOptions | undefined) ?? {};
}

export function clientFactsOf(params: InitializeParams): ClientFacts {
  const { textDocument, workspace } = params.capabilities;
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    commands: new Set(optionsOf(params).commands ?? oldCommands),
  };
}
