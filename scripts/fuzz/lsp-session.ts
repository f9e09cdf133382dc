import { spawn } from 'node:child_process';
import path from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { serverNodeOptions } from '../../protocol/index.ts';
import { repositoryFolder } from '../vscode/artifacts.ts';
import type { Stream } from './mutate.ts';

const uri = 'file:///fuzz/document.npu';

const requests = [
  'textDocument/hover',
  'textDocument/completion',
  'textDocument/definition',
  'textDocument/references',
  'textDocument/documentSymbol',
  'textDocument/formatting',
  'textDocument/foldingRange',
  'textDocument/semanticTokens/full',
  'textDocument/signatureHelp',
  'textDocument/prepareRename',
  'textDocument/codeLens',
  'textDocument/documentLink',
  'textDocument/unknownRequest',
] as const;

const requestsAfterEdit = 6;

/** Errors that a request may return: an unknown method, invalid parameters, and a document that has changed. */
const allowed: ReadonlySet<number> = new Set([-32601, -32602, -32800, -32801, -32803]);

/** One built server, which must answer whatever an editor sends. */
export async function lspSession(): Promise<{
  readonly exchange: (bytes: Uint8Array, next: Stream) => Promise<void>;
}> {
  const server = spawn(
    process.execPath,
    [...serverNodeOptions, path.join(repositoryFolder, 'dist/server.cjs'), '--stdio'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  let ended: string | undefined;
  server.on('exit', (code, signal) => {
    ended = `the server ended with ${code ?? signal}`;
  });
  process.on('exit', () => server.kill());
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  for (const request of [
    'client/registerCapability',
    'window/workDoneProgress/create',
    'workspace/diagnostic/refresh',
  ]) {
    connection.onRequest(request, () => null);
  }
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    // Simulations are another target. Here they would take most of the time.
    initializationOptions: { runOnOpen: false },
  });
  await connection.sendNotification('initialized', {});
  let version = 0;
  return {
    exchange: async (bytes, next) => {
      const text = new TextDecoder().decode(bytes);
      if (version === 0) {
        const textDocument = { uri, languageId: 'npu', version: ++version, text };
        await connection.sendNotification('textDocument/didOpen', { textDocument });
      } else {
        // Includes ranges outside of the text and reversed ranges, because clients have sent them.
        const place = (): { line: number; character: number } => ({ line: next(40), character: next(60) });
        const change =
          next(2) === 0 ? { text } : { range: { start: place(), end: place() }, text: text.slice(0, next(40)) };
        await connection.sendNotification('textDocument/didChange', {
          textDocument: { uri, version: ++version },
          contentChanges: [change],
        });
      }
      // Sent together, as an editor does after a keystroke. Each of them alone would wait for the check.
      const asked = Array.from({ length: requestsAfterEdit }, () => ({
        method: requests[next(requests.length)] ?? requests[0],
        position: { line: next(60), character: next(80) },
      }));
      await Promise.all(
        asked.map(async ({ method, position }) => {
          const options = { tabSize: 2, insertSpaces: true };
          const params = { textDocument: { uri }, position, options, context: { includeDeclaration: true } };
          try {
            await connection.sendRequest(method, params);
          } catch (error) {
            const code = (error as { readonly code?: number }).code ?? 0;
            if (ended !== undefined || !allowed.has(code)) throw new Error(`${method}: ${ended ?? String(error)}`);
          }
        }),
      );
      if (ended !== undefined) throw new Error(ended);
    },
  };
}
