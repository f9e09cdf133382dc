import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { ClientUris } from '../client-uris.ts';
import type { Connection, MessageStrategy } from '../lsp.ts';

/** The connection to the client that started this worker. `strategy` receives each message. */
export function openWorkerConnection(strategy: MessageStrategy): Connection {
  const uris = new ClientUris();
  const reader = new BrowserMessageReader(self as unknown as Worker);
  const writer = new BrowserMessageWriter(self as unknown as Worker);
  const write = writer.write.bind(writer);
  writer.write = (message) => write(uris.sent(message));
  const connection = createConnection(reader, writer, {
    messageStrategy: {
      handleMessage: (message, next) => {
        if (typeof message === 'object' && message !== null) uris.received(message);
        strategy.handleMessage(message, next);
      },
    },
  });
  // The proposed features of the two builds of the library are the same code with different types.
  return connection as unknown as Connection;
}
