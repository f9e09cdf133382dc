import {
  type Diagnostic,
  diagnosticAt,
  type Fix,
  type Message,
  quoted,
  type RelatedLocation,
} from '../../design/index.ts';
import { syntaxMessages } from '../messages/index.ts';
import type { Body, Name } from './nodes.ts';
import { isTrivia, type TokenKind, type Tokens, tokenAt, tokenEnd, tokenKind, tokenStart } from './tokens.ts';

/** Fixes and notes of an error. */
export interface ErrorDetails {
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
}

/** An open bracket. */
export interface Opener {
  readonly close: '}' | ')' | ']';
  /** The offset of the bracket. */
  readonly start: number;
  /** Column of the line that opens a block. A line that starts at this column or further left does not belong to the block. */
  readonly indent: number;
}

/** The deepest nesting that the parser reads. Our assumption: far more than any design needs, and far less than the stack allows. */
const maxDepth = 100;
/** The most operators in one expression, for the same reason: a sum of a million terms is a tree with a million levels. */
const maxOperators = 500;

/** The most errors that are reported for one text. Our assumption: a person does not read more. */
const maxErrors = 1000;

/** The most characters of an unexpected token that a message shows. A longer one shows only its start and end. */
const maxFoundCharacters = 40;

/** Walks the significant tokens of a text, keeps the open brackets, and collects at most one error for each place. */
export class Cursor {
  readonly diagnostics: Diagnostic[] = [];
  readonly openers: Opener[] = [];
  readonly text: string;
  readonly uri: string;
  readonly parseBlock: (cursor: Cursor, ownerStart: number) => Body;
  private readonly tokens: Tokens;
  /** The first significant token. Trivia are skipped on the way: a list of the rest would cost each keystroke as much as the text is long. */
  private readonly first: number;
  /** Token at the cursor, never trivia. */
  private position: number;
  /** Kind of the token at `position`, cached because it is read many times. */
  private current: TokenKind;
  private lastErrorPosition = -1;
  /** Above 0 inside ( ) and [ ], where a line break has no meaning. */
  private bracketDepth = 0;
  private depth = 0;
  private operators = 0;
  /** The start of the line of the last request, and the position up to which no line break follows. */
  private lineStart = 0;
  private lineSeen = 0;

  /** `parseBlock` reads a block. It is passed in, because values contain blocks and blocks contain values: otherwise the two files would import each other. */
  constructor(text: string, uri: string, tokens: Tokens, parseBlock: (cursor: Cursor, ownerStart: number) => Body) {
    this.text = text;
    this.uri = uri;
    this.tokens = tokens;
    this.parseBlock = parseBlock;
    this.first = this.significantFrom(0);
    this.position = this.first;
    this.current = tokenKind(tokens, this.first);
  }

  /** Grows with each token that is read. Guards against endless loops compare it. */
  get place(): number {
    return this.position;
  }

  kind(ahead = 0): TokenKind {
    return ahead === 0 ? this.current : tokenKind(this.tokens, this.tokenIndex(ahead));
  }

  start(ahead = 0): number {
    return tokenStart(this.tokens, this.tokenIndex(ahead));
  }

  end(ahead = 0): number {
    return tokenEnd(this.tokens, this.tokenIndex(ahead));
  }

  textOf(ahead = 0): string {
    return this.text.slice(this.start(ahead), this.end(ahead));
  }

  /** The end of the last token that was read: the place to insert something that is missing. */
  get previousEnd(): number {
    return this.position === this.first ? 0 : this.end(-1);
  }

  get previousKind(): TokenKind | undefined {
    return this.position === this.first ? undefined : this.kind(-1);
  }

  at(kind: TokenKind): boolean {
    return this.current === kind;
  }

  atWord(text: string): boolean {
    return this.kind() === 'name' && this.textOf() === text;
  }

  /** Whether a line break precedes the token at the cursor and has a meaning here. */
  newLine(): boolean {
    return this.newLineAt(0);
  }

  newLineAt(ahead: number): boolean {
    return this.bracketDepth === 0 && this.isBehindBreak(this.tokenIndex(ahead));
  }

  /** Whether a line break precedes the token at the cursor, also where it has no meaning. */
  firstOnLine(): boolean {
    return this.isBehindBreak(this.position);
  }

  advance(): void {
    if (this.position >= this.tokens.count - 1) return;
    this.goTo(this.significantFrom(this.position + 1));
  }

