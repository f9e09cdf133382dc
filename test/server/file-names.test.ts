import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { TestServer } from './language-server.ts';
import { useServerFolder } from './server-folder.ts';

const { at, uriOf, write, start } = useServerFolder();

/** As VS Code writes it: every character except letters, digits and `-._~` is encoded. */
const encoded = (file: string): string =>
  `file://${file
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')}`;
/** As Node writes it. */
const bare = (file: string): string => pathToFileURL(file).href;

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
  'a;b+c',
  'what?',
  '%20',
  'a%41',
  '%E4%B8%AD',
  'c:',
  '😀',
  "'~!$*|`<>",
];

const changed = (uri: string, type: 1 | 2 | 3): object => ({ changes: [{ uri, type }] });
const watched = 'workspace/didChangeWatchedFiles';

describe('a file is one file, whichever spelling its URI has', () => {
  // One server for all names: each case has its own folder in the workspace.
  const workspace = mkdtempSync(path.join(tmpdir(), 'stimpack-names-'));
  let s: TestServer;
  beforeAll(async () => {
    s = (await TestServer.start({ folders: [bare(workspace)] })).server;
  });
  afterAll(async () => {
    await s.stop();
    rmSync(workspace, { recursive: true, force: true });
  });

  const cases = names.flatMap((name) => [
    { name, asOpened: encoded, asReported: bare },
    { name, asOpened: bare, asReported: encoded },
  ]);
  test.each(cases)('$name.npu (%#)', async ({ name, asOpened, asReported }) => {
    const folder = mkdtempSync(path.join(workspace, 'case-'));
    const file = path.join(folder, `${name}.npu`);
    const main = bare(path.join(folder, 'main.npu'));
    const text = `import "./${name}.npu"\nlet a = peak\n`;
    writeFileSync(path.join(folder, 'main.npu'), text);
    await s.open(main, text);
    // The file appears on disk, ...
    expect(await errors(s, main)).toContain('unknown-import');
    writeFileSync(file, 'let peak = 1\n');
    await s.connection.sendNotification(watched, changed(asReported(file), 1));
    expect(await errors(s, main)).toEqual([]);
    // ... is opened and edited, ...
    const dep = asOpened(file);
    await s.open(dep, 'let peak = 1\n');
    await s.change(dep, 'let top = 1\n');
    expect(await errors(s, main)).toEqual(['unknown-name']);
    await s.change(dep, 'let peak = 1\n');
    // ... its declaration is renamed in both files, under the client's own name for it, ...
    const position = { line: 0, character: 5 };
    const renamed = await s.ask<WorkspaceEdit>('rename', dep, { position, newName: 'load' });
    expect(editsOf(renamed)).toEqual({ [dep]: ['load'], [main]: ['load'] });
    // ... and the file itself is renamed.
    const files = [{ oldUri: asReported(file), newUri: asReported(path.join(folder, `new ${name}.npu`)) }];
    const moved = await s.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files });
    expect(editsOf(moved)).toEqual({ [main]: [`./new ${name}.npu`] });
    await s.close(dep);
    await s.close(main);
  });
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

/** Repeats the request until there is an answer: the server reads the identity of a name a moment later. */
async function untilErrors(s: TestServer, uri: string, expected: readonly string[]): Promise<void> {
  await expect.poll(() => errors(s, uri), { interval: 5, timeout: 5000 }).toEqual(expected);
}

test('a file behind links is one file: edits, diagnostics and renames reach all importers', async () => {
  const dep = write('real/dep.npu', 'let peak = 1\n');
  symlinkSync(at('real'), at('link'));
  symlinkSync(at('real/dep.npu'), at('other.npu'));
  const text = 'import "./link/dep.npu"\nimport "./other.npu"\nlet a = peak\n';
  const main = write('main.npu', text);
  const s = await start();
  await s.open(main, text);
  // Imported twice, it is one file: its names are not ambiguous.
  expect(await errors(s, main)).toEqual([]);
  // While it is closed, its errors are published once.
  write('real/dep.npu', 'let peak = 1\nnpu Broken { array: 3 }\n');
  await s.connection.sendNotification(watched, changed(dep, 2));
  expect(await errors(s, main)).toEqual(['import-has-errors']);
  const published = (): readonly string[] => [
    ...new Set(s.published.filter((one) => one.diagnostics.length > 0).map((one) => one.uri)),
  ];
  const names = () => published().filter((uri) => uri !== main);
  await expect.poll(names).toHaveLength(1);
  // The name that the disk resolved first.
  const [shown = ''] = names();
  expect([uriOf('link/dep.npu'), uriOf('other.npu')]).toContain(shown);
  // Opened under any name, it belongs to the editor, and the diagnostics under the other name disappear.
  await s.open(dep, 'let top = 1\n');
  await untilErrors(s, main, ['unknown-name']);
  await expect.poll(() => s.lastPublished(shown)).toEqual([]);
  await s.change(dep, 'let peak = 1\n');
  expect(await errors(s, main)).toEqual([]);
  const position = { line: 0, character: 5 };
  const renamed = await s.ask<WorkspaceEdit>('rename', dep, { position, newName: 'load' });
  expect(editsOf(renamed)).toEqual({ [dep]: ['load'], [main]: ['load'] });
  // A link and its target are both open. The text that changed last counts.
  const other = uriOf('other.npu');
  await s.open(other, 'let peak = 1\n');
  await s.change(other, 'let top = 1\n');
  await untilErrors(s, main, ['unknown-name']);
  await s.close(other);
  await untilErrors(s, main, []);
});

