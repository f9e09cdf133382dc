import { ClientUris } from './client-uris.ts';
import {
  type Connection,
  createConnection,
  ErrorCodes,
  type Message,
  type MessageStrategy,
  ProposedFeatures,
  StreamMessageWriter,
} from './lsp.ts';
import { faultOfParams } from './message-params.ts';
import { FramedMessageReader } from './message-reader.ts';

/**
 * The connection to the client over stdin and stdout. `strategy` receives each message. Ends the process when the
 * client is gone.
 */
export function openStdioConnection(strategy: MessageStrategy): Connection {
  const uris = new ClientUris();
  let isShutDown = false;
  let isInitialized = false;
  const writer = new StreamMessageWriter(process.stdout, {
    charset: 'utf-8',
    contentTypeEncoder: {
      name: 'application/json',
      encode: (message) => Promise.resolve(Buffer.from(JSON.stringify(uris.sent(message)), 'utf8')),
    },
  });
  const reader = new FramedMessageReader(process.stdin, (code, message) => answer(writer, null, { code, message }));
  const clientIsGone = (): never => process.exit(isShutDown ? 0 : 1);
  process.stdin.on('end', clientIsGone);
  process.stdin.on('close', clientIsGone);
  return createConnection(ProposedFeatures.all, reader, writer, {
    messageStrategy: {
      handleMessage: (message, next) => {
        if ('method' in message && message.method === 'initialize') isInitialized = true;
        const fault =
          isInitialized && 'method' in message ? faultOfParams(String(message.method), paramsOf(message)) : null;
        if (fault !== null) {
          refuse(writer, message, fault);
          return;
        }
        uris.received(message);
        if ('method' in message && message.method === 'shutdown') isShutDown = true;
        strategy.handleMessage(message, next);
      },
    },
  });
}

const paramsOf = (message: object): unknown => ('params' in message ? message.params : undefined);

/** Answers a request whose parameters cannot be read. A notification has no answer, so it is only left out. */
function refuse(writer: StreamMessageWriter, message: object, fault: string): void {
  if (!('id' in message) || (typeof message.id !== 'string' && typeof message.id !== 'number')) return;
  answer(writer, message.id, { code: ErrorCodes.InvalidParams, message: fault });
}

/** The id is null if the message has none that can be read. */
function answer(
  writer: StreamMessageWriter,
  id: string | number | null,
  error: { readonly code: number; readonly message: string },
): void {
  writer.write({ jsonrpc: '2.0', id, error } as Message).catch(() => undefined);
}
