import type { SourceFile } from '../program.ts';
import { type AnyNode, childrenOf, type Text } from '../syntax/index.ts';
import { resolveUri } from '../uri.ts';

/** A place that names a file. */
export interface FileLink {
  /** Without the quotes. */
  readonly start: number;
  readonly end: number;
  readonly uri: string;
}

/** The files that a file names: imports that were found, networks of other formats, traces. */
export function fileLinks(file: SourceFile): readonly FileLink[] {
  const found: FileLink[] = [];
  for (const fact of file.facts()) {
    if (fact.kind === 'import') found.push({ start: fact.start + 1, end: fact.end - 1, uri: fact.uri });
  }
  visit(file.tree.root, (text) => {
    if (text.value !== '') found.push({ ...inner(text), uri: resolveUri(file.uri, text.value) });
  });
  return found.sort((a, b) => a.start - b.start);
}

function visit(node: AnyNode, push: (text: Text) => void): void {
  if (node.kind === 'clause' && node.keyword.text === 'from' && node.value.kind === 'text') push(node.value);
  if (node.kind === 'application' && node.path.parts[0]?.text === 'trace') {
    const [first] = node.parameters?.items ?? [];
    if (first?.value.kind === 'text') push(first.value);
  }
  for (const child of childrenOf(node)) visit(child, push);
}

function inner(text: Text): { readonly start: number; readonly end: number } {
  return { start: text.start + 1, end: Math.max(text.start + 1, text.end - 1) };
}
