import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Location, TextDocumentEdit, TextEdit, WorkspaceEdit, WorkspaceSymbol } from 'vscode-languageserver/node';
import { focusNotification } from '../../protocol/index.ts';
import type { TestServer } from './language-server.ts';
import { useServerFolder } from './server-folder.ts';

const { at, uriOf, write, start } = useServerFolder();

const changed = (uri: string, type: 1 | 2 | 3): object => ({ changes: [{ uri, type }] });
const watch = 'workspace/didChangeWatchedFiles';
const codes = async (s: TestServer, uri: string): Promise<readonly unknown[]> =>
  (await s.pull(uri)).filter((one) => one.severity === 1).map((one) => one.code);

test('references and renames reach closed files, in every folder of the workspace', async () => {
  const chips = write('chips/peak.npu', 'let peak = 5 rps\n');
  const one = write('one.npu', 'import "./chips/peak.npu"\nlet a = peak * 2\n');
  const two = write('deep/er/two.npu', 'import "../../chips/peak.npu"\nlet b = peak\nlet c = peak\n');
  write('node_modules/other.npu', 'import "../chips/peak.npu"\nlet d = peak\n');
  write('own.npu', 'let peak = 1\nlet e = peak\n');
  const s = await start();
  await s.open(one, 'import "./chips/peak.npu"\nlet a = peak * 2\n');
  const position = { line: 1, character: 9 };
  const context = { includeDeclaration: true };
  const found = await s.ask<Location[]>('references', one, { position, context });
  expect(found.map(({ uri, range }) => [uri, range.start.line])).toEqual([
    [chips, 0],
    [two, 1],
    [two, 2],
    [one, 1],
  ]);
  const edit = await s.ask<WorkspaceEdit>('rename', one, { position, newName: 'load' });
  const changes = (edit.documentChanges ?? []) as TextDocumentEdit[];
  expect(
    changes.map(({ textDocument, edits }) => [textDocument.uri, textDocument.version === null, edits.length]),
  ).toEqual([
    [chips, true, 1],
    [two, true, 2],
    [one, false, 1],
  ]);
});

test('a rename is refused if a file that would see it already has that name', async () => {
  const chips = write('peak.npu', 'let peak = 5 rps\n');
  write('one.npu', 'import "./peak.npu"\nlet load = 1\nlet a = peak\n');
  const s = await start();
  await s.open(chips, 'let peak = 5 rps\n');
  const asked = s.ask('rename', chips, { position: { line: 0, character: 5 }, newName: 'load' });
  await expect(asked).rejects.toThrow(/'load' already, seen by one\.npu/);
});

test('workspace symbols come from all files, and follow files that appear and disappear', async () => {
  write('one.npu', 'let alpha = 1\nnpu Alphabet { }\n');
  const s = await start();
  const names = async (): Promise<string[]> =>
    (await s.connection.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'alp' })).map((one) => one.name);
  expect(await names()).toEqual(['alpha', 'Alphabet']);
  const two = write('two.npu', 'let alphorn = 2\n');
  await s.connection.sendNotification(watch, changed(two, 1));
  expect(await names()).toEqual(['alpha', 'Alphabet', 'alphorn']);
  rmSync(at('two.npu'));
  await s.connection.sendNotification(watch, changed(two, 3));
  expect(await names()).toEqual(['alpha', 'Alphabet']);
});

test('an import that appears, changes and disappears is noticed', async () => {
  const main = uriOf('main.npu');
  const s = await start();
  await s.open(main, 'import "./lib.npu"\nlet a = b\n');
  expect(await codes(s, main)).toContain('unknown-import');
  const lib = write('lib.npu', 'let b = 1\n');
  await s.connection.sendNotification(watch, changed(lib, 1));
  expect(await codes(s, main)).toEqual([]);
  write('lib.npu', 'let c = 1\n');
  await s.connection.sendNotification(watch, changed(lib, 2));
  expect(await codes(s, main)).toEqual(['unknown-name']);
  rmSync(at('lib.npu'));
  await s.connection.sendNotification(watch, changed(lib, 3));
  expect(await codes(s, main)).toContain('unknown-import');
});

test('a network in a foreign format that changes on disk is read again', async () => {
  const main = uriOf('main.npu');
  const s = await start();
  await s.open(main, 'model M from "net.onnx"\n');
  expect(await codes(s, main)).toEqual(['unreadable-file']);
  const net = write('net.onnx', 'no protobuf');
  await s.connection.sendNotification(watch, changed(net, 1));
  const after = await codes(s, main);
  expect(after).not.toContain('unreadable-file');
  expect(after.length).toBeGreaterThan(0);
});

test('a renamed folder is noticed with all of its files', async () => {
  const main = uriOf('main.npu');
  write('chips/lib.npu', 'let b = 1\n');
  const s = await start();
  await s.open(main, 'import "./chips/lib.npu"\nlet a = b\n');
  expect(await codes(s, main)).toEqual([]);
  renameSync(at('chips'), at('parts'));
  const files = [{ oldUri: uriOf('chips'), newUri: uriOf('parts') }];
  await s.connection.sendNotification('workspace/didRenameFiles', { files });
  expect(await codes(s, main)).toContain('unknown-import');
  await s.change(main, 'import "./parts/lib.npu"\nlet a = b\n');
  expect(await codes(s, main)).toEqual([]);
});

test('a document that is deleted on disk while it is open keeps the text of the editor', async () => {
  const main = write('main.npu', 'let a = 1\n');
  const s = await start();
  await s.open(main, 'let a = 1\n');
  rmSync(at('main.npu'));
  await s.connection.sendNotification(watch, changed(main, 3));
  expect(await codes(s, main)).toEqual([]);
  await s.close(main);
  expect(await s.pull(main)).toEqual([]);
});

