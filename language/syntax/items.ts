import { syntaxMessages, syntaxNotes } from '../messages/index.ts';
import { parseBareConstraint, parseConstraint, startsConstraint } from './constraints.ts';
import type { Cursor } from './cursor.ts';
import { parseArguments, parseExpression, parsePath } from './expressions.ts';
import { parseImport, parseLet } from './import-and-let.ts';
import { parseList } from './lists.ts';
import type {
  Arguments,
  Body,
  Clause,
  Constraint,
  Expression,
  Item,
  Name,
  Path,
  Property,
  Statement,
} from './nodes.ts';
import { isComparison, replaceToken, takeNames, wordsBefore } from './words.ts';

/** Keywords of top-level blocks. A line that starts with one, and is not indented deeper than the open block, ends that block. */
const topLevelKeywords: ReadonlySet<string> = new Set([
  'import',
  'let',
  'npu',
  'model',
  'block',
  'scheduler',
  'scenario',
  'explore',
]);

const clauseKeywords: ReadonlySet<string> = new Set(['extends', 'from', 'as', 'in', 'by']);

/** A measure of several words can follow these. */
const goalKeywords: ReadonlySet<string> = new Set(['maximize', 'minimize']);

const itemElement = 'a property or a block';

/** Reads the items of a whole file. `ready` returns items of an earlier tree that can be reused. */
export function parseFileItems(cursor: Cursor, ready?: (start: number) => Item | undefined): readonly Item[] {
  return parseList(cursor, { close: undefined, element: 'an import, a let or a block', lineSeparates: true }, (at) => {
    const known = ready?.(at.start());
    if (known === undefined) return parseItem(at);
    at.skipTo(known.end);
    return known;
  });
}

/** Reads `{ ... }` at the cursor. `ownerStart`: the start of the item that owns the block. */
export function parseBody(cursor: Cursor, ownerStart: number): Body {
  const start = cursor.start();
  const indent = cursor.indentAt(ownerStart);
  return cursor.withLines(() => {
    const fits = cursor.open({ close: '}', start, indent });
    cursor.advance();
    let items: Item[] = [];
    if (fits) items = parseList(cursor, { close: '}', element: itemElement, lineSeparates: true, leftOpen }, parseItem);
    else skipBlock(cursor);
    const isOwn = !closesOuter(cursor);
    cursor.close();
    const closed = isOwn && cursor.take('}');
    if (!closed) {
      cursor.error(syntaxMessages.unclosedBlock(), start, start + 1, {
        related: [
          {
            message: syntaxNotes.closeBefore({}).text,
            origin: { uri: cursor.uri, start: cursor.start(), end: cursor.end() },
          },
        ],
      });
    }
    return { kind: 'body', start, end: cursor.previousEnd, items, closed };
  });
}

/**
 * Whether a line that starts with '}' is aligned with an outer block, left of this one, and has too few brackets to close all blocks up to
 * that one. Then this block has no '}'. A line such as `} }` can close both.
 */
function closesOuter(cursor: Cursor): boolean {
  const opener = cursor.openers.at(-1);
  if (!cursor.at('}') || !cursor.firstOnLine() || opener === undefined) return false;
  const indent = cursor.indentAt(cursor.start());
  if (indent >= opener.indent) return false;
  const outer = cursor.openers.findLastIndex((one) => one.close === '}' && one.indent === indent);
  return outer >= 0 && closingBrackets(cursor) < cursor.openers.length - outer;
}

/** The number of '}' from the cursor on that follow each other on one line. */
function closingBrackets(cursor: Cursor): number {
  let count = 1;
  while (cursor.kind(count) === '}' && !cursor.newLineAt(count)) count++;
  return count;
}

/** Skips content that is nested too deeply, up to its closing bracket. */
function skipBlock(cursor: Cursor): void {
  let open = 0;
  while (!cursor.at('end-of-file')) {
    if (cursor.at('{')) open++;
    else if (cursor.at('}') && open-- === 0) return;
    cursor.advance();
  }
}

/** Whether a top-level declaration starts here and is not indented deeper than the open block. Then that block has no '}'. */
function leftOpen(cursor: Cursor): boolean {
  if (!cursor.firstOnLine() || !cursor.at('name') || !topLevelKeywords.has(cursor.textOf())) return false;
  const next = cursor.kind(1);
  if (next !== 'name' && next !== 'string') return false;
  const opener = cursor.openers.at(-1);
  return opener !== undefined && cursor.indentAt(cursor.start()) <= opener.indent;
}

function parseItem(cursor: Cursor): Item | undefined {
  if (!cursor.at('name')) {
    // A block without a keyword. Its content is read, so that the text after it is parsed correctly.
    if (cursor.at('{')) {
      cursor.error(syntaxMessages.blockWithoutKeyword(), cursor.start(), cursor.end());
      parseBody(cursor, cursor.start());
    }
    return undefined;
  }
  const first = cursor.textOf();
  const next = cursor.kind(1);
  if (first === 'import' && next !== ':' && next !== '{' && next !== '(' && next !== '=') return parseImport(cursor);
  if (first === 'let' && next !== ':' && next !== '{' && next !== '(') return parseLet(cursor);
  return parseNamed(cursor);
}

