import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  decodeText,
  diskReader,
  findLibraryDirectory,
  openLibrary,
  pathOf,
  readNpuPath,
  readPath,
} from '../../host/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-host-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(path: string, content: string | Uint8Array): string {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return pathToFileURL(file).href;
}

const uriOf = (path: string): string => pathToFileURL(join(directory, path)).href;
const going = { isCancelled: false };
const limit = 1000;
const text = (uri: string) => diskReader.readText(uri, limit, going);
const bytes = (uri: string) => diskReader.readBytes(uri, limit, going);

describe('reading', () => {
  test('text, with spaces and letters in the path that a URI encodes', async () => {
    expect(await text(write('a b/größe #1.npu', 'npu A {}\r\n'))).toMatchObject({ value: 'npu A {}\r\n' });
  });
  test('a byte order mark is not text', async () => {
    expect(await text(write('bom.npu', '\uFEFFnpu A {}'))).toMatchObject({ value: 'npu A {}' });
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('a');
  });
  test('UTF-16 as an editor shows it, with a byte order mark', async () => {
    const npu = '// größe 𝛼\nnpu A {}\n'.repeat(30);
    const little = Buffer.from(`\uFEFF${npu}`, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [name, content] of Object.entries({ little, big }))
      expect(await diskReader.readText(write(`${name}.npu`, content), 1e5, going)).toMatchObject({ value: npu });
    expect(decodeText(Buffer.from(`\uFEFF${'a'.repeat(20_000)}b`, 'utf16le'))).toBe(`${'a'.repeat(20_000)}b`);
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x62))).toBe('a\uFFFD');
  });
  test.each([
    ['UTF-16 of Windows', Buffer.from('npu A {}', 'utf16le'), { kind: 'unmarked-utf16' }],
    ['UTF-16 of networks', Buffer.from('npu A {}', 'utf16le').swap16(), { kind: 'unmarked-utf16' }],
    ['an empty file', Buffer.from(''), { value: '' }],
    ['two letters', Buffer.from('ab'), { value: 'ab' }],
  ])('%s without a byte order mark', async (name, content, expected) => {
    expect(await text(write(`unmarked ${name}.npu`, content))).toMatchObject(expected);
  });
  test('bytes, in a separate buffer', async () => {
    const read = await bytes(write('model.onnx', Uint8Array.of(8, 7, 0, 255)));
    if (read.kind !== 'read') throw new Error(read.kind);
    expect([...read.value]).toEqual([8, 7, 0, 255]);
    expect([read.value.constructor, read.value.buffer.byteLength]).toEqual([Uint8Array, 4]);
  });
  test('a link to a regular file', async () => {
    symlinkSync(join(directory, 'bom.npu'), join(directory, 'link.npu'));
    expect(await text(uriOf('link.npu'))).toMatchObject({ value: 'npu A {}' });
  });
  test('pieces, until the caller has enough', async () => {
    const uri = write('large.csv', new Uint8Array(700_000).fill(0x31));
    const sizes: number[] = [];
    const read = (most: number) => diskReader.readPieces(uri, 1e6, (piece) => sizes.push(piece.length) < most, going);
    expect(await read(9)).toMatchObject({ kind: 'read' });
    expect([sizes.length > 1, sizes.reduce((sum, one) => sum + one)]).toEqual([true, 700_000]);
    sizes.length = 0;
    await read(1);
    expect(sizes).toHaveLength(1);
  });
  test('a read that is cancelled ends', async () => {
    const uri = write('cancelled.csv', new Uint8Array(700_000).fill(0x31));
    const token = { isCancelled: false };
    const read = await diskReader.readPieces(uri, 1e6, () => (token.isCancelled = true), token);
    expect(read).toEqual({ kind: 'cancelled' });
  });
});

