import type { SourceFile } from '../program.ts';
import { type AnyNode, childrenOf, type SyntaxTree, type Text, tokenKind, tokenStart } from '../syntax/index.ts';
import { resolveUri } from '../uri.ts';

/** A place that refers to a file. */
export interface FileLink {
  /** The range without the quotes. */
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  /** As the place names it: of a link, `uri` may be the file that it leads to. */
  readonly foundAs: string;
}

/** The files that a file refers to: imports that exist, networks of other formats, traces. */
export function fileLinks(file: SourceFile): readonly FileLink[] {
  const found: FileLink[] = [];
  for (const fact of file.facts()) {
    if (fact.kind === 'import')
      found.push({ start: fact.start + 1, end: fact.end - 1, uri: fact.uri, foundAs: fact.foundAs });
  }
  visit(file.tree.root, stringsOf(file.tree), (text) => {
    if (text.value === '') return;
    const uri = resolveUri(file.foundAs, text.value);
    found.push({ ...inner(text), uri, foundAs: uri });
  });
  return found.sort((a, b) => a.start - b.start);
}

/** The starts of the strings in a text, ascending. */
function stringsOf({ tokens }: SyntaxTree): readonly number[] {
  const starts: number[] = [];
  for (let i = 0; i < tokens.count; i++) if (tokenKind(tokens, i) === 'string') starts.push(tokenStart(tokens, i));
  return starts;
}

/** The index of the first number that is at least `least` in an ascending list. */
function firstFrom(ascending: readonly number[], least: number): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return ascending[low];
}

/** Visits only nodes that contain a string. File names are strings, and most blocks have none. */
function visit(node: AnyNode, strings: readonly number[], push: (text: Text) => void): void {
  if ((firstFrom(strings, node.start) ?? Number.POSITIVE_INFINITY) >= node.end) return;
  if (node.kind === 'clause' && node.keyword.text === 'from' && node.value.kind === 'text') push(node.value);
  if (node.kind === 'application' && node.path.parts[0]?.text === 'trace') {
    const [first] = node.parameters?.items ?? [];
    if (first?.value.kind === 'text') push(first.value);
  }
  for (const child of childrenOf(node)) visit(child, strings, push);
}

function inner(text: Text): { readonly start: number; readonly end: number } {
  return { start: text.start + 1, end: Math.max(text.start + 1, text.end - 1) };
}
