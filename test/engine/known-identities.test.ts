import { beforeEach, describe, expect, it } from 'vitest';
import { FileIdentities } from '../../engine/file-identities.ts';
import type { SourceReader } from '../../engine/index.ts';

/** The real URI of each URI of a disk with two links to one file. */
let disk: Map<string, string>;
let identities: FileIdentities;

beforeEach(() => {
  disk = new Map([
    ['file:///link', 'file:///file'],
    ['file:///second', 'file:///file'],
  ]);
  const reader = { realUri: async (uri: string) => disk.get(uri) ?? uri } as SourceReader;
  identities = new FileIdentities(reader);
});

const lookUp = async (...uris: readonly string[]): Promise<void> => {
  for (const uri of uris) await identities.lookUp(uri);
};

describe('the identities of files', () => {
  it('are unknown before the disk is read', () => {
    expect(identities.real('file:///link')).toBeUndefined();
    expect(identities.isSame('file:///link', 'file:///second')).toBe(false);
    expect(identities.isSame('file:///link', 'file:///link')).toBe(true);
    expect(identities.nameOf('file:///link')).toBe('file:///link');
    expect(identities.nameOf('file:///second')).toBe('file:///second');
  });

  it('are equal for a link and its target', async () => {
    await lookUp('file:///link', 'file:///file', 'file:///other');
    expect(identities.real('file:///link')).toBe('file:///file');
    expect(identities.isSame('file:///link', 'file:///file')).toBe(true);
    expect(identities.isSame('file:///link', 'file:///other')).toBe(false);
    expect(identities.isSame('file:///link', 'file:///second')).toBe(false);
  });

  it('report whether a read of the disk changed them', async () => {
    expect(await identities.lookUp('file:///link')).toBe(true);
    expect(await identities.lookUp('file:///link')).toBe(false);
    disk.set('file:///link', 'file:///other');
    expect(await identities.lookUp('file:///link')).toBe(true);
  });

  it('keep the name that was used first, until it leads to another file', async () => {
    await lookUp('file:///second', 'file:///link');
    expect(identities.nameOf('file:///second')).toBe('file:///second');
    expect(identities.nameOf('file:///link')).toBe('file:///second');
    disk.set('file:///second', 'file:///other');
    await lookUp('file:///second');
    expect(identities.nameOf('file:///link')).toBe('file:///link');
    expect(identities.nameOf('file:///second')).toBe('file:///second');
  });

  it('are looked up again only for the given URIs, and only changes are reported', async () => {
    await lookUp('file:///link', 'file:///second', 'file:///file');
    disk.set('file:///link', 'file:///other');
    disk.set('file:///second', 'file:///other');
    expect(await identities.lookUpAgain((uri) => uri !== 'file:///second')).toEqual(['file:///link']);
    expect(identities.real('file:///second')).toBe('file:///file');
  });

  it('are forgotten if no file uses them, with their names', async () => {
    await lookUp('file:///second', 'file:///link');
    identities.nameOf('file:///second');
    identities.keepOnly((uri) => uri === 'file:///link');
    expect(identities.real('file:///second')).toBeUndefined();
    expect(identities.real('file:///link')).toBe('file:///file');
    await lookUp('file:///second');
    expect(identities.nameOf('file:///link')).toBe('file:///link');
    expect(identities.nameOf('file:///second')).toBe('file:///link');
  });

  it('keep the name of a file that is used', async () => {
    await lookUp('file:///second', 'file:///link');
    identities.nameOf('file:///second');
    identities.keepOnly(() => true);
    expect(identities.nameOf('file:///link')).toBe('file:///second');
  });
});
