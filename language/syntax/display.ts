import type { SyntaxTree } from './parser.ts';
import { isTrivia, type TokenKind, tokenAt, tokenEnd, tokenKind, tokenStart } from './tokens.ts';

/** A stretch of code as a label: one line, one way of spacing, no comments. `p99 latency<=15ms` is "p99 latency <= 15 ms". */
export function displayText(tree: SyntaxTree, start: number, end: number): string {
  let shown = '';
  let previous: TokenKind | undefined;
  let isSign = false;
  for (let i = tokenAt(tree.tokens, start); i < tree.tokens.count && tokenStart(tree.tokens, i) < end; i++) {
    if (isTrivia(tree.tokens, i) || tokenEnd(tree.tokens, i) <= start) continue;
    const kind = tokenKind(tree.tokens, i);
    if (previous !== undefined && !isSign && spaced(previous, kind)) shown += ' ';
    shown += tree.text.slice(tokenStart(tree.tokens, i), tokenEnd(tree.tokens, i));
    isSign = (kind === '-' || kind === '+') && !endsValue(previous);
    previous = kind;
  }
  return shown;
}

function spaced(previous: TokenKind, kind: TokenKind): boolean {
  if (kind === ',' || kind === ':' || kind === '.' || kind === ')' || kind === ']') return false;
  if (kind === '(' && previous === 'name') return false;
  return previous !== '.' && previous !== '(' && previous !== '[';
}

function endsValue(kind: TokenKind | undefined): boolean {
  return kind === 'name' || kind === 'number' || kind === 'unit' || kind === ')' || kind === ']' || kind === 'string';
}
