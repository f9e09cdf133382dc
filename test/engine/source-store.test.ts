import { expect, test } from 'vitest';
import type { ReadProblem } from '../../design/index.ts';
import { loadProgram, openProgram, type ReadFile, type SourceReader, SourceStore } from '../../engine/index.ts';

/** A disk in memory, which counts its reads. */
class MemoryReader implements SourceReader {
  readonly read: string[] = [];
  readonly lookedUp: string[] = [];
  private readonly files: Map<string, string | ReadProblem>;

  constructor(files: Readonly<Record<string, string | ReadProblem>>) {
    this.files = new Map(Object.entries(files));
  }

  write(uri: string, content: string | ReadProblem): void {
    this.files.set(uri, content);
  }

  async readText(uri: string): Promise<ReadFile<string> | ReadProblem> {
    this.read.push(uri);
    const content = this.files.get(uri) ?? { kind: 'not-found' };
    return typeof content === 'string' ? { kind: 'read', value: content, version: content } : content;
  }

  async readBytes(uri: string): Promise<ReadFile<Uint8Array> | ReadProblem> {
    const read = await this.readText(uri);
    return read.kind === 'read' ? { ...read, value: new TextEncoder().encode(read.value) } : read;
  }

  async readPieces(uri: string, _limit: number, take: (piece: Uint8Array) => boolean) {
    const read = await this.readBytes(uri);
    if (read.kind !== 'read') return read;
    take(read.value);
    return { ...read, value: undefined };
  }

  async version(uri: string): Promise<string | ReadProblem> {
    return this.files.get(uri) ?? { kind: 'not-found' };
  }

  async realUri(uri: string): Promise<string> {
    this.lookedUp.push(uri);
    return uri;
  }

  async namesBeside(): Promise<readonly string[]> {
    return ['b.npu', 'a.csv', 'a.npu'];
  }
}

const library = {
  names: ['stimpack/x'],
  uriOf: (name: string) => (name === 'stimpack/x' ? 'lib:///x.npu' : undefined),
};
const storeOf = (files: Readonly<Record<string, string | ReadProblem>>) => {
  const reader = new MemoryReader({ 'lib:///x.npu': 'let libraryValue = 1\n', ...files });
  return { reader, store: new SourceStore(reader, library) };
};
const messages = async (store: SourceStore) =>
  (await loadProgram('f:///a.npu', store)).diagnostics.map(({ code, message }) => `${code}: ${message}`);

test('a check reads direct and indirect imports, each file once, and no other file', async () => {
  const { reader, store } = storeOf({
    'f:///a.npu': 'import "./b.npu"\nimport "./c.npu"\nlet a = b + c\n',
    'f:///b.npu': 'import "./c.npu"\nlet b = c\n',
    'f:///c.npu': 'let c = 1\n',
  });
  expect(await messages(store)).toEqual([]);
  expect(reader.read).toEqual(['f:///a.npu', 'f:///b.npu', 'f:///c.npu']);
  expect(await messages(store)).toEqual([]);
  expect(reader.read).toHaveLength(3);
});

test('a check with an unknown name reads the library to suggest an import', async () => {
  const { reader, store } = storeOf({ 'f:///a.npu': 'let a = libraryValue\n' });
  const program = await loadProgram('f:///a.npu', store);
  expect(program.diagnostics[0]?.fixes?.[0]?.title).toBe('Import \'libraryValue\' from "stimpack/x"');
  expect(reader.read).toContain('lib:///x.npu');
});

const unreadable: readonly (readonly [string, ReadProblem, string])[] = [
  ['./b.npu', { kind: 'not-found' }, "unknown-import: Cannot read './b.npu': there is no such file."],
  ['./b.npu', { kind: 'directory' }, "unreadable-file: Cannot read './b.npu': it is a directory, not a file."],
  [
    './b.npu',
    { kind: 'not-regular' },
    "unreadable-file: Cannot read './b.npu': it is a device, a pipe or a socket, not a regular file.",
  ],
  [
    './b.npu',
    { kind: 'too-large', sizeBytes: 8 * 2 ** 30, limitBytes: 16 * 2 ** 20 },
    "unreadable-file: Cannot read './b.npu': it has 8 GiB, and the limit is 16 MiB.",
  ],
  ['./b.npu', { kind: 'no-permission' }, "unreadable-file: Cannot read './b.npu': you have no permission to read it."],
  [
    '/etc/passwd',
    { kind: 'not-found' },
    "unknown-import: Cannot import '/etc/passwd'. The name of an imported file must end in .npu.",
  ],
];
test.each(unreadable)('the message for import "%s" with %o', async (path, problem, message) => {
  const { store } = storeOf({ 'f:///a.npu': `import "${path}"\n`, 'f:///b.npu': problem, 'f:///etc/passwd': 'root:x' });
  expect(await messages(store)).toEqual([message]);
});

test('the message for a document that cannot be read', async () => {
  expect(await messages(storeOf({}).store)).toEqual([
    'unreadable-file: Cannot read f:///a.npu: there is no such file.',
  ]);
});

