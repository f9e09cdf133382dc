import type { SyntaxTree } from '../syntax/index.ts';
import { type Piece, piecesOf, rolesOf } from './gaps.ts';
import { Lines } from './lines.ts';

/** One level. There is one canonical form, so no editor can choose another indentation. */
const indent = '  ';

/** An open bracket. `multiline`: its content is on separate lines. */
interface Open {
  readonly kind: '{' | '(' | '[';
  readonly multiline: boolean;
}

/**
 * Formats a text without errors. The author decides about line breaks: a block, list or argument list that contains a line break has its
 * content on separate lines, any other one stays on its line. The formatter decides everything else: indentation, spaces, commas at line
 * ends, blank lines, and the column of trailing comments. It keeps comments.
 */
export function canonical(tree: SyntaxTree): string {
  return new Formatter(tree).run();
}

class Formatter {
  private readonly tree: SyntaxTree;
  private readonly pieces: readonly Piece[];
  private readonly roles: ReturnType<typeof rolesOf>;
  /** By the index of the opening bracket's piece. */
  private readonly multiline: ReadonlySet<number>;
  private readonly lines: Lines;
  private readonly open: Open[] = [];
  private depth = 0;

  constructor(tree: SyntaxTree) {
    this.tree = tree;
    this.pieces = mergeCommas(piecesOf(tree));
    this.roles = rolesOf(tree);
    this.multiline = multilineBrackets(this.pieces);
    this.lines = new Lines(indent);
  }

  run(): string {
    const { text } = this.tree;
    for (let i = 0; i < this.pieces.length; i++) this.piece(i);
    const mark = text.charCodeAt(0) === 0xfeff ? '\ufeff' : '';
    return mark + this.lines.finish(text.includes('\r\n') ? '\r\n' : '\n');
  }

  private piece(index: number): void {
    const piece = this.pieces[index];
    const previous = this.pieces[index - 1];
    if (piece === undefined) return;
    const isClose = isCloser(piece.kind);
    const inner = this.open.at(-1);
    const isAfterOpen = previous !== undefined && isOpening(previous.kind);
    const isEmptyPair = isAfterOpen && isClose && piece.comments.length === 0;
    const mustBreak = inner?.multiline === true && (isAfterOpen || isClose) && !isEmptyPair;
    const endedByComment = this.comments(piece, previous);
    if (isClose) {
      this.open.pop();
      if (inner?.multiline === true) this.depth--;
    }
    if (piece.kind === 'end-of-file') return;
    const joins = piece.kind === '{' && !endedByComment;
    if (!this.lines.isEmpty && (endedByComment || mustBreak || (piece.breaks > 0 && !joins && !isEmptyPair))) {
      this.lines.end(piece.breaks > 1 && !isClose && !isAfterOpen);
    } else if (this.lines.isEmpty && piece.breaks > 1 && !this.lines.isFirst && !isClose && piece.comments.length > 0) {
      this.lines.end(false);
    }
    if (piece.kind !== ',' || this.keepsComma(index)) {
      const space = previous === undefined || piece.comments.length > 0 || this.spaceBetween(previous, piece);
      this.lines.append(piece.text, this.depth, space);
    }
    if (isOpening(piece.kind)) {
      const multiline = this.multiline.has(index);
      this.open.push({ kind: piece.kind, multiline });
      if (multiline) this.depth++;
    }
  }

  /** Writes the comments before a token. true if the token must start a new line. */
  private comments(piece: Piece, previous: Piece | undefined): boolean {
    let mustEnd = false;
    for (const [i, comment] of piece.comments.entries()) {
      const isTrailing = comment.breaksBefore === 0 && previous !== undefined && !mustEnd;
      if (!isTrailing && !this.lines.isFirst && !(i === 0 && previous === undefined)) {
        const isFirstInside = i === 0 && previous !== undefined && isOpening(previous.kind);
        if (!this.lines.isEmpty) this.lines.end(comment.breaksBefore > 1 && !isFirstInside);
      } else if (previous === undefined && i > 0 && !this.lines.isEmpty) this.lines.end(comment.breaksBefore > 1);
      if (comment.toLineEnd && !this.lines.isEmpty) this.lines.trail(comment.text);
      else this.lines.append(comment.text, this.depth, true);
      mustEnd = comment.toLineEnd;
    }
    return mustEnd;
  }

  /** Commas stay inside a line. At the end of a line they are removed, except in brackets that need them. */
  private keepsComma(index: number): boolean {
    const next = this.pieces[index + 1];
    const inner = this.open.at(-1);
    if (next === undefined || inner === undefined)
      return next !== undefined && !next.startsLine && next.kind !== 'end-of-file';
    const isLast = isCloser(next.kind);
    if (inner.kind === '{') return !isLast && !next.startsLine;
    return !isLast || inner.multiline;
  }

  private spaceBetween(previous: Piece, piece: Piece): boolean {
    if (piece.kind === ',' || piece.kind === ':' || piece.kind === '.') return false;
    if (previous.kind === '.' || previous.kind === '(' || previous.kind === '[') return false;
    if (piece.kind === ')' || piece.kind === ']') return false;
    if (piece.kind === '(' && this.roles.calls.has(piece.start)) return false;
    if (previous.kind === '{' && piece.kind === '}') return false;
    return !this.roles.signs.has(previous.start);
  }
}

function isOpening(kind: string): kind is '{' | '(' | '[' {
  return kind === '{' || kind === '(' || kind === '[';
}

function isCloser(kind: string): boolean {
  return kind === '}' || kind === ')' || kind === ']';
}

/** Moves comments and line breaks before a comma to the place after it: a comma directly follows its element. */
function mergeCommas(pieces: readonly Piece[]): readonly Piece[] {
  const merged = [...pieces];
  for (let i = 0; i + 1 < merged.length; i++) {
    const comma = merged[i];
    const next = merged[i + 1];
    if (comma?.kind !== ',' || next === undefined) continue;
    const [first, ...rest] = next.comments;
    const moved = first === undefined ? [] : [{ ...first, breaksBefore: first.breaksBefore + comma.breaks }, ...rest];
    const breaks = first === undefined ? next.breaks + comma.breaks : next.breaks;
    merged[i] = { ...comma, comments: [], breaks: 0, startsLine: false };
    merged[i + 1] = {
      ...next,
      comments: [...comma.comments, ...moved],
      breaks,
      startsLine: next.startsLine || comma.startsLine,
    };
  }
  return merged;
}

/** The brackets that have a line break, or a comment that needs one, between their elements. */
function multilineBrackets(pieces: readonly Piece[]): ReadonlySet<number> {
  const found = new Set<number>();
  const open: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    const inner = open.at(-1);
    // A '{' on a separate line moves to the line before it.
    const joins = piece.kind === '{' && piece.comments.length === 0;
    const breaks = (piece.startsLine && !joins) || piece.comments.some((comment) => comment.toLineEnd);
    const isEmptyPair = isCloser(piece.kind) && inner === i - 1 && piece.comments.length === 0;
    if (inner !== undefined && breaks && !isEmptyPair) found.add(inner);
    if (isCloser(piece.kind)) {
      const closed = open.pop();
      const outer = open.at(-1);
      // A bracket that contains a multiline bracket is multiline too.
      if (closed !== undefined && outer !== undefined && found.has(closed)) found.add(outer);
    }
    if (isOpening(piece.kind)) open.push(i);
  }
  return found;
}