describe('the version', () => {
  const versionOf = async (name: string) => diskReader.version(uriOf(name));
  test('is that of the content, and changes with time, size and the file itself', async () => {
    const uri = write('version.npu', 'one');
    const read = await text(uri);
    const first = await versionOf('version.npu');
    expect(read).toMatchObject({ version: first });
    utimesSync(join(directory, 'version.npu'), 1, 1);
    const second = await versionOf('version.npu');
    write('other.npu', 'two');
    utimesSync(join(directory, 'other.npu'), 1, 1);
    renameSync(join(directory, 'other.npu'), join(directory, 'version.npu'));
    const third = await versionOf('version.npu');
    expect(new Set([first, second, third]).size).toBe(3);
  });
  test('of an unreadable file is its problem', async () => {
    expect(await versionOf('nothing.npu')).toEqual({ kind: 'not-found' });
    expect(await diskReader.version(pathToFileURL(directory).href)).toEqual({ kind: 'directory' });
  });
});

/* Each would block a program that reads it, or has content that a message must not show. */
describe.skipIf(process.platform === 'win32')('a file that is not read', () => {
  execFileSync('mkfifo', [join(directory, 'fifo.npu')]);
  const socket = createServer().listen(join(directory, 'socket.npu'));
  afterAll(() => socket.close());
  const link = (name: string, target: string): string => {
    symlinkSync(target, join(directory, name));
    return uriOf(name);
  };
  const sparse = write('sparse.npu', '');
  truncateSync(join(directory, 'sparse.npu'), 8 * 2 ** 30);
  const cases: readonly (readonly [string, string, object])[] = [
    ['no such file', uriOf('nothing.npu'), { kind: 'not-found' }],
    ['a part of the path is a file', uriOf('bom.npu/a.npu'), { kind: 'not-found' }],
    ['a name that is too long', uriOf(`${'x'.repeat(5000)}.npu`), { kind: 'not-found' }],
    ['a directory', pathToFileURL(directory).href, { kind: 'directory' }],
    ['another scheme', 'untitled:Untitled-1', { kind: 'unknown-scheme' }],
    ['another host', 'file://server/share/a.npu', { kind: 'unknown-scheme' }],
    ['no URI at all', 'examples/rush.npu', { kind: 'unknown-scheme' }],
    ['a FIFO', uriOf('fifo.npu'), { kind: 'not-regular' }],
    ['a link to a FIFO', link('to-fifo.npu', 'fifo.npu'), { kind: 'not-regular' }],
    ['a socket', uriOf('socket.npu'), { kind: 'not-regular' }],
    ['an endless device', 'file:///dev/zero', { kind: 'not-regular' }],
    ['a link to a device', link('to-zero.npu', '/dev/zero'), { kind: 'not-regular' }],
    ['a terminal', link('to-tty.npu', '/dev/tty'), { kind: 'not-regular' }],
    ['a sparse file of 8 GB', sparse, { kind: 'too-large', sizeBytes: 8 * 2 ** 30, limitBytes: limit }],
    [
      'a link that leads to itself',
      link('loop.npu', 'loop.npu'),
      { kind: 'failed', detail: 'its symbolic links lead in a circle' },
    ],
  ];
  test.each(cases)('%s', async (_, uri, problem) => {
    expect([await text(uri), await bytes(uri)]).toMatchObject([problem, problem]);
  });
  test('a link that is named like a .npu file, and the file it leads to is not', async () => {
    for (const target of ['/etc/passwd', '/proc/self/environ']) {
      const name = `to-${target.length}.npu`;
      expect(await text(link(name, target))).toEqual({ kind: 'not-npu' });
      expect(await readNpuPath(join(directory, name), limit)).toEqual({ kind: 'not-npu' });
    }
  });
  test('a file of another name, whose content messages would quote', async () => {
    for (const path of ['/etc/passwd', pathOf(write('secret.npu.txt', 'hunter2')) ?? '']) {
      expect(await readNpuPath(path, limit)).toEqual({ kind: 'not-npu' });
      expect((await readPath(path, 1e6)).kind).toBe('read');
    }
  });
  test('a file of /proc, whose stated size is 0, is rejected', async () => {
    const problem = { kind: 'failed', detail: 'it reports no size, as the files of /proc do' };
    expect(await readPath('/proc/self/environ', limit)).toEqual(problem);
    expect(await diskReader.readPieces('file:///proc/self/environ', limit, () => true, going)).toEqual(problem);
    expect((await readPath('/proc/self/mem', limit)).kind).toBe('failed');
  });
});

