import { clientFactsOf, optionsOf } from './client-facts.ts';
import { featureCapabilities, fileFilters } from './features/index.ts';
import { type Connection, type InitializeParams, type InitializeResult, TextDocumentSyncKind } from './lsp.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';

/** Networks and traces in foreign formats, besides .npu files. */
const watchedFiles = ['**/*.npu', '**/*.{onnx,csv,tsv,json,jsonl}'];

/** Handles `initialize` and `initialized`. Calls `answerRequests` when the capabilities of the client are known. */
export function registerHandshake(connection: Connection, session: Session, answerRequests: () => void): void {
  let followsFolders = false;
  let watches = false;

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { textDocument, workspace, window } = params.capabilities;
    session.diagnostics.pulls = textDocument?.diagnostic !== undefined;
    if (workspace?.diagnostics?.refreshSupport === true) session.client.allowRefresh('diagnostics');
    if (workspace?.inlayHint?.refreshSupport === true) session.client.allowRefresh('inlay hints');
    if (workspace?.codeLens?.refreshSupport === true) session.client.allowRefresh('code lenses');
    session.runs.progress.enabled = window?.workDoneProgress === true;
    watches = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    followsFolders = workspace?.workspaceFolders === true;
    session.watchesOutside = workspace?.didChangeWatchedFiles?.relativePatternSupport === true && watches;
    session.clientFacts = clientFactsOf(params);
    answerRequests();
    session.runs.showsRuns = optionsOf(params).showsRuns === true;
    session.apply(readSettings(optionsOf(params)));
    const folders = params.workspaceFolders?.map(({ uri }) => uri);
    session.files.setFolders(folders ?? (params.rootUri === null ? [] : [params.rootUri]));
    return {
      serverInfo: { name: 'stimpack', version: session.parts.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, willSave: true, save: true },
        diagnosticProvider: { identifier: 'npu', interFileDependencies: true, workspaceDiagnostics: false },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          fileOperations: {
            didCreate: fileFilters,
            willRename: fileFilters,
            didRename: fileFilters,
            didDelete: fileFilters,
          },
        },
        ...featureCapabilities,
      },
    };
  });

  // Sent by our client after each change, and by clients of other editors as the protocol defines it.
  connection.onDidChangeConfiguration(({ settings }: { readonly settings: unknown }) => {
    const own = (settings as { readonly stimpack?: unknown } | null | undefined)?.stimpack;
    session.apply(readSettings(own, session.settings));
  });

  connection.onInitialized(() => {
    // Not before the answer to `initialize`, because starting a thread would delay it.
    session.parts.simulation.warmUp();
    session.inBackground(session.workspace.loadLibrary());
    if (followsFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        session.files.changeFolders(
          added.map(({ uri }) => uri),
          removed.map(({ uri }) => uri),
        ),
      );
    }
    if (watches) session.client.watch(watchedFiles);
  });
}
