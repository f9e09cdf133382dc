import type { SyntaxTree } from './parser.ts';

const known = new WeakMap<SyntaxTree, string>();

/** The line break that a text uses, for text that a fix inserts. Looked up once for each tree: a text of one line is searched whole. */
export function lineBreakOf(tree: SyntaxTree): string {
  let found = known.get(tree);
  if (found === undefined) {
    found = tree.text.includes('\r\n') ? '\r\n' : '\n';
    known.set(tree, found);
  }
  return found;
}
