import { ClientUris } from './client-uris.ts';
import {
  type Connection,
  createConnection,
  type MessageStrategy,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from './lsp.ts';

/**
 * The connection to the client over stdin and stdout. `strategy` receives each message. Ends the process when the
 * client is gone.
 */
export function openStdioConnection(strategy: MessageStrategy): Connection {
  const uris = new ClientUris();
  let isShutDown = false;
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
        uris.received(message);
        if ('method' in message && message.method === 'shutdown') isShutDown = true;
        strategy.handleMessage(message, next);
      },
    },
  });
}
