import type { LanguageHost } from './host.ts';
import { type DeclarationKind, fileBlocks } from './schema/index.ts';
import { lineBreakOf, parse, type SyntaxTree } from './syntax/index.ts';

/** Finds declarations in library files, for suggestions and import fixes. */
export type LibraryHost = Pick<LanguageHost, 'readText' | 'libraryUri' | 'libraryNames' | 'namesBeside'>;

/** A declaration of a library file. */
export interface LibraryDeclaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  /** "stimpack/tpuv4i" */
  readonly library: string;
}

/** Cached by URI until the text changes. The library does not change during an edit. */
const known = new Map<string, { readonly text: string; readonly declarations: readonly LibraryDeclaration[] }>();

/** All declarations of the library files, without scenarios and explorations, because nothing can refer to those. */
export function libraryDeclarations(host: LibraryHost): readonly LibraryDeclaration[] {
  return host.libraryNames().flatMap((library) => {
    const uri = host.libraryUri(library);
    const text = uri === undefined ? undefined : host.readText(uri);
    if (uri === undefined || typeof text !== 'string') return [];
    const before = known.get(uri);
    if (before?.text === text) return before.declarations;
    const declarations = declaredIn(parse(text, uri), library);
    known.set(uri, { text, declarations });
    return declarations;
  });
}

/** As `libraryDeclarations`, by name. */
export function libraryByName(host: LibraryHost): ReadonlyMap<string, readonly LibraryDeclaration[]> {
  const byName = new Map<string, LibraryDeclaration[]>();
  for (const one of libraryDeclarations(host)) {
    const sameName = byName.get(one.name);
    if (sameName === undefined) byName.set(one.name, [one]);
    else sameName.push(one);
  }
  return byName;
}

function declaredIn(tree: SyntaxTree, library: string): readonly LibraryDeclaration[] {
  return tree.root.items.flatMap((item): readonly LibraryDeclaration[] => {
    if (item.kind === 'let') return item.name === undefined ? [] : [{ name: item.name.text, kind: 'let', library }];
    if (item.kind !== 'statement' || item.subject?.kind !== 'path') return [];
    const name = item.subject.parts[0]?.text;
    const row = fileBlocks.find((one) => one.keyword === item.keyword.text);
    const kind = row?.subject.kind === 'declares' ? row.subject.declares : undefined;
    return name === undefined || kind === undefined || kind === 'scenario' || kind === 'explore'
      ? []
      : [{ name, kind, library }];
  });
}

interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** By tree: a file of unknown names looks for the place once. */
const places = new WeakMap<SyntaxTree, Omit<Insertion, 'newText'> & { readonly isBehind: boolean }>();

/** The place for a new import: after the last import, otherwise above the first item of the file. */
export function importInsertion(tree: SyntaxTree, library: string): Insertion {
  const place = places.get(tree) ?? insertionPlace(tree);
  places.set(tree, place);
  const { start, end, isBehind } = place;
  const lineBreak = lineBreakOf(tree);
  const statement = `import "${library}"`;
  return { start, end, newText: isBehind ? lineBreak + statement : statement + lineBreak + lineBreak };
}

function insertionPlace(tree: SyntaxTree): {
  readonly start: number;
  readonly end: number;
  readonly isBehind: boolean;
} {
  const last = tree.root.items.findLast((item) => item.kind === 'import');
  if (last !== undefined) return { start: last.end, end: last.end, isBehind: true };
  const [first] = tree.root.items;
  // A doc comment belongs to the item after it, so the import goes above the comment.
  const at = first === undefined || endsInDoc(tree.text.slice(0, first.start)) ? 0 : first.start;
  return { start: at, end: at, isBehind: false };
}

/** Without a regular expression: those that find the last line of a text take the square of its length. */
function endsInDoc(text: string): boolean {
  const lines = text.trimEnd();
  const lineStart = Math.max(lines.lastIndexOf('\n'), lines.lastIndexOf('\r')) + 1;
  return lines.includes('///', lineStart);
}
