import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createNodeHost, decodeText, findLibraryDirectory, openLibrary, pathOf } from '../../host/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-host-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(path: string, content: string | Uint8Array): string {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return pathToFileURL(file).href;
}

describe('reading', () => {
  const host = createNodeHost();
  test('text, with spaces and letters in the path that a URI encodes', () => {
    expect(host.readText(write('a b/größe #1.npu', 'npu A {}\r\n'))).toBe('npu A {}\r\n');
  });
  test('a byte order mark is not text', () => {
    expect(host.readText(write('bom.npu', '\uFEFFnpu A {}'))).toBe('npu A {}');
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('a');
  });
  test('bytes, in a view of their own', () => {
    const bytes = host.readBytes(write('model.onnx', Uint8Array.of(8, 7, 0, 255)));
    expect(bytes).toEqual(Uint8Array.of(8, 7, 0, 255));
    expect(bytes?.constructor).toBe(Uint8Array);
  });
  test.each([
    ['no such file', () => pathToFileURL(join(directory, 'nothing.npu')).href],
    ['a directory', () => pathToFileURL(directory).href],
    ['another scheme', () => 'untitled:Untitled-1'],
    ['another host', () => 'file://server/share/a.npu'],
    ['no URI at all', () => 'examples/rush.npu'],
  ])('%s is undefined', (_, uri) => {
    expect([host.readText(uri()), host.readBytes(uri())]).toEqual([undefined, undefined]);
  });
  test('an open document comes before the disk', () => {
    const uri = write('open.npu', 'on disk');
    const open = createNodeHost(undefined, (asked) => (asked === uri ? 'in the editor' : undefined));
    expect([open.readText(uri), open.readText(write('other.npu', 'on disk'))]).toEqual(['in the editor', 'on disk']);
  });
  test('a URI that is no path has none', () => expect(pathOf('http://localhost/a')).toBeUndefined());
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
