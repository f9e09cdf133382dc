import {
  type AnyNode,
  childrenOf,
  type Item,
  isTrivia,
  type SyntaxTree,
  tokenAt,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../syntax/index.ts';

/** The nodes that contain `offset`, outermost first. A node contains its end offset, so a cursor directly after a word is on the word. */
export function pathAt(tree: SyntaxTree, offset: number): readonly AnyNode[] {
  const path: AnyNode[] = [];
  let node: AnyNode | undefined = tree.root;
  while (node !== undefined) {
    path.push(node);
    const holding: readonly AnyNode[] = childrenOf(node).filter(
      (child) => child.start <= offset && offset <= child.end,
    );
    // Of two adjacent nodes, prefer the one that starts at the cursor if it is a word, otherwise the one before.
    node = holding.findLast((child) => child.end > offset) ?? holding.at(-1);
  }
  return path;
}

/** A hover shows no more of a comment. Our assumption: two screens of text. */
const mostDocCharacters = 5000;

/** The `///` lines directly above an item, without their slashes, shortened if they are long. undefined if there are none. */
export function docComment(tree: SyntaxTree, item: { readonly start: number }): string | undefined {
  const lines: string[] = [];
  let breaks = 0;
  for (let i = tokenAt(tree.tokens, item.start) - 1; i >= 0 && isTrivia(tree.tokens, i); i--) {
    const kind = tokenKind(tree.tokens, i);
    if (kind === 'newline') {
      if (++breaks > 1) break;
    } else if (kind === 'doc-comment') {
      breaks = 0;
      lines.push(tree.text.slice(tokenStart(tree.tokens, i) + 3, tokenEnd(tree.tokens, i)).trim());
    } else if (kind !== 'whitespace') break;
  }
  if (lines.length === 0) return undefined;
  const text = lines.reverse().join('\n');
  return text.length > mostDocCharacters ? `${text.slice(0, mostDocCharacters)}…` : text;
}

/** Whether an offset is in a comment. The end offset belongs to a comment that runs to the end of its line. */
export function isInComment(tree: SyntaxTree, offset: number): boolean {
  const at = tokenAt(tree.tokens, offset);
  for (const i of [at, at - 1]) {
    if (i < 0) continue;
    const kind = tokenKind(tree.tokens, i);
    const start = tokenStart(tree.tokens, i);
    const end = tokenEnd(tree.tokens, i);
    if ((kind === 'comment' || kind === 'doc-comment') && start < offset && offset <= end) return true;
    if (kind === 'block-comment' && start < offset && offset < end) return true;
  }
  return false;
}

export function itemsInside(item: Item): readonly Item[] {
  if (item.kind === 'statement') return item.body?.items ?? [];
  if (item.kind === 'property' && item.value.kind === 'application') return item.value.body?.items ?? [];
  return [];
}
