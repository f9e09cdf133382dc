import { type TokenKind, type Tokens, TokenWriter, tokenAt, tokenKind, tokenStart } from './tokens.ts';

/**
 * Splits a text into tokens. It never fails, for any text.
 *
 * Three rules are special to this language:
 * - A word after a number on the same line is its unit (`614 GB/s`, `15 ms`), unless it is `x` before another factor
 *   (`3 x 3`), one of the words that join expressions (`step`, `with`, ...), or the start of the next property or block.
 * - A hyphen between letters or digits belongs to the name (`on-chip`). A subtraction needs spaces.
 * - `p99.9` is one name, so that percentiles have their usual spelling.
 */
export function lex(text: string, earlier?: EarlierTokens): Tokens {
  // A keystroke adds only a few tokens.
  const writer = new TokenWriter(earlier === undefined ? text.length >> 1 : earlier.tokens.count + 1024);
  let position = 0;
  let afterNumber = false;
  if (earlier !== undefined) {
    const kept = linesBefore(earlier);
    writer.copy(earlier.tokens, 0, kept, 0);
    position = tokenStart(earlier.tokens, kept);
  }
  if (position === 0 && text.charCodeAt(0) === 0xfeff) {
    writer.push('byte-order-mark', 0);
    position = 1;
  }
  while (position < text.length) {
    const start = position;
    const kind = scan(text, start, afterNumber);
    position = scannedEnd;
    if (kind !== 'whitespace') afterNumber = kind === 'number';
    writer.push(kind, start);
    if (earlier === undefined || kind !== 'newline' || position < text.length - earlier.tail) continue;
    const rest = tokenFrom(earlier, position - (text.length - earlier.textLength));
    if (rest === undefined) continue;
    writer.copy(earlier.tokens, rest, earlier.tokens.count - 1, text.length - earlier.textLength);
    break;
  }
  return writer.finish(text.length);
}

/** The tokens of a text that starts with the same `head` characters and ends with the same `tail` characters as an earlier text. */
export interface EarlierTokens {
  readonly tokens: Tokens;
  readonly textLength: number;
  readonly head: number;
  readonly tail: number;
}

/** The number of tokens on lines that are completely in `head`, without the last one: the kind of a word may depend on the next line. */
function linesBefore({ tokens, head }: EarlierTokens): number {
  let lines = 0;
  for (let i = tokenAt(tokens, Math.max(0, head - 1)); i > 0; i--) {
    if (tokenKind(tokens, i - 1) === 'newline' && tokenStart(tokens, i) <= head && ++lines === 3) return i;
  }
  return 0;
}

/** The token that starts a line at an offset of the earlier text. undefined if a token extends across the offset. */
function tokenFrom({ tokens }: EarlierTokens, offset: number): number | undefined {
  const at = tokenAt(tokens, offset);
  return tokenStart(tokens, at) === offset && at > 0 && tokenKind(tokens, at - 1) === 'newline' ? at : undefined;
}

/** The end of the token that `scan` read last. A second result in a variable avoids an allocation for each token. */
let scannedEnd = 0;

function scan(text: string, start: number, afterNumber: boolean): TokenKind {
  const code = text.charCodeAt(start);
  switch (code) {
    case 0x20:
    case 0x09:
    case 0x0b:
    case 0x0c:
    case 0xa0: {
      let end = start + 1;
      while (isBlank(text.charCodeAt(end))) end++;
      return token('whitespace', end);
    }
    case 0x0d:
      return token('newline', text.charCodeAt(start + 1) === 0x0a ? start + 2 : start + 1);
    case 0x0a:
      return token('newline', start + 1);
    case 0x22:
    case 0x27:
      return token('string', endOfString(text, start, code));
    case 0x2f: {
      const next = text.charCodeAt(start + 1);
      if (next === 0x2f) {
        const isDoc = text.charCodeAt(start + 2) === 0x2f && text.charCodeAt(start + 3) !== 0x2f;
        return token(isDoc ? 'doc-comment' : 'comment', endOfLine(text, start));
      }
      if (next === 0x2a) {
        const close = text.indexOf('*/', start + 2);
        return token('block-comment', close < 0 ? text.length : close + 2);
      }
      return token('/', start + 1);
    }
    case 0x2e:
      if (text.charCodeAt(start + 1) === 0x2e) return token('..', start + 2);
      if (isDigit(text.charCodeAt(start + 1))) return token('number', endOfNumber(text, start));
      return token('.', start + 1);
    case 0x3c:
      return text.charCodeAt(start + 1) === 0x3d ? token('<=', start + 2) : token('<', start + 1);
    case 0x3e:
      return text.charCodeAt(start + 1) === 0x3d ? token('>=', start + 2) : token('>', start + 1);
    case 0x3d:
      return text.charCodeAt(start + 1) === 0x3d ? token('==', start + 2) : token('=', start + 1);
    case 0x25:
      return token(afterNumber ? 'unit' : 'unknown', start + 1);
  }
  const punctuation = punctuationKinds.get(code);
  if (punctuation !== undefined) return token(punctuation, start + 1);
  if (isDigit(code)) return token('number', endOfNumber(text, start));
  if (isNameStart(text, start)) {
    if (afterNumber) {
      if (isFactorCross(text, start)) return token('name', start + 1);
      const end = endOfUnit(text, start);
      if (end > start) return token('unit', end);
    }
    return token('name', endOfName(text, start));
  }
  const codePoint = text.codePointAt(start) ?? 0;
  return token('unknown', start + (codePoint > 0xffff ? 2 : 1));
}

