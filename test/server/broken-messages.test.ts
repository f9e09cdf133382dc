import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

/* Messages that no client should send. The server must answer the next request all the same. */

const server = spawn(process.execPath, [process.env.STIMPACK_SERVER ?? path.resolve('dist/server.cjs'), '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
afterAll(() => server.kill());

interface Answer {
  readonly id?: number | null;
  readonly error?: { readonly code: number; readonly message: string };
}

const waiting = new Map<number, (answer: Answer) => void>();
/** The answers to messages whose id cannot be read. */
const refusals: Answer[] = [];
let received = Buffer.alloc(0);
server.stdout.on('data', (piece: Buffer) => {
  received = Buffer.concat([received, piece]);
  for (;;) {
    const headerEnd = received.indexOf('\r\n\r\n');
    const length = Number(/Content-Length: (\d+)/u.exec(received.subarray(0, headerEnd).toString())?.[1]);
    const end = headerEnd + 4 + length;
    if (headerEnd < 0 || received.length < end) return;
    const answer = JSON.parse(received.subarray(headerEnd + 4, end).toString()) as Answer;
    received = received.subarray(end);
    if (answer.id === null) refusals.push(answer);
    else if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  }
});

function write(json: string): void {
  server.stdin.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
}

let lastId = 0;
function ask(method: string, params: string): Promise<Answer> {
  const id = ++lastId;
  write(`{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}`);
  return new Promise((resolve) => waiting.set(id, resolve));
}

const deep = '['.repeat(200_000) + ']'.repeat(200_000);
const uri = 'file:///broken.npu';

test('a request before initialize is an error', async () => {
  expect((await ask('textDocument/hover', '{}')).error?.code).toBe(-32002);
  expect((await ask('initialize', '{"processId":null,"rootUri":null,"capabilities":{}}')).error).toBeUndefined();
  write('{"jsonrpc":"2.0","method":"initialized","params":{}}');
});

test.each([
  ['null', 'null'],
  ['a number', '5'],
  ['a text', '"x"'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['an answer that nothing asked for', '{"jsonrpc":"2.0","id":"1","result":5}'],
  ['a method that is no text', '{"jsonrpc":"2.0","method":5}'],
  ['a cancellation of nothing', '{"jsonrpc":"2.0","method":"$/cancelRequest","params":null}'],
  ['a notification with deep parameters', `{"jsonrpc":"2.0","method":"textDocument/didSave","params":[${deep}]}`],
  ['a change of a document that is not open', `{"jsonrpc":"2.0","method":"textDocument/didChange","params":{}}`],
])('after %s, the next request is answered', async (_, json) => {
  write(json);
  const position = '"position":{"line":0,"character":0}';
  const answer = await ask('textDocument/hover', `{"textDocument":{"uri":"${uri}"},${position}}`);
  expect(answer.error).toBeUndefined();
});

const header = 'Content-Length: ';
test.each([
  ['a body of deep lists', `${header}400000\r\n\r\n${deep}`, -32600],
  ['a list of messages', `${header}2\r\n\r\n[]`, -32600],
  ['a method with a deep id', `${header}400025\r\n\r\n{"method":"x","id":${deep}     }`, -32600],
  ['a request with deep parameters', `${header}400029\r\n\r\n{"method":"x","params":${deep}     }`, -32600],
  ['a response with a deep error', `${header}400024\r\n\r\n{"id":"x","error":${deep}     }`, -32600],
  ['no JSON', `${header}5\r\n\r\n{bad!`, -32700],
  ['a length that is no number', `${header}abc\r\n\r\n{}`, -32700],
  ['a negative length', `${header}-5\r\n\r\n{}`, -32700],
  ['a length that is no whole number', `${header}1.5\r\n\r\n{}`, -32700],
  ['an endless length', `${header}99999999999999\r\n\r\n{}`, -32700],
  ['a length that is too small', `${header}5\r\n\r\n{"jsonrpc":"2.0","method":"x"}`, -32700],
  ['a header without a length', 'X: 1\r\n\r\n', -32700],
  ['a header without a colon', 'garbage\r\n\r\n', -32700],
  ['an empty header', '\r\n\r\n', -32700],
  ['a long text before the next header', `${'x'.repeat(100_000)}\r\n\r\n`, -32700],
])('after %s, the client gets the reason, and the next request an answer', async (_, bytes, code) => {
  refusals.length = 0;
  server.stdin.write(bytes);
  const answer = await ask('textDocument/documentSymbol', `{"textDocument":{"uri":"${uri}"}}`);
  expect(answer.error).toBeUndefined();
  expect(refusals.map(({ error }) => error?.code)).toEqual([code]);
});

const document = `"textDocument":{"uri":"${uri}"}`;
const start = '{"line":0,"character":0}';
test.each([
  ['hover', `{${document},"position":null}`, "'params.position' must be an object"],
  ['hover', `{${document}}`, "'params.position' must be an object"],
  [
    'completion',
    `{${document},"position":{"line":1.5,"character":0}}`,
    "'params.position.line' must be a whole number",
  ],
  ['rename', `{${document},"position":${start},"newName":5}`, "'params.newName' must be a text"],
  ['inlayHint', `{${document},"range":{"start":${start}}}`, "'params.range.end' must be an object"],
  ['selectionRange', `{${document},"positions":[${start},[]]}`, "'params.positions[1]' must be an object"],
  [
    'codeAction',
    `{${document},"range":{"start":${start},"end":${start}},"context":{}}`,
    "'params.context.diagnostics' must be a list",
  ],
  ['diagnostic', '{"textDocument":{"uri":null}}', "'params.textDocument.uri' must be a text"],
  ['documentSymbol', 'null', "'params' must be an object"],
])('textDocument/%s with %s is refused with the reason', async (method, params, message) => {
  expect((await ask(`textDocument/${method}`, params)).error).toEqual({ code: -32602, message });
});

test('a change without a text is left out, and the document keeps its text', async () => {
  const open = `{"textDocument":{"uri":"${uri}","languageId":"npu","version":1,"text":"let a = 5 ms"}}`;
  write(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":${open}}`);
  for (const changes of ['null', '[null]', '[{"text":null}]', '[{"text":"x","range":{"start":null,"end":null}}]']) {
    const params = `{"textDocument":{"uri":"${uri}","version":2},"contentChanges":${changes}}`;
    write(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":${params}}`);
  }
  const symbols = (await ask('textDocument/documentSymbol', `{${document}}`)) as {
    readonly result?: readonly { name: string }[];
  };
  expect(symbols.result?.map(({ name }) => name)).toEqual(['a']);
});
