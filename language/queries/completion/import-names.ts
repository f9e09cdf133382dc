import type { LibraryHost } from '../../library.ts';
import type { SourceFile } from '../../program.ts';
import { tokenAt, tokenEnd, tokenKind, tokenStart } from '../../syntax/index.ts';
import { placeAt } from '../place.ts';
import type { Completion } from './site.ts';

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The text literal around the cursor, without its quotes. */
export function textAround(file: SourceFile, offset: number): Stretch | undefined {
  const { tokens, text } = file.tree;
  const at = tokenAt(tokens, Math.max(0, offset - 1));
  if (tokenKind(tokens, at) !== 'string') return undefined;
  const start = tokenStart(tokens, at);
  const end = tokenEnd(tokens, at);
  const isClosed = end - start > 1 && text.charAt(end - 1) === text.charAt(start);
  if (offset <= start || (isClosed && offset >= end)) return undefined;
  return { start: start + 1, end: isClosed ? end - 1 : end };
}

/** Names for the text after `import`: files in the same folder, then files of the library. */
export function importNames(file: SourceFile, inner: Stretch, host: LibraryHost): readonly Completion[] {
  const place = placeAt(file.tree, inner.start - 1);
  if (place.before[0]?.text !== 'import') return [];
  const own = file.uri.slice(file.uri.lastIndexOf('/') + 1);
  const beside = (host.namesBeside?.(file.uri) ?? []).filter(
    (name) => encodeURIComponent(name) !== own && name !== own,
  );
  const offerName = (name: string, detail: string): Completion => ({
    label: name,
    kind: 'import',
    detail,
    documentation: '',
    insertText: name,
    isSnippet: false,
    ...inner,
  });
  return [
    ...beside.map((name) => offerName(`./${name}`, 'beside this file')),
    ...host.libraryNames().map((name) => offerName(name, 'library')),
  ];
}
