import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Uri } from 'vscode';
import { type EditorFiles, replaceFile } from '../../client/replace-file.ts';
import { writeFileSafely } from '../../host/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-replace-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The parts of a URI that `replaceFile` reads. */
function uri(scheme: string, path: string): Uri {
  return { scheme, path, fsPath: path, with: (change: { path: string }) => uri(scheme, change.path) } as unknown as Uri;
}

type Step = 'writeFile' | 'delete target' | 'rename';

/** Files in memory. `rename` deletes its target first, as VS Code does. The step named `failing` throws. */
function memoryFiles(content: Map<string, string>, failing: Step | undefined): EditorFiles {
  const step = (name: Step): void => {
    if (name === failing) throw new Error(`${name} failed`);
  };
  return {
    writeFile: async ({ path }, bytes) => {
      step('writeFile');
      content.set(path, new TextDecoder().decode(bytes));
    },
    rename: async (from, to) => {
      step('delete target');
      content.delete(to.path);
      step('rename');
      content.set(to.path, content.get(from.path) ?? '');
      content.delete(from.path);
    },
    delete: async ({ path }) => void content.delete(path),
    stat: async ({ path }) => {
      if (!content.has(path)) throw new Error('not found');
      return { type: 1, ctime: 0, mtime: 0, size: 0 };
    },
  };
}

const untouched: EditorFiles = {
  writeFile: () => expect.unreachable(),
  rename: () => expect.unreachable(),
  delete: () => expect.unreachable(),
  stat: () => expect.unreachable(),
};

test('a file on the disk is replaced without the functions of the editor', async () => {
  const path = join(directory, 'plot.svg');
  writeFileSync(path, 'old');
  await replaceFile(untouched, uri('file', path), new TextEncoder().encode('new'), writeFileSafely);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['plot.svg']);
  const replaced = replaceFile(untouched, uri('file', directory), Uint8Array.of(1), writeFileSafely);
  await expect(replaced).rejects.toThrow('is a directory');
});

test('a browser has no disk: its files are replaced by the functions of the editor', async () => {
  const content = new Map([['/plot.svg', 'old']]);
  const bytes = new TextEncoder().encode('new');
  await replaceFile(memoryFiles(content, undefined), uri('file', '/plot.svg'), bytes, undefined);
  expect([...content]).toEqual([['/plot.svg', 'new']]);
});

const temporary = '/plot.svg.stimpack.tmp';
test.each<[string, Step | undefined, Record<string, string>, string | undefined]>([
  ['nothing fails', undefined, { '/plot.svg': 'new' }, undefined],
  ['writing fails', 'writeFile', { '/plot.svg': 'old' }, 'writeFile failed'],
  ['the old file cannot be deleted', 'delete target', { '/plot.svg': 'old' }, 'delete target failed'],
  ['the old file is gone already', 'rename', { [temporary]: 'new' }, `rename failed. The content is in ${temporary}`],
])('a file elsewhere, and %s', async (_, failing, after, message) => {
  const content = new Map([['/plot.svg', 'old']]);
  const files = memoryFiles(content, failing);
  const replaced = replaceFile(files, uri('vfs', '/plot.svg'), new TextEncoder().encode('new'), writeFileSafely);
  if (message === undefined) await replaced;
  else await expect(replaced).rejects.toThrow(message);
  expect(Object.fromEntries(content)).toEqual(after);
});
