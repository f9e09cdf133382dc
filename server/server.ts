import { TextDocument } from 'vscode-languageserver-textdocument';
import { registerDocumentEvents } from './document-events.ts';
import { registerFeatures } from './features/index.ts';
import { registerHandshake } from './handshake.ts';
import { type Connection, DocumentDiagnosticReportKind, ErrorCodes, ResponseError, TextDocuments } from './lsp.ts';
import { registerPanelRequests } from './panel-requests.ts';
import { type ServerParts, Session } from './session.ts';

export type { ServerParts } from './session.ts';

/** Connects LSP to the engine: documents in, diagnostics and runs out. */
export function startServer(connection: Connection, parts: ServerParts): void {
  const documents = new TextDocuments(TextDocument);
  const session = new Session(connection, parts);
  /** Drops what features store for a document. */
  let forget = (_uri: string): void => undefined;

  registerHandshake(connection, session, () => {
    forget = registerFeatures({ connection, context: session.features, simulated: session.fixes });
    registerDiagnosticRequest(connection, session);
    registerPanelRequests(connection, session);
  });
  registerDocumentEvents(connection, documents, session, (uri) => forget(uri));

  // Handles every request that has no other handler. Before `initialize`, these are all requests.
  connection.onRequest((method): never => {
    const isReady = session.clientFacts !== undefined;
    if (isReady) throw new ResponseError(ErrorCodes.MethodNotFound, `unknown request '${method}'`);
    throw new ResponseError(ErrorCodes.ServerNotInitialized, `'${method}' came before 'initialize'`);
  });
  connection.onShutdown(() => parts.simulation.dispose());
  documents.listen(connection);
  connection.listen();
}

function registerDiagnosticRequest(connection: Connection, { diagnostics, edits, workspace }: Session): void {
  connection.languages.diagnostics.on(async ({ textDocument }) => {
    // A check for each request during typing would delay the completion that the user waits for.
    await edits.checked();
    await workspace.loading(textDocument.uri);
    return { kind: DocumentDiagnosticReportKind.Full, items: diagnostics.ofLanguage(textDocument.uri) };
  });
}
