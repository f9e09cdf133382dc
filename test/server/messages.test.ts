import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';

/** Any request of a client about any document and place gets an answer or an error, and the server continues. */

let server: TestServer;
beforeAll(async () => {
  server = (await TestServer.start({ runOnOpen: false })).server;
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const uris = [
  'file:///messages/a.npu',
  'file:///messages/b.npu',
  'file:///nowhere/c.npu',
  'untitled:Untitled-1',
  'no uri',
];
const number = fc.oneof(fc.nat(60), fc.constantFrom(0, -1, 2 ** 31 - 1, 1e9));
const position = fc.record({ line: number, character: number });
const range = fc.record({ start: position, end: position });
const pieces = [
  'npu A {',
  '}',
  '\r\n',
  '\t',
  '💥',
  'clock: 1 GHz',
  'let a = 1',
  'model M { input: 8, layers { ',
  'relu',
  '"',
  '/*',
  ' ',
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((all) => all.join(''));

const ask = (method: string, params: object): { readonly method: string; readonly params: object } => ({
  method,
  params,
});
const context = { diagnostics: [], includeDeclaration: true };
const options = { tabSize: 2, insertSpaces: true };

const request = fc.oneof(
  fc
    .constantFrom(
      'hover',
      'definition',
      'documentHighlight',
      'prepareRename',
      'signatureHelp',
      'completion',
      'references',
    )
    .chain((method) => position.map((at) => ask(`textDocument/${method}`, { position: at, context }))),
  fc
    .constantFrom(
      'documentSymbol',
      'foldingRange',
      'codeLens',
      'documentLink',
      'semanticTokens/full',
      'formatting',
      'diagnostic',
    )
    .map((method) => ask(`textDocument/${method}`, { options })),
  fc
    .constantFrom('codeAction', 'inlayHint', 'semanticTokens/range', 'rangeFormatting')
    .chain((method) => range.map((at) => ask(`textDocument/${method}`, { range: at, context, options }))),
  fc.array(position, { maxLength: 3 }).map((positions) => ask('textDocument/selectionRange', { positions })),
  position.chain((at) => fc.string().map((newName) => ask('textDocument/rename', { position: at, newName }))),
  position.map((at) => ask('textDocument/onTypeFormatting', { position: at, ch: '}', options })),
  fc.constant(ask('textDocument/semanticTokens/full/delta', { previousResultId: 'none' })),
  fc.constant(ask('codeAction/resolve', { title: 'x', data: { uri: 'file:///x', version: 1, kind: 'load' } })),
  fc.constant(ask('completionItem/resolve', { label: 'x', data: { list: -1, index: 5 } })),
);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: request.chain((one) => fc.constantFrom(...uris).map((uri) => ({ kind: 'ask' as const, uri, ...one }))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...uris), text).map(([uri, to]) => ({ kind: 'text' as const, uri, to })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...uris).map((uri) => ({ kind: 'close' as const, uri })) },
);

test('the server survives any sequence of requests, edits and closings', async () => {
  const open = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const one of steps) {
        if (one.kind === 'text') {
          if (open.has(one.uri)) await server.change(one.uri, one.to);
          else await server.open(one.uri, one.to);
          open.add(one.uri);
        } else if (one.kind === 'close') {
          if (open.delete(one.uri)) await server.close(one.uri);
        } else {
          const params = { ...one.params, textDocument: { uri: one.uri } };
          // An error is an answer too, but it must not report a bug.
          await server.connection.sendRequest(one.method, params).catch((error: Error) => {
            expect(`${one.method}: ${error.message}`).not.toMatch(/undefined|not a function|Cannot read|internal/iu);
          });
        }
      }
    }),
    { numRuns: 300 },
  );
  const [uri = ''] = uris;
  if (!open.has(uri)) await server.open(uri, '');
  await server.change(uri, 'model M { input: 8, layers { dense(4) } }');
  const all = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const hints = await server.ask<InlayHint[]>('inlayHint', uri, { range: all });
  expect(hints.map((one) => one.label)).toEqual(['4']);
});

test.each(['textDocument/diagnostic', 'textDocument/hover', 'stimpack/run'])(
  '%s before `initialize` is refused, as LSP requires',
  async (method) => {
    expect(await TestServer.hasty(method)).toMatchObject({ code: -32002 });
  },
);

test('an unknown request is rejected as unknown', async () => {
  await expect(server.request('textDocument/dance', {})).rejects.toMatchObject({ code: -32601 });
});