test('a view returns loaded files immediately and reports which files are pending', async () => {
  const { store } = storeOf({ 'f:///a.npu': 'import "./b.npu"\n', 'f:///b.npu': 'let b = 1\n' });
  const check = () => {
    const view = store.view({
      text: (uri) => (uri === 'f:///a.npu' ? 'import "./b.npu"\n' : undefined),
    });
    return { view, content: view.files.readText('f:///b.npu') };
  };
  const before = check();
  expect([before.content, before.view.isPending(), before.view.isTextPending()]).toEqual([
    { kind: 'pending' },
    true,
    true,
  ]);
  // Two checks that need the same file share one read.
  await Promise.all([before.view.load(), check().view.load()]);
  const after = check();
  expect([after.content, after.view.isPending(), after.view.load()]).toEqual(['let b = 1\n', false, undefined]);
});

test('the store keeps a content or a read problem until a refresh finds a new version', async () => {
  const { reader, store } = storeOf({ 'f:///a.npu': 'import "./b.npu"\nlet a = b\n' });
  const refresh = async () => [...(await store.refresh((uri) => uri.startsWith('f:')))];
  expect(await messages(store)).toHaveLength(2);
  expect(await refresh()).toEqual([]);
  reader.write('f:///b.npu', 'let b = 1\n');
  expect(await messages(store)).toHaveLength(2);
  expect(await refresh()).toEqual(['f:///b.npu']);
  expect(await messages(store)).toEqual([]);
  reader.write('f:///b.npu', { kind: 'not-regular' });
  expect(await refresh()).toEqual(['f:///b.npu']);
  expect((await messages(store))[0]).toMatch(/^unreadable-file/);
});

test('keepOnly removes unused files but keeps the library', async () => {
  const { store } = storeOf({ 'f:///a.npu': 'import "stimpack/x"\n' });
  await messages(store);
  store.keepOnly(() => false);
  expect([store.loadedText('f:///a.npu'), store.loadedText('lib:///x.npu')]).toEqual([
    undefined,
    'let libraryValue = 1\n',
  ]);
});

test('completion gets the .npu files in the folder of a document after the folder was listed', async () => {
  const { store } = storeOf({});
  const names = () => store.view().files.namesBeside?.('f:///a.npu');
  expect(names()).toEqual([]);
  await store.list('f:///a.npu');
  expect(names()).toEqual(['a.npu', 'b.npu']);
});

test('documents that import one file share its tree, and a new text gets a new tree', async () => {
  const files = {
    'f:///a.npu': 'import "./both.npu"\nimport "stimpack/x"\nlet a = both\n',
    'f:///b.npu': 'import "./both.npu"\nimport "stimpack/x"\nlet b = both\n',
    'f:///both.npu': 'let both = 1\n',
  };
  const { store } = storeOf(files);
  const first = await loadProgram('f:///a.npu', store);
  const second = await loadProgram('f:///b.npu', store);
  for (const uri of ['f:///both.npu', 'lib:///x.npu'])
    expect(second.files.get(uri)?.tree).toBe(first.files.get(uri)?.tree);
  expect(first.diagnostics.length + second.diagnostics.length).toBe(0);
  const open = { text: (uri: string) => (uri === 'f:///both.npu' ? 'let other = 1\n' : undefined) };
  const edited = await loadProgram('f:///b.npu', store, open);
  expect(edited.files.get('f:///both.npu')?.tree.text).toBe('let other = 1\n');
  expect(edited.diagnostics.map(({ code }) => code)).toContain('unknown-name');
  expect((await loadProgram('f:///a.npu', store)).diagnostics).toEqual([]);
});

const chained = (length: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `f:///${i === 0 ? 'a' : i}.npu`,
      `${i + 1 < length ? `import "./${i + 1}.npu"\n` : ''}let v${i} = 1\n`,
    ]),
  );

test('a chain of imports is loaded at once, also behind an open document', async () => {
  const { reader, store } = storeOf(chained(50));
  const open = { text: (uri: string) => (uri === 'f:///20.npu' ? 'import "./21.npu"\nlet edited = 1\n' : undefined) };
  const view = store.view(open);
  expect(openProgram('f:///a.npu', view.files).isPending).toBe(true);
  await view.load();
  // The first file, of which the first check saw no import, and all behind it.
  const after = openProgram('f:///a.npu', store.view(open).files);
  expect([after.isPending, after.files.size, reader.read.length]).toEqual([false, 50, 49]);
});

test('a chain of imports is read up to the limit of imports', async () => {
  const { reader, store } = storeOf(chained(300));
  expect(await messages(store)).toEqual([expect.stringMatching(/^too-many-files/)]);
  expect(reader.read.length).toBeLessThan(110);
});

test('imports that lead in a circle are read once', async () => {
  const { reader, store } = storeOf({
    'f:///a.npu': 'import "./b.npu"\n',
    'f:///b.npu': 'import "./c.npu"\n',
    'f:///c.npu': 'import "./b.npu"\nimport "./missing.npu"\nimport "./net.onnx"\n',
  });
  expect(await messages(store)).toHaveLength(3);
  expect(reader.read.toSorted()).toEqual(['f:///a.npu', 'f:///b.npu', 'f:///c.npu', 'f:///missing.npu']);
});

test('documents that are checked together look up each real URI once', async () => {
  const { reader, store } = storeOf(chained(10));
  await Promise.all(['f:///a.npu', 'f:///1.npu', 'f:///2.npu'].map((uri) => loadProgram(uri, store)));
  expect(reader.lookedUp.length).toBe(new Set(reader.lookedUp).size);
});
