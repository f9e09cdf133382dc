import { PassThrough } from 'node:stream';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { createNodeSources, emptyLibrary } from '../../../host/index.ts';
import { LoadingGate } from '../../../server/loading-gate.ts';
import { createConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter } from '../../../server/lsp.ts';
import { startServer } from '../../../server/server.ts';
import { RecordedTasks } from './recorded-tasks.ts';
import { uri } from './small-design.ts';

/** A client of the server in this process, with one open document. */
export interface ServedDocument {
  readonly client: MessageConnection;
  readonly tasks: RecordedTasks;
  readonly edit: (text: string) => Promise<void>;
  /** Sends changed settings. */
  readonly set: (stimpack: unknown) => Promise<void>;
  /** The methods of the server's requests to the client. */
  readonly requested: readonly string[];
  readonly close: () => void;
}

export async function serveDocument(text: string, options: object = {}): Promise<ServedDocument> {
  const tasks = new RecordedTasks();
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
  );
  startServer(connection, {
    sources: createNodeSources(emptyLibrary),
    gate: new LoadingGate(),
    serves: () => true,
    filesBelow: () => Promise.resolve([]),
    simulation: tasks,
    now: () => 0,
    version: '0.0.0',
    diagnosticPage: () => undefined,
  });
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const requested: string[] = [];
  client.onRequest((method) => {
    requested.push(method);
    return null;
  });
  client.listen();
  await client.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } },
    initializationOptions: { runOnOpen: false, ...options },
  });
  await client.sendNotification('initialized', {});
  await client.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'npu', version: 1, text },
  });
  let version = 1;
  return {
    client,
    tasks,
    edit: (next) =>
      client.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text: next }],
      }),
    set: (stimpack) => client.sendNotification('workspace/didChangeConfiguration', { settings: { stimpack } }),
    requested,
    close: () => {
      client.dispose();
      connection.dispose();
    },
  };
}
