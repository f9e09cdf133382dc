/** The kinds of tokens. Trivia (the first six kinds) are tokens too: the joined tokens of a text are the text. */
export const tokenKinds = [
  'whitespace',
  'newline',
  'comment',
  'doc-comment',
  'block-comment',
  'byte-order-mark',
  'name',
  'number',
  'unit',
  'string',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  ',',
  '.',
  '..',
  '=',
  '<=',
  '>=',
  '<',
  '>',
  '==',
  '+',
  '-',
  '*',
  '/',
  'unknown',
  'end-of-file',
] as const;

export type TokenKind = (typeof tokenKinds)[number];

const triviaCount = 6;

/** The tokens of one text, in columns. Token i is text[starts[i] .. starts[i + 1]). The last token is `end-of-file`, with length 0. */
export interface Tokens {
  readonly count: number;
  /** Index into `tokenKinds`. */
  readonly kinds: Uint8Array;
  /** count + 1 entries; the last two are the length of the text. */
  readonly starts: Uint32Array;
}

export function tokenKind(tokens: Tokens, index: number): TokenKind {
  return tokenKinds[tokens.kinds[index] ?? 0] ?? 'end-of-file';
}

export function tokenStart(tokens: Tokens, index: number): number {
  return tokens.starts[index] ?? 0;
}

export function tokenEnd(tokens: Tokens, index: number): number {
  return tokens.starts[index + 1] ?? 0;
}

export function isTrivia(tokens: Tokens, index: number): boolean {
  return (tokens.kinds[index] ?? 0) < triviaCount;
}

/** Index of the token that contains `offset`: the last one that starts at or before it. */
export function tokenAt(tokens: Tokens, offset: number): number {
  let low = 0;
  let high = tokens.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokenStart(tokens, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const kindIndex = new Map<TokenKind, number>(tokenKinds.map((kind, index) => [kind, index]));

/** Collects tokens in columns, which double their size when they are full. */
export class TokenWriter {
  private count = 0;
  private kinds: Uint8Array;
  private starts: Uint32Array;

  constructor(expected: number) {
    const capacity = Math.max(64, expected);
    this.kinds = new Uint8Array(capacity);
    this.starts = new Uint32Array(capacity + 1);
  }

  push(kind: TokenKind, start: number): void {
    if (this.count === this.kinds.length) this.grow();
    this.kinds[this.count] = kindIndex.get(kind) ?? 0;
    this.starts[this.count] = start;
    this.count++;
  }

  /** Adds tokens from..to of another text, moved by an offset. */
  copy(tokens: Tokens, from: number, to: number, delta: number): void {
    while (this.count + to - from > this.kinds.length) this.grow();
    const { starts, count } = this;
    this.kinds.set(tokens.kinds.subarray(from, to), count);
    starts.set(tokens.starts.subarray(from, to), count);
    this.count = count + to - from;
    if (delta !== 0) for (let i = count; i < this.count; i++) starts[i] = (starts[i] as number) + delta;
  }

  finish(textLength: number): Tokens {
    this.push('end-of-file', textLength);
    const { count } = this;
    this.starts[count] = textLength;
    // A copy frees the unused part of the columns. It is not worth the time for small columns.
    const isTight = count > this.kinds.length - (this.kinds.length >> 3);
    const cut = <Column extends Uint8Array | Uint32Array>(column: Column, length: number): Column =>
      (isTight ? column.subarray(0, length) : column.slice(0, length)) as Column;
    return { count, kinds: cut(this.kinds, count), starts: cut(this.starts, count + 1) };
  }

  private grow(): void {
    const kinds = new Uint8Array(this.kinds.length * 2);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const starts = new Uint32Array(kinds.length + 1);
    starts.set(this.starts);
    this.starts = starts;
  }
}
