import { syntaxMessages, syntaxNotes } from '../messages/index.ts';
import type { Cursor } from './cursor.ts';
import { parseList } from './lists.ts';
import type {
  Application,
  Argument,
  Arguments,
  Body,
  Expression,
  List,
  Missing,
  Name,
  Path,
  Quantity,
  Text,
} from './nodes.ts';

/** Reads a value: sums and products, ranges, `a with b`. `what`: the place for the message if it is missing, such as "after ':'". */
export function parseExpression(cursor: Cursor, what: string): Expression {
  cursor.startExpression();
  let base = parseRange(cursor, what);
  while (cursor.atWord('with') && !cursor.newLine() && cursor.countOperator()) {
    cursor.advance();
    const change = parseRange(cursor, "after 'with'");
    base = { kind: 'with', start: base.start, end: Math.max(change.end, cursor.previousEnd), base, change };
  }
  return base;
}

const spacings = ['step', 'linear', 'logarithmic'] as const;

function parseRange(cursor: Cursor, what: string): Expression {
  const from = parseSum(cursor, what);
  if (!cursor.at('..') || cursor.newLine()) return from;
  cursor.advance();
  const to = parseSum(cursor, "after '..'");
  let step: Expression | undefined;
  const word = spacings.find((one) => cursor.atWord(one));
  if (word !== undefined && !cursor.newLine()) {
    cursor.advance();
    step = parseSum(cursor, `after '${word}'`);
  }
  const spacing = step === undefined ? 'step' : (word ?? 'step');
  return { kind: 'range', start: from.start, end: cursor.previousEnd, from, to, spacing, step };
}

function parseSum(cursor: Cursor, what: string): Expression {
  let left = parseProduct(cursor, what);
  for (;;) {
    const operator = cursor.kind();
    if ((operator !== '+' && operator !== '-') || cursor.newLine() || !cursor.countOperator()) return left;
    cursor.advance();
    const right = parseProduct(cursor, `after '${operator}'`);
    left = { kind: 'binary', start: left.start, end: cursor.previousEnd, operator, left, right };
  }
}

function parseProduct(cursor: Cursor, what: string): Expression {
  let left = parseUnary(cursor, what);
  for (;;) {
    const operator = cursor.kind();
    if ((operator !== '*' && operator !== '/') || cursor.newLine() || !cursor.countOperator()) return left;
    cursor.advance();
    const right = parseUnary(cursor, `after '${operator}'`);
    left = { kind: 'binary', start: left.start, end: cursor.previousEnd, operator, left, right };
  }
}

function parseUnary(cursor: Cursor, what: string): Expression {
  const operator = cursor.kind();
  if (operator !== '-' && operator !== '+') return parseDimensions(cursor, what);
  const start = cursor.start();
  if (!cursor.enter()) {
    cursor.leave();
    return missing(cursor);
  }
  cursor.advance();
  const operand = parseUnary(cursor, `after '${operator}'`);
  cursor.leave();
  return { kind: 'unary', start, end: cursor.previousEnd, operator, operand };
}

function parseDimensions(cursor: Cursor, what: string): Expression {
  const first = parsePrimary(cursor, what);
  if (!cursor.atWord('x') || cursor.newLine()) return first;
  const factors = [first];
  while (cursor.atWord('x') && !cursor.newLine() && cursor.countOperator()) {
    cursor.advance();
    factors.push(parsePrimary(cursor, "after 'x'"));
  }
  return { kind: 'dimensions', start: first.start, end: cursor.previousEnd, factors };
}

function parsePrimary(cursor: Cursor, what: string): Expression {
  if (!cursor.newLine()) {
    switch (cursor.kind()) {
      case 'number':
        return parseQuantity(cursor);
      case 'string':
        return parseText(cursor);
      case 'name':
        return parseApplication(cursor);
      case '[':
        return parseBracketed(cursor);
      case '(':
        return parseGroup(cursor);
      default:
    }
  }
  return missingValue(cursor, what);
}

