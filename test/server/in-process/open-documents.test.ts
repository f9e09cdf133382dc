import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenDocuments } from '../../../server/open-documents.ts';

const documentOf = (uri: string, version: number): TextDocument =>
  TextDocument.create(uri, 'npu', version, `${uri} ${version}`);

describe('open documents', () => {
  const documents = new OpenDocuments();
  for (const [uri, version] of [
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['a', 2],
  ] as const)
    documents.update(documentOf(uri, version));

  it('are listed in the order in which they were opened', () => expect(documents.uris()).toEqual(['a', 'b', 'c']));

  it.each([
    { among: ['a', 'b', 'c'], newest: 'a' },
    { among: ['b', 'c'], newest: 'c' },
    { among: ['b'], newest: 'b' },
    { among: [], newest: undefined },
  ])('of $among, the one that changed last is $newest', ({ among, newest }) =>
    expect(documents.newest(among)).toBe(newest),
  );

  it('have the text and the version of their last change', () =>
    expect([documents.text('a'), documents.version('a')]).toEqual(['a 2', 2]));

  it('do not include a closed document', () => {
    documents.close('a');
    expect([documents.has('a'), documents.text('a'), documents.version('a')]).toEqual([false, undefined, null]);
    expect(documents.newest(['a', 'b', 'c'])).toBe('c');
  });
});
