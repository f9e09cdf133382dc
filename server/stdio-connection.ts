import { ClientUris } from './client-uris.ts';
import {
  type Connection,
  createConnection,
  ErrorCodes,
  type Message,
  type MessageStrategy,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from './lsp.ts';
import { faultOfParams } from './message-params.ts';

/**
 * The connection to the client over stdin and stdout. `strategy` receives each message. Ends the process when the
 * client is gone.
 */
export function openStdioConnection(strategy: MessageStrategy): Connection {
  const uris = new ClientUris();
  let isShutDown = false;
  let isInitialized = false;
  const reader = new StreamMessageReader(process.stdin);
  const writer = new StreamMessageWriter(process.stdout, {
    charset: 'utf-8',
    contentTypeEncoder: {
      name: 'application/json',
      encode: (message) => Promise.resolve(Buffer.from(JSON.stringify(uris.sent(message)), 'utf8')),
    },
  });
  const clientIsGone = (): never => process.exit(isShutDown ? 0 : 1);
  process.stdin.on('end', clientIsGone);
  process.stdin.on('close', clientIsGone);
  return createConnection(ProposedFeatures.all, reader, writer, {
    messageStrategy: {
      handleMessage: (message, next) => {
        // JSON that is no object is no message. The library reports it.
        if (typeof message !== 'object' || message === null) {
          next(message);
          return;
        }
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
  const error = { code: ErrorCodes.InvalidParams, message: fault };
  writer.write({ jsonrpc: '2.0', id: message.id, error } as Message).catch(() => undefined);
}