/** Reports a missing value. At the end of a line or block, the place is the token before it; otherwise the unexpected token. */
function missingValue(cursor: Cursor, what: string): Missing {
  const closes = cursor.at('}') || cursor.at(']') || cursor.at(')');
  if (cursor.newLine() || cursor.at('end-of-file') || closes || cursor.at(',')) {
    cursor.error(syntaxMessages.missingValue({ place: what }), cursor.start(-1), cursor.previousEnd);
  } else {
    const message = syntaxMessages.otherThanValue({ place: what, found: cursor.found() });
    cursor.error(message, cursor.start(), cursor.end());
  }
  return missing(cursor);
}

function missing(cursor: Cursor): Missing {
  return { kind: 'missing', start: cursor.previousEnd, end: cursor.previousEnd };
}

function parseQuantity(cursor: Cursor): Quantity {
  const start = cursor.start();
  const digits = cursor.textOf();
  cursor.advance();
  let unit: Name | undefined;
  if (cursor.at('unit')) unit = cursor.name();
  return { kind: 'quantity', start, end: cursor.previousEnd, digits, number: Number(digits.replaceAll('_', '')), unit };
}

export function parseText(cursor: Cursor): Text {
  const start = cursor.start();
  const end = cursor.end();
  const source = cursor.textOf();
  const quote = source.charAt(0);
  const closed = source.length > 1 && source.endsWith(quote) && !endsInEscape(source);
  if (!closed) {
    cursor.error(syntaxMessages.unterminatedText({ quote }), start, end, {
      fixes: [{ title: `Insert ${quote}`, edits: [{ origin: { uri: cursor.uri, start: end, end }, newText: quote }] }],
    });
  } else if (quote === "'") {
    cursor.error(syntaxMessages.singleQuotes(), start, end, {
      fixes: [
        {
          title: 'Use double quotes',
          edits: [{ origin: { uri: cursor.uri, start, end }, newText: `"${source.slice(1, -1)}"` }],
          preferred: true,
        },
      ],
    });
  }
  const inner = source.slice(1, closed ? -1 : undefined);
  cursor.advance();
  return { kind: 'text', start, end, value: unescapeText(inner) };
}

/** Whether the last quote is escaped: an odd number of backslashes precedes it. */
function endsInEscape(source: string): boolean {
  let backslashes = 0;
  for (let i = source.length - 2; i > 0 && source.charAt(i) === '\\'; i--) backslashes++;
  return backslashes % 2 === 1;
}

function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/gsu, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped));
}

/** Reads names joined by dots. A dot without a name after it is reported and left out. */
export function parsePath(cursor: Cursor): Path {
  const first = cursor.name();
  const parts: Name[] = [first];
  while (cursor.at('.') && !cursor.newLine()) {
    cursor.advance();
    if (cursor.at('name') && !cursor.newLine()) parts.push(cursor.name());
    else if (cursor.at('number') && !cursor.newLine()) parts.push(cursor.name());
    else {
      cursor.error(syntaxMessages.missingNameAfterDot(), cursor.previousEnd - 1, cursor.previousEnd);
      break;
    }
  }
  return { kind: 'path', start: first.start, end: cursor.previousEnd, parts };
}

function parseApplication(cursor: Cursor): Path | Application {
  const path = parsePath(cursor);
  const subject = path.parts.length === 1 && path.parts[0]?.text === 'repeat' ? parseCount(cursor) : undefined;
  const parameters = cursor.at('(') && !cursor.newLine() ? parseArguments(cursor) : undefined;
  const body: Body | undefined = cursor.at('{') ? cursor.parseBlock(cursor, path.start) : undefined;
  if (subject === undefined && parameters === undefined && body === undefined) return path;
  return { kind: 'application', start: path.start, end: cursor.previousEnd, path, subject, parameters, body };
}