function token(kind: TokenKind, end: number): TokenKind {
  scannedEnd = end;
  return kind;
}

const punctuationKinds: ReadonlyMap<number, TokenKind> = new Map(
  (['{', '}', '(', ')', '[', ']', ':', ',', '+', '-', '*'] as const).map((kind) => [kind.charCodeAt(0), kind]),
);

/** Words after a number that are not its unit. */
const wordsAfterNumbers: ReadonlySet<string> = new Set([
  'step',
  'linear',
  'logarithmic',
  'with',
  'in',
  'as',
  'from',
  'extends',
  'by',
  'at',
  'to',
]);

/** Whether `x` is followed by another factor: `3 x 3`, `3x3`, `7 x k`. Alone it is the unit "times" (`speedup: 4 x`). */
function isFactorCross(text: string, start: number): boolean {
  if (text.charCodeAt(start) !== 0x78) return false;
  const next = text.charCodeAt(start + 1);
  if (isDigit(next)) return true;
  if (!isBlank(next)) return false;
  const after = skipBlank(text, start + 1);
  const code = text.charCodeAt(after);
  if (isDigit(code) || code === 0x28) return true;
  // `2 x linear 5`: a factor before a word that joins expressions.
  return isNameStart(text, after) && !wordsAfterNumbers.has(text.slice(after, endOfName(text, after)));
}

/** The end of the unit at `start`, or `start` if there is no unit. */
function endOfUnit(text: string, start: number): number {
  let end = endOfUnitWord(text, start);
  const next = text.charCodeAt(end);
  if (isDigit(next) || next === 0x5f || (next === 0x2d && isNamePart(text, end + 1))) return start;
  if (wordsAfterNumbers.has(text.slice(start, end))) return start;
  if (next === 0x2f && isUnitLetter(text.charCodeAt(end + 1))) end = endOfUnitWord(text, end + 1);
  const after = text.charCodeAt(skipBlank(text, end));
  return after === 0x3a || after === 0x7b || after === 0x28 ? start : end;
}

function endOfUnitWord(text: string, start: number): number {
  let end = start;
  while (isUnitLetter(text.charCodeAt(end))) end++;
  return isSquare(text, start, end) ? end + 1 : end;
}

/** Whether a `2` makes an area of the length before it: `mm2`, `um2`. */
function isSquare(text: string, start: number, end: number): boolean {
  if (end - start !== 2 || text.charCodeAt(start + 1) !== 0x6d || text.charCodeAt(end) !== 0x32) return false;
  const first = text.charCodeAt(start);
  return (first === 0x6d || first === 0x75 || !isAsciiLetter(first)) && !isNamePart(text, end + 1);
}

/** ASCII letters and the two micro signs. */
function isUnitLetter(code: number): boolean {
  return isAsciiLetter(code) || code === 0xb5 || code === 0x3bc;
}

function endOfName(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    if (isNamePart(text, end)) end += widthAt(text, end);
    else if (text.charCodeAt(end) === 0x2d && isNamePart(text, end + 1)) end++;
    else break;
  }
  if (text.charCodeAt(end) === 0x2e && isDigit(text.charCodeAt(end + 1)) && isPercentile(text, start, end)) {
    end++;
    while (isDigit(text.charCodeAt(end))) end++;
  }
  return end;
}

function isPercentile(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) !== 0x70 || end === start + 1) return false;
  for (let i = start + 1; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

function endOfNumber(text: string, start: number): number {
  let end = endOfDigits(text, start);
  if (text.charCodeAt(end) === 0x2e && isDigit(text.charCodeAt(end + 1))) end = endOfDigits(text, end + 1);
  const exponent = text.charCodeAt(end);
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = text.charCodeAt(end + 1);
    const digits = sign === 0x2b || sign === 0x2d ? end + 2 : end + 1;
    if (isDigit(text.charCodeAt(digits))) end = endOfDigits(text, digits);
  }
  return end;
}

/** Digits, with underscores between them. */
function endOfDigits(text: string, start: number): number {
  let end = start;
  for (;;) {
    const code = text.charCodeAt(end);
    if (isDigit(code) || (code === 0x5f && end > start && isDigit(text.charCodeAt(end + 1)))) end++;
    else return end;
  }
}

/** A string ends at its closing quote, or at the end of the line if it has none. */
function endOfString(text: string, start: number, quote: number): number {
  let end = start + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === quote) return end + 1;
    if (code === 0x0a || code === 0x0d) return end;
    const next = text.charCodeAt(end + 1);
    end += code === 0x5c && end + 1 < text.length && next !== 0x0a && next !== 0x0d ? 2 : 1;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && text.charCodeAt(end) !== 0x0a && text.charCodeAt(end) !== 0x0d) end++;
  return end;
}

function skipBlank(text: string, start: number): number {
  let end = start;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c || code === 0xa0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

const letter = /^\p{L}$/u;

function isNameStart(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  if (code < 0x80) return isAsciiLetter(code) || code === 0x5f;
  const codePoint = text.codePointAt(position);
  return codePoint !== undefined && letter.test(String.fromCodePoint(codePoint));
}

function isNamePart(text: string, position: number): boolean {
  return isDigit(text.charCodeAt(position)) || isNameStart(text, position);
}

function widthAt(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}
