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

/** A comment between two tokens, and how many line breaks stand before it. */
export interface Comment {
  readonly text: string;
  readonly toLineEnd: boolean;
  readonly breaksBefore: number;
}

/** A significant token, and all that stands between it and the one before. */
export interface Piece {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly comments: readonly Comment[];
  /** Line breaks behind the last comment (or behind the token before, where there is none). */
  readonly breaks: number;
  /** Whether any line break stands before it, comments or not. */
  readonly startsLine: boolean;
}

/** The significant tokens of a text with their gaps; the last is the end of the file. */
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

/** Where an operator is a sign, and where a parenthesis belongs to the name before it: what the tokens alone do not say. */
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
    pending.push(...childrenOf(node));
  }
  return { signs, calls };
}
