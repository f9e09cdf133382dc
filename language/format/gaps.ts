import {
  type AnyNode,
  childrenOf,
  isTrivia,
  type SyntaxTree,
  type TokenKind,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../syntax/index.ts';

/** A comment between two tokens, and the number of line breaks before it. */
export interface Comment {
  readonly text: string;
  readonly toLineEnd: boolean;
  readonly breaksBefore: number;
}

/** A significant token and everything between it and the previous one. */
export interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly comments: readonly Comment[];
  /** The number of line breaks after the last comment, or after the previous token if there is no comment. */
  readonly breaks: number;
  /** Whether any line break is between the previous token and this one. */
  readonly startsLine: boolean;
}

/** The significant tokens of a text with their gaps. The last one is the end of the file. */
export function piecesOf(tree: SyntaxTree): readonly Piece[] {
  const { tokens, text } = tree;
  const pieces: Piece[] = [];
  let comments: Comment[] = [];
  let breaks = 0;
  let startsLine = false;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokenKind(tokens, i);
    const start = tokenStart(tokens, i);
    const written = text.slice(start, tokenEnd(tokens, i));
    if (!isTrivia(tokens, i)) {
      pieces.push({ kind, text: written, start, comments, breaks, startsLine });
      comments = [];
      breaks = 0;
      startsLine = false;
    } else if (kind === 'newline') {
      breaks++;
      startsLine = true;
    } else if (kind === 'comment' || kind === 'doc-comment' || kind === 'block-comment') {
      const toLineEnd = kind !== 'block-comment';
      comments.push({ text: toLineEnd ? written.trimEnd() : written, toLineEnd, breaksBefore: breaks });
      breaks = 0;
    }
  }
  return pieces;
}

/** Facts that need the tree: which operators are signs, and which parentheses belong to the name before them. */
export function rolesOf(tree: SyntaxTree): {
  readonly signs: ReadonlySet<number>;
  readonly calls: ReadonlySet<number>;
} {
  const signs = new Set<number>();
  const calls = new Set<number>();
  const pending: AnyNode[] = [tree.root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'unary') signs.add(node.start);
    if (node.kind === 'arguments') calls.add(node.start);
    // Not spread into one call: a list can have more items than a call can have arguments.
    for (const child of childrenOf(node)) pending.push(child);
  }
  return { signs, calls };
}