test('two windows on one folder work independently, and each one reads files that the other saves', async () => {
  const lib = write('lib.npu', 'let b = 1\n');
  const main = write('main.npu', 'import "./lib.npu"\nlet a = b\n');
  const [first, second] = [await start(), await start()];
  await first.open(lib, 'let b = 1\n');
  await second.open(main, 'import "./lib.npu"\nlet a = b\n');
  await first.change(lib, 'let c = 1\n');
  expect(await codes(second, main)).toEqual([]);
  write('lib.npu', 'let c = 1\n');
  await second.connection.sendNotification(watch, changed(lib, 2));
  expect(await codes(second, main)).toEqual(['unknown-name']);
  expect(await codes(first, lib)).toEqual([]);
});

test('a folder that is added to the workspace is searched from then on', async () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'stimpack-other-'));
  try {
    writeFileSync(path.join(elsewhere, 'far.npu'), 'let faraway = 1\n');
    const s = await start();
    const ask = (): Promise<WorkspaceSymbol[]> => s.connection.sendRequest('workspace/symbol', { query: 'faraway' });
    expect(await ask()).toEqual([]);
    const added = [{ uri: pathToFileURL(elsewhere).href, name: 'other' }];
    await s.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added, removed: [] } });
    expect((await ask()).map((one) => one.name)).toEqual(['faraway']);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('a file of 10 MB gets a clear limit, and the server continues', async () => {
  const main = uriOf('main.npu');
  const s = await start();
  await s.open(main, 'let a = 1\n'.repeat(1_000_000));
  const [found] = await s.pull(main);
  expect(found?.code).toBe('file-too-large');
  expect(found?.message).toContain('4 MiB');
  expect(await s.ask('documentSymbol', main)).toEqual([]);
  await s.change(main, 'let a = 1\n');
  expect(await codes(s, main)).toEqual([]);
});

test('moving a file or a folder updates the imports of it', async () => {
  const peak = write('chips/peak.npu', 'import "../base.npu"\nlet peak = base * 2\n');
  const base = write('base.npu', 'import "stimpack/tpuv4i"\nlet base = 5 rps\n');
  const text = 'import "./chips/peak.npu"\nimport "./base.npu"\nlet a = peak\n';
  const one = write('one.npu', text);
  const s = await start();
  await s.open(one, text);
  /** The texts that each file would have. */
  const moved = async (oldUri: string, newUri: string): Promise<Readonly<Record<string, readonly string[]>>> => {
    const edit = await s.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files: [{ oldUri, newUri }] });
    const changes = (edit?.documentChanges ?? []) as TextDocumentEdit[];
    return Object.fromEntries(
      changes.map(({ textDocument, edits }) => [textDocument.uri, edits.map((each) => (each as TextEdit).newText)]),
    );
  };
  expect(await moved(peak, uriOf('chips/top load.npu'))).toEqual({ [one]: ['./chips/top load.npu'] });
  expect(await moved(uriOf('chips'), uriOf('parts/chips'))).toEqual({
    [one]: ['./parts/chips/peak.npu'],
    [peak]: ['../../base.npu'],
  });
  // The form of some clients.
  expect(await moved(`${uriOf('chips')}/`, `${uriOf('parts')}/`)).toEqual({
    [one]: ['./parts/peak.npu'],
  });
  expect(await moved(base, uriOf('chips/base.npu'))).toEqual({ [one]: ['./chips/base.npu'], [peak]: ['./base.npu'] });
  expect(await moved(one, uriOf('deep/one.npu'))).toEqual({ [one]: ['../chips/peak.npu', '../base.npu'] });
  expect(await moved(uriOf('nobody.npu'), uriOf('else.npu'))).toEqual({});
});

/** A document whose import is outside of the workspace, so that no watcher of the workspace reports it. */
async function withOutsideImport(s: TestServer): Promise<{ readonly main: string; readonly text: string }> {
  const dep = write('elsewhere/dep.npu', 'let b = 1\n');
  const text = `import "${dep}"\nlet a = b\n`;
  const main = write('inside/main.npu', text);
  await s.open(main, text);
  expect(await codes(s, main)).toEqual([]);
  return { main, text };
}

test.each(['edit', 'focus', 'save'] as const)('an import outside of the workspace is checked on: %s', async (event) => {
  const s = await start({ folders: [uriOf('inside')] });
  const { main, text } = await withOutsideImport(s);
  write('elsewhere/dep.npu', 'let c = 1\n');
  if (event === 'edit') await s.change(main, `${text}// Typed.\n`);
  else if (event === 'save') await s.save(main);
  else await s.connection.sendNotification(focusNotification);
  await expect.poll(() => codes(s, main), { interval: 5, timeout: 10_000 }).toEqual(['unknown-name']);
  // The last of two events in quick succession is not lost.
  write('elsewhere/dep.npu', 'let b = 1\n');
  await s.change(main, text);
  await expect.poll(() => codes(s, main), { interval: 5, timeout: 10_000 }).toEqual([]);
});

test('a client that can is asked to watch the folders outside of the workspace, each once', async () => {
  const s = await start({ folders: [uriOf('inside')], eager: true });
  const folders: unknown[] = [];
  s.connection.onRequest('client/registerCapability', ({ registrations }) => {
    for (const { registerOptions } of registrations)
      for (const { globPattern } of registerOptions.watchers)
        if (typeof globPattern === 'object') folders.push(globPattern.baseUri);
    return null;
  });
  const { main, text } = await withOutsideImport(s);
  await s.change(main, `${text}// Typed.\n`);
  expect(await codes(s, main)).toEqual([]);
  await expect.poll(() => folders).toEqual([uriOf('elsewhere')]);
});