test.each([
  ['the link', 'link.npu', 'new.npu', './new.npu'],
  ['its target', 'real/dep.npu', 'real/new.npu', './real/new.npu'],
  ['the folder of its target', 'real', 'parts', './parts/dep.npu'],
])('a renamed file is found behind a link: %s', async (_, from, to, expected) => {
  write('real/dep.npu', 'let peak = 1\n');
  symlinkSync(at('real/dep.npu'), at('link.npu'));
  const text = 'import "./link.npu"\nlet a = peak\n';
  const main = write('main.npu', text);
  const s = await start();
  await s.open(main, text);
  const files = [{ oldUri: uriOf(from), newUri: uriOf(to) }];
  const moved = await s.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files });
  expect(editsOf(moved)).toEqual({ [main]: [expected] });
});

test('renaming a link to a folder changes the imports through it, and no others', async () => {
  write('real/dep.npu', 'let peak = 1\n');
  symlinkSync(at('real'), at('link'));
  const text = 'import "./link/dep.npu"\nlet a = peak\n';
  const main = write('main.npu', text);
  write('plain.npu', 'import "./real/dep.npu"\nlet b = peak\n');
  const s = await start();
  await s.open(main, text);
  const files = [{ oldUri: uriOf('link'), newUri: uriOf('to') }];
  const moved = await s.request<WorkspaceEdit | null>('workspace/willRenameFiles', { files });
  expect(editsOf(moved)).toEqual({ [main]: ['./to/dep.npu'] });
});

test('a link that leads elsewhere, to nothing, in a circle, and back is noticed', async () => {
  write('one.npu', 'let peak = 1\n');
  const two = write('two.npu', 'let top = 1\n');
  const point = (target: string): Promise<void> => {
    rmSync(at('link.npu'), { force: true });
    symlinkSync(at(target), at('link.npu'));
    return s.connection.sendNotification(watched, changed(uriOf('link.npu'), 2));
  };
  const text = 'import "./link.npu"\nlet a = peak\n';
  const main = write('main.npu', text);
  const s = await start();
  symlinkSync(at('one.npu'), at('link.npu'));
  await s.open(main, text);
  expect(await errors(s, main)).toEqual([]);
  await point('two.npu');
  expect(await errors(s, main)).toEqual(['unknown-name']);
  // A change of the target is reported under the target's name.
  write('two.npu', 'let peak = 1\n');
  await s.connection.sendNotification(watched, changed(two, 2));
  expect(await errors(s, main)).toEqual([]);
  await point('missing.npu');
  expect(await errors(s, main)).toContain('unknown-import');
  const missing = write('missing.npu', 'let peak = 1\n');
  await s.connection.sendNotification(watched, changed(missing, 1));
  expect(await errors(s, main)).toEqual([]);
  await point('link.npu');
  expect(await errors(s, main)).toContain('unreadable-file');
  await point('one.npu');
  expect(await errors(s, main)).toEqual([]);
});

test('a workspace that is opened through a link is one workspace', async () => {
  write('real/dep.npu', 'let peak = 1\n');
  const text = 'import "./dep.npu"\nlet a = peak\n';
  write('real/main.npu', text);
  symlinkSync(at('real'), at('alias'));
  const [main, dep] = [uriOf('alias/main.npu'), uriOf('alias/dep.npu')];
  const s = await start({ folders: [uriOf('alias')] });
  await s.open(main, text);
  const found = await s.ask<{ uri: string }>('definition', main, { position: { line: 1, character: 9 } });
  expect(found.uri).toBe(dep);
  // Watchers report either name.
  write('real/dep.npu', 'let top = 1\n');
  await s.connection.sendNotification(watched, changed(uriOf('real/dep.npu'), 2));
  expect(await errors(s, main)).toEqual(['unknown-name']);
  write('real/dep.npu', 'let peak = 1\n');
  await s.connection.sendNotification(watched, changed(dep, 2));
  expect(await errors(s, main)).toEqual([]);
});