  /** Moves to the first token that starts at or after `offset`. */
  skipTo(offset: number): void {
    const at = tokenAt(this.tokens, offset);
    const from = tokenStart(this.tokens, at) < offset ? at + 1 : at;
    this.goTo(this.significantFrom(Math.max(this.position, from)));
  }

  take(kind: TokenKind): boolean {
    if (this.current !== kind) return false;
    this.advance();
    return true;
  }

  name(): Name {
    const name: Name = { kind: 'name', start: this.start(), end: this.end(), text: this.textOf() };
    this.advance();
    return name;
  }

  /** The indentation, in columns, of the line that contains `offset`. */
  indentAt(offset: number): number {
    const lineStart = this.lineStartOf(offset);
    let end = lineStart;
    while (this.text.charCodeAt(end) === 0x20 || this.text.charCodeAt(end) === 0x09) end++;
    return end - lineStart;
  }

  /** Reads no part of a line twice, because one line may contain a megabyte of blocks. */
  private lineStartOf(offset: number): number {
    const { lineStart, lineSeen } = this;
    if (offset >= lineStart && offset <= lineSeen) return lineStart;
    let start = offset;
    while (start > 0 && start !== lineSeen && !isLineBreak(this.text.charCodeAt(start - 1))) start--;
    this.lineStart = start === lineSeen ? lineStart : start;
    this.lineSeen = offset;
    return this.lineStart;
  }

  /** Opens a bracket. false if the nesting is too deep, which is reported. */
  open(opener: Opener): boolean {
    this.openers.push(opener);
    if (opener.close !== '}') this.bracketDepth++;
    return this.enter();
  }

  close(): void {
    const opener = this.openers.pop();
    if (opener !== undefined && opener.close !== '}') this.bracketDepth--;
    this.leave();
  }

  enter(): boolean {
    this.depth++;
    if (this.depth <= maxDepth) return true;
    this.error(syntaxMessages.nestedTooDeeply({ most: maxDepth }), this.start(), this.end());
    return false;
  }

  leave(): void {
    this.depth--;
  }

  /** Runs `parse` with meaningful line breaks, for a block inside parentheses. */
  withLines<T>(parse: () => T): T {
    const bracketDepth = this.bracketDepth;
    const operators = this.operators;
    this.bracketDepth = 0;
    this.operators = 0;
    const result = parse();
    this.bracketDepth = bracketDepth;
    this.operators = operators;
    return result;
  }

  startExpression(): void {
    if (this.bracketDepth === 0) this.operators = 0;
  }

  /** Counts an operator. false if the expression is too long, which is reported. */
  countOperator(): boolean {
    this.operators++;
    if (this.operators <= maxOperators) return true;
    this.error(syntaxMessages.expressionTooLong({ most: maxOperators }), this.start(), this.end());
    return false;
  }

  /** Reports an error, unless one was reported since the last token was read: one mistake gives one message. */
  error(message: Message, start: number, end: number, details: ErrorDetails = {}): void {
    if (this.lastErrorPosition === this.position || this.diagnostics.length >= maxErrors) return;
    this.lastErrorPosition = this.position;
    this.diagnostics.push(diagnosticAt({ uri: this.uri, start, end }, message, details));
  }

  /** The token at the cursor, as text for messages. */
  found(): string {
    const kind = this.kind();
    if (kind === 'end-of-file') return 'the end of the file';
    return quoted(this.textOf(), maxFoundCharacters);
  }

  private goTo(position: number): void {
    this.position = position;
    this.current = tokenKind(this.tokens, position);
  }

  /** The first token from `index` on that is not trivia; the end of the file is none. */
  private significantFrom(index: number): number {
    const last = this.tokens.count - 1;
    let at = Math.min(index, last);
    while (at < last && isTrivia(this.tokens, at)) at++;
    return at;
  }

  /** Index of the token that is so many significant ones away, as far as there are any. */
  private tokenIndex(ahead: number): number {
    let at = this.position;
    for (let left = ahead; left > 0 && at < this.tokens.count - 1; left--) at = this.significantFrom(at + 1);
    for (let left = ahead; left < 0 && at > this.first; left++) {
      at--;
      while (at > this.first && isTrivia(this.tokens, at)) at--;
    }
    return at;
  }

  /** Whether a line break is between a token and the token before it. Also true if only trivia is before it. */
  private isBehindBreak(index: number): boolean {
    let at = index - 1;
    for (; at >= 0 && isTrivia(this.tokens, at); at--) if (tokenKind(this.tokens, at) === 'newline') return true;
    return at < 0;
  }
}

function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
