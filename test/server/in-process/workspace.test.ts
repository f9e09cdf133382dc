import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type ReadFile, type SourceReader, SourceStore } from '../../../engine/index.ts';
import { emptyLibrary } from '../../../host/index.ts';
import { Workspace } from '../../../server/workspace.ts';

/** A chain of files in memory: each imports the one before it. */
class Disk implements SourceReader {
  readonly texts = new Map<string, string>();

  async readText(uri: string) {
    const value = this.texts.get(uri);
    if (value === undefined) return { kind: 'not-found' } as const;
    return { kind: 'read', value, version: `${value.length} ${value}` } as const;
  }

  async readBytes(): Promise<ReadFile<Uint8Array>> {
    throw new Error('no test reads bytes');
  }

  async readPieces(): Promise<ReadFile<undefined>> {
    throw new Error('no test reads pieces');
  }

  async version(uri: string) {
    const read = await this.readText(uri);
    return read.kind === 'read' ? read.version : read;
  }

  async realUri(uri: string): Promise<string> {
    return uri;
  }

  async namesBeside(): Promise<readonly string[]> {
    return [];
  }
}

const at = (place: number): string => `file:///chain/f${place}.npu`;
const textOf = (place: number): string =>
  `${place === 0 ? '' : `import "./f${place - 1}.npu"\n`}let v${place} = ${place} ms\n`;
const documentOf = (place: number, text = textOf(place)): TextDocument =>
  TextDocument.create(at(place), 'npu', 1, text);

async function chain(length: number): Promise<{ readonly disk: Disk; readonly workspace: Workspace }> {
  const disk = new Disk();
  for (let place = 0; place < length; place++) disk.texts.set(at(place), textOf(place));
  const workspace = new Workspace(new SourceStore(disk, emptyLibrary));
  workspace.update(documentOf(length - 1));
  await workspace.loadedProgram(at(length - 1));
  return { disk, workspace };
}

test('an import that is opened as it is on disk, and closed again, causes no check of the document', async () => {
  const { workspace } = await chain(3);
  const before = workspace.program(at(2));
  expect(workspace.update(documentOf(0))).toEqual([at(0)]);
  expect(await workspace.identify(at(0))).toEqual([]);
  expect(workspace.program(at(2))).toBe(before);
  const { affected, changed } = workspace.close(at(0));
  expect([affected, await changed]).toEqual([[], []]);
  expect(workspace.program(at(2))).toBe(before);
});

test('an import that is opened with another text, or closed without being saved, is checked again', async () => {
  const { workspace } = await chain(3);
  expect(workspace.update(documentOf(0, 'let other = 1\n'))).toEqual([at(0), at(2)]);
  expect(workspace.program(at(2)).files.get(at(0))?.text).toBe('let other = 1\n');
  expect(await workspace.close(at(0)).changed).toEqual([at(2)]);
  expect((await workspace.loadedProgram(at(2))).files.get(at(0))?.text).toBe(textOf(0));
});

test('a file that disappeared while its document was open is missing after it is closed', async () => {
  const { disk, workspace } = await chain(2);
  workspace.update(documentOf(0));
  disk.texts.delete(at(0));
  expect(await workspace.close(at(0)).changed).toEqual([at(1)]);
  const { diagnostics } = await workspace.loadedProgram(at(1));
  expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-import']);
});

test('an answer about a document waits until the disk has the text of an import that was closed', async () => {
  const { workspace } = await chain(2);
  workspace.update(documentOf(0, 'let unsaved = 1\n'));
  workspace.program(at(1));
  void workspace.close(at(0)).changed;
  expect((await workspace.loadedProgram(at(1))).files.get(at(0))?.text).toBe(textOf(0));
});