describe('the real URI of a missing file', () => {
  const realOf = (path: string) => diskReader.realUri(uriOf(path));
  test('is below the real URI of the deepest folder that exists', async () => {
    write('deep/one/two/a.npu', 'npu A {}');
    symlinkSync(join(directory, 'deep'), join(directory, 'to-deep'));
    const real = pathToFileURL(realpathSync(directory)).href;
    for (const rest of ['a.npu', 'b.npu', 'three/b.npu', 'three/four/five/six/b.npu'])
      expect(await realOf(`to-deep/one/two/${rest}`)).toBe(`${real}/deep/one/two/${rest}`);
    expect(await realOf('to-deep/a.npu')).toBe(`${real}/deep/a.npu`);
    expect(await diskReader.realUri('file:///no-such-folder/a.npu')).toBe('file:///no-such-folder/a.npu');
  });
  // Half a million folders: one access to the disk for each of them would exceed the time limit of this test.
  test('is found for a path of one megabyte', async () => {
    const path = `/${'x/'.repeat(500_000)}a.npu`;
    expect(await diskReader.realUri(`file://${path}`)).toBe(`file://${path}`);
  });
});

test('a URI that is no path has none', () => expect(pathOf('http://localhost/a')).toBeUndefined());

test('a file that starts with zeros only has no content, whatever follows', async () => {
  const detail = 'it starts with 4096 bytes of zero, so it has no content (is its download complete?)';
  const path = write('zeros.onnx', `${'\0'.repeat(4096)}more`);
  expect(await readPath(pathOf(path) ?? '', 10_000)).toEqual({ kind: 'failed', detail });
  const taken: Uint8Array[] = [];
  const take = (piece: Uint8Array) => taken.push(piece) > 0;
  expect(await diskReader.readPieces(path, 10_000, take, { isCancelled: false })).toEqual({ kind: 'failed', detail });
  expect(taken).toEqual([]);
  // A shorter run of zeros is content.
  const short = write('short.onnx', `${'\0'.repeat(4095)}more`);
  expect((await readPath(pathOf(short) ?? '', 10_000)).kind).toBe('read');
});

describe('the library', () => {
  const chip = write('product/library/stimpack/tpuv4i.npu', '');
  const deep = write('product/library/stimpack/networks/resnet50.npu', '');
  write('product/library/README.md', '');
  const library = openLibrary(join(directory, 'product/library'));

  test('presets are named by their path', () => {
    expect(library.names).toEqual(['stimpack/networks/resnet50', 'stimpack/tpuv4i']);
    expect([library.uriOf('stimpack/tpuv4i'), library.uriOf('stimpack/networks/resnet50')]).toEqual([chip, deep]);
    expect(library.uriOf('stimpack/none')).toBeUndefined();
  });
  test('is found beside the folder of a bundle or a room', () => {
    const expected = join(directory, 'product/library');
    expect(findLibraryDirectory(join(directory, 'product/dist/cli.cjs'))).toBe(expected);
    expect(findLibraryDirectory(pathToFileURL(join(directory, 'product/cli/main.ts')).href)).toBe(expected);
    expect(findLibraryDirectory(join(directory, 'elsewhere/main.ts'))).toBeUndefined();
  });
  test('that is not there is empty', () => expect(openLibrary(join(directory, 'nothing')).names).toEqual([]));
});