/** Reads the count of a labelled repetition: a number, or a name that is followed by the block. */
function parseCount(cursor: Cursor): Expression | undefined {
  if (cursor.newLine()) return undefined;
  if (cursor.at('number')) return parseQuantity(cursor);
  return cursor.at('name') && cursor.kind(1) === '{' ? parsePath(cursor) : undefined;
}

/** Reads `( ... )` at the cursor. */
export function parseArguments(cursor: Cursor): Arguments {
  const start = cursor.start();
  let items: Argument[] = [];
  const closed = bracketed(cursor, ')', () => {
    items = parseList(cursor, { close: ')', element: 'an argument', lineSeparates: false, leftOpen }, parseArgument);
  });
  return { kind: 'arguments', start, end: cursor.previousEnd, items, closed };
}

function parseArgument(cursor: Cursor): Argument | undefined {
  const start = cursor.start();
  let name: Name | undefined;
  if (cursor.at('name') && cursor.kind(1) === ':') {
    name = cursor.name();
    cursor.advance();
  }
  if (name === undefined && !startsValue(cursor)) return undefined;
  const value = parseExpression(cursor, name === undefined ? 'here' : "after ':'");
  return { kind: 'argument', start, end: cursor.previousEnd, name, value };
}

function parseBracketed(cursor: Cursor): List {
  const start = cursor.start();
  let items: Expression[] = [];
  const closed = bracketed(cursor, ']', () => {
    items = parseList(cursor, { close: ']', element: 'a value', lineSeparates: false, leftOpen }, (inner) =>
      startsValue(inner) ? parseExpression(inner, 'here') : undefined,
    );
  });
  return { kind: 'list', start, end: cursor.previousEnd, items, closed };
}

function parseGroup(cursor: Cursor): Expression {
  const start = cursor.start();
  let inner: Expression = missing(cursor);
  bracketed(cursor, ')', () => {
    inner = parseExpression(cursor, "after '('");
  });
  return { kind: 'group', start, end: cursor.previousEnd, inner };
}

/** Runs `parse` between the opening bracket at the cursor and its closing bracket. false if the closing bracket is missing. */
function bracketed(cursor: Cursor, close: ')' | ']', parse: () => void): boolean {
  const start = cursor.start();
  const opener = cursor.textOf();
  const fits = cursor.open({ close, start, indent: cursor.indentAt(start) });
  cursor.advance();
  if (fits) parse();
  cursor.close();
  if (cursor.take(close)) return true;
  const insertAt = cursor.previousEnd;
  cursor.error(syntaxMessages.unclosedBracket({ close, found: cursor.found() }), insertAt - 1, insertAt, {
    related: [
      {
        message: syntaxNotes.bracketOpened({ bracket: opener }).text,
        origin: { uri: cursor.uri, start, end: start + 1 },
      },
    ],
    fixes: [
      {
        title: `Insert '${close}'`,
        edits: [{ origin: { uri: cursor.uri, start: insertAt, end: insertAt }, newText: close }],
      },
    ],
  });
  return false;
}

/** Whether a line starts like a property or a block. Then a bracket above it has no closing bracket. */
function leftOpen(cursor: Cursor): boolean {
  if (!cursor.firstOnLine() || !cursor.at('name')) return false;
  const opener = cursor.openers.at(-1);
  if (opener === undefined || opener.close === '}') return false;
  const next = cursor.kind(1);
  const isNamedBlock = next === 'name' && cursor.kind(2) === '{';
  if (next === '<=' || next === '>=' || isNamedBlock) return true;
  // After a comma or the opening bracket, `name: value` is an argument and `name { ... }` is a value.
  const previous = cursor.previousKind;
  const continues = previous === ',' || previous === '(' || previous === '[';
  if (next === ':') return !continues || opener.close === ']';
  return next === '{' && !continues;
}

function startsValue(cursor: Cursor): boolean {
  switch (cursor.kind()) {
    case 'number':
    case 'string':
    case 'name':
    case '[':
    case '(':
    case '-':
    case '+':
      return true;
    default:
      return false;
  }
}