/** Reads a property, a constraint or a statement. The first ':' or comparison after the words decides which one it is. */
function parseNamed(cursor: Cursor): Property | Constraint | Statement {
  const words = wordsBefore(cursor);
  const behind = cursor.kind(words);
  if (behind === ':' || behind === '=') return parseProperty(cursor, words);
  if (isComparison(behind)) return parseConstraint(cursor, words);
  return parseStatement(cursor);
}

function parseProperty(cursor: Cursor, count: number): Property | Statement {
  const start = cursor.start();
  const words = takeNames(cursor, count);
  if (cursor.at('=')) {
    const written = words.map((word) => word.text).join(' ');
    cursor.error(syntaxMessages.equalsInProperty({ name: written }), cursor.start(), cursor.end(), {
      fixes: [replaceToken(cursor, ':', "Replace '=' by ':'")],
    });
  }
  const colonStart = cursor.start();
  cursor.advance();
  const first = words[0];
  if (cursor.at('{') && !cursor.newLine() && first !== undefined) {
    const name = words[1];
    cursor.error(syntaxMessages.colonBeforeBlock(), colonStart, colonStart + 1, {
      fixes: [
        {
          title: "Remove ':'",
          edits: [{ origin: { uri: cursor.uri, start: colonStart, end: colonStart + 1 }, newText: '' }],
          preferred: true,
        },
      ],
    });
    const body = parseBody(cursor, start);
    const subject = name && ({ kind: 'path', start: name.start, end: name.end, parts: [name] } as const);
    return {
      kind: 'statement',
      start,
      end: cursor.previousEnd,
      keyword: first,
      subject,
      parameters: undefined,
      clauses: [],
      body,
    };
  }
  if (first !== undefined && startsConstraint(cursor)) return parseBareConstraint(cursor, first);
  const value = parseExpression(cursor, "after ':'");
  return { kind: 'property', start, end: cursor.previousEnd, words, value };
}

function parseStatement(cursor: Cursor): Statement {
  const start = cursor.start();
  const keyword = cursor.name();
  let subject: Expression | undefined;
  if (!cursor.newLine()) {
    if (cursor.at('name') && goalKeywords.has(keyword.text)) subject = parseMeasure(cursor);
    else if (cursor.at('name') && !clauseKeywords.has(cursor.textOf())) subject = parsePath(cursor);
    else if (cursor.at('number') || cursor.at('string')) subject = parseExpression(cursor, 'here');
  }
  let parameters: Arguments | undefined;
  if (cursor.at('(') && !cursor.newLine()) parameters = parseArguments(cursor);
  const clauses: Clause[] = [];
  while (cursor.at('name') && !cursor.newLine() && startsClause(cursor)) {
    const clauseKeyword = cursor.name();
    const value = parseClauseValue(cursor, clauseKeyword);
    clauses.push({
      kind: 'clause',
      start: clauseKeyword.start,
      end: cursor.previousEnd,
      keyword: clauseKeyword,
      value,
    });
  }
  const body = cursor.at('{') ? parseBody(cursor, start) : undefined;
  return { kind: 'statement', start, end: cursor.previousEnd, keyword, subject, parameters, clauses, body };
}

/** Reads the words of a measure as one path: `p99.9 latency`. */
function parseMeasure(cursor: Cursor): Path {
  const path = parsePath(cursor);
  const parts = [...path.parts];
  while (cursor.at('name') && !cursor.newLine() && !endsMeasure(cursor.textOf())) parts.push(cursor.name());
  return { ...path, parts, end: cursor.previousEnd };
}

function endsMeasure(word: string): boolean {
  return clauseKeywords.has(word) || goalKeywords.has(word) || word === 'vary';
}

/** The keyword of a clause, or an unknown word with a value after it, for which the checker suggests a correction. */
function startsClause(cursor: Cursor): boolean {
  if (clauseKeywords.has(cursor.textOf())) return true;
  const next = cursor.kind(1);
  return (next === 'name' || next === 'string' || next === '[') && !cursor.newLineAt(1) && cursor.kind(2) !== ':';
}

/** The block after a clause belongs to the statement, so a single name in the clause does not get it. */
function parseClauseValue(cursor: Cursor, keyword: Name): Expression {
  const isName = cursor.at('name') && !cursor.newLine() && cursor.kind(1) !== '(';
  // A `vary` line has no block, and its values may start with a name: `in low .. high step gap`.
  if (isName && keyword.text !== 'in') return parsePath(cursor);
  return parseExpression(cursor, `after '${keyword.text}'`);
}
