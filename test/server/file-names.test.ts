import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';

let folder: string;
const servers: TestServer[] = [];

/** As VS Code writes it: every character but letters, digits and `-._~` encoded. */
const encoded = (file: string): string =>
  `file://${file
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')}`;
/** As Node writes it. */
const bare = (file: string): string => pathToFileURL(file).href;
const at = (name: string): string => path.join(folder, name);

async function start(): Promise<TestServer> {
  const { server } = await TestServer.start({ folders: [bare(folder)] });
  servers.push(server);
  return server;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stimpack-names-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const errors = async (s: TestServer, uri: string): Promise<readonly unknown[]> =>
  (await s.pull(uri)).filter((one) => one.severity === 1).map((one) => one.code);

function editsOf(edit: WorkspaceEdit | null): Readonly<Record<string, readonly string[]>> {
  const changes = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  return Object.fromEntries(
    changes.map(({ textDocument, edits }) => [textDocument.uri, edits.map((one) => (one as TextEdit).newText)]),
  );
}

const names = [
  'tpu@v2',
  'net(1)',
  'a,b',
  "it's",
  'two words',
  'a#b',
  '50%',
  'a&b=c+d',
  'caf\u00e9',
  'cafe\u0301',
  '中文',
  '[x]^',
];

test.each(
  names.flatMap(
    (name) =>
      [
        [name, encoded, bare],
        [name, bare, encoded],
      ] as const,
  ),
)('the file %s.npu is one file, however it is written (%#)', async (name, asOpened, asReported) => {
  const file = at(`${name}.npu`);
  const main = bare(at('main.npu'));
  const text = `import "./${name}.npu"\nlet a = peak\n`;
  writeFileSync(at('main.npu'), text);
  const s = await start();
  await s.open(main, text);
  // It appears on the disk, ...
  expect(await errors(s, main)).toContain('unknown-import');
  writeFileSync(file, 'let peak = 1\n');
  const change = { changes: [{ uri: asReported(file), type: 1 }] };
  await s.connection.sendNotification('workspace/didChangeWatchedFiles', change);
  expect(await errors(s, main)).toEqual([]);
  // ... is opened and edited, ...
  const dep = asOpened(file);
  await s.open(dep, 'let peak = 1\n');
  await s.change(dep, 'let top = 1\n');
  expect(await errors(s, main)).toEqual(['unknown-name']);
  await s.change(dep, 'let peak = 1\n');
  // ... what it declares is renamed in both, under the client's own name for it, ...
  const position = { line: 0, character: 5 };
  const renamed = await s.ask<WorkspaceEdit>('rename', dep, { position, newName: 'load' });
  expect(editsOf(renamed)).toEqual({ [dep]: ['load'], [main]: ['load'] });
  // ... and so is the file.
  const files = [{ oldUri: asReported(file), newUri: asReported(at(`new ${name}.npu`)) }];
  const moved = await s.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files });
  expect(editsOf(moved)).toEqual({ [main]: [`./new ${name}.npu`] });
});

test('a missing import appears with its folder, or in the editor', async () => {
  const main = bare(at('main.npu'));
  const text = 'import "./parts/dep.npu"\nlet a = peak\n';
  const s = await start();
  await s.open(main, text);
  expect(await errors(s, main)).toContain('unknown-import');
  const dep = bare(at('parts/dep.npu'));
  await s.open(dep, 'let peak = 1\n');
  expect(await errors(s, main)).toEqual([]);
  await s.close(dep);
  expect(await errors(s, main)).toContain('unknown-import');
  mkdirSync(at('made'));
  writeFileSync(at('made/dep.npu'), 'let peak = 1\n');
  renameSync(at('made'), at('parts'));
  const change = { changes: [{ uri: `${bare(at('parts'))}/`, type: 1 }] };
  await s.connection.sendNotification('workspace/didChangeWatchedFiles', change);
  expect(await errors(s, main)).toEqual([]);
});
