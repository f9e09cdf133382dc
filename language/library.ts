import type { LanguageHost } from './host.ts';
import { type DeclarationKind, fileBlocks } from './schema/index.ts';
import { parse, type SyntaxTree } from './syntax/index.ts';

/** What suggestions about the library, and about files to import, read of it. */
export type LibraryHost = Pick<LanguageHost, 'readText' | 'libraryUri' | 'libraryNames' | 'namesBeside'>;

/** Something that a file of the library declares itself. */
export interface LibraryDeclaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  /** "stimpack/tpuv4i" */
  readonly library: string;
}

/** By URI, for as long as the text is the same: the library does not change while somebody types. */
const known = new Map<string, { readonly text: string; readonly declarations: readonly LibraryDeclaration[] }>();

/** Everything that the library's files declare, scenarios and explorations left out: those are nobody's to use. */
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

/** Where an import goes: behind the last one, else above the first thing that the file says. */
export function importInsertion(
  tree: SyntaxTree,
  library: string,
): { readonly start: number; readonly end: number; readonly newText: string } {
  const last = tree.root.items.findLast((item) => item.kind === 'import');
  const lineBreak = tree.text.includes('\r\n') ? '\r\n' : '\n';
  if (last !== undefined) return { start: last.end, end: last.end, newText: `${lineBreak}import "${library}"` };
  const [first] = tree.root.items;
  // A doc comment belongs to what follows it: the import goes above.
  const at = first === undefined || /\/\/\/[^\r\n]*\s*$/u.test(tree.text.slice(0, first.start)) ? 0 : first.start;
  return { start: at, end: at, newText: `import "${library}"${lineBreak}${lineBreak}` };
}
