import { isTrivia, type SyntaxTree, tokenAt, tokenEnd, tokenKind, tokenStart } from '../syntax/index.ts';
import { pathAt } from './tree.ts';

/** A range of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The ranges of "expand selection" at an offset: the innermost first, each inside the next one, the whole text last. */
export function selectionsAt(tree: SyntaxTree, offset: number): readonly Stretch[] {
  const found: Stretch[] = [{ start: 0, end: tree.text.length }];
  const add = (start: number, end: number): void => {
    const outer = found.at(-1);
    if (outer === undefined || start > offset || end < offset || start < outer.start || end > outer.end) return;
    if (start === outer.start && end === outer.end) return;
    found.push({ start, end });
  };
  for (const node of pathAt(tree, offset).slice(1)) {
    add(node.start, node.end);
    if (node.kind === 'body' || node.kind === 'list' || node.kind === 'arguments') {
      const closed = 'closed' in node && node.closed ? 1 : 0;
      addTrimmed(tree.text, node.start + 1, node.end - closed, add);
    }
    if (node.kind === 'text') add(node.start + 1, node.end - 1);
  }
  const at = tokenAt(tree.tokens, offset);
  if (
    isTrivia(tree.tokens, at) &&
    tokenKind(tree.tokens, at) !== 'newline' &&
    tokenKind(tree.tokens, at) !== 'whitespace'
  )
    add(tokenStart(tree.tokens, at), tokenEnd(tree.tokens, at));
  return found.reverse();
}

function addTrimmed(text: string, from: number, to: number, add: (start: number, end: number) => void): void {
  let [start, end] = [from, to];
  while (start < end && /\s/u.test(text.charAt(start))) start++;
  while (end > start && /\s/u.test(text.charAt(end - 1))) end--;
  if (start < end) add(start, end);
}
