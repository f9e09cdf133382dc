import { expect, test } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { LoadingGate } from '../../../server/loading-gate.ts';

const uri = 'file:///a.npu';

/** Whether a message about a document waits while its imports are being read. */
function waits(message: object): boolean {
  const gate = new LoadingGate();
  gate.open((asked) => (asked === uri ? new Promise(() => undefined) : undefined));
  let isHandled = false;
  gate.handleMessage?.({ jsonrpc: '2.0', ...message } as Message, () => {
    isHandled = true;
  });
  return !isHandled;
}

test.each([
  ['a request of LSP', { id: 1, method: 'textDocument/hover', params: { textDocument: { uri } } }, true],
  ['a request of our own client', { id: 1, method: 'stimpack/objectives', params: { uri } }, true],
  [
    'a request about another document',
    { id: 1, method: 'stimpack/objectives', params: { uri: 'file:///b.npu' } },
    false,
  ],
  ['a request about no document', { id: 1, method: 'shutdown' }, false],
  ['a notification', { method: 'textDocument/didChange', params: { textDocument: { uri } } }, false],
])('%s: waits for imports %#', (_, message, expected) => {
  expect(waits(message)).toBe(expected);
});
