import { syntaxMessages } from '../messages/index.ts';
import type { Cursor } from './cursor.ts';

/** The differences between files, blocks, arguments and lists, which all use the function below. */
export interface ListRules {
  /** The closing bracket; undefined for the file itself. */
  readonly close: '}' | ')' | ']' | undefined;
  /** The name of an element in messages: "a property or a block". */
  readonly element: string;
  /** Whether a line break separates elements, as a comma does. */
  readonly lineSeparates: boolean;
  /** Whether the token at the cursor shows that the list has no closing bracket and something else starts. */
  readonly leftOpen?: (cursor: Cursor) => boolean;
}

/**
 * Reads elements up to the closing bracket, which the caller reads. Every iteration consumes at least one token. An unexpected token is
 * reported once and the rest of its line is skipped. The elements before and after it are kept.
 */
export function parseList<T>(cursor: Cursor, rules: ListRules, element: (cursor: Cursor) => T | undefined): T[] {
  const items: T[] = [];
  for (;;) {
    if (cursor.at('end-of-file') || (rules.close !== undefined && cursor.at(rules.close))) return items;
    if (isCloser(cursor)) {
      if (cursor.openers.slice(0, -1).some((opener) => cursor.at(opener.close))) return items;
      const found = cursor.found();
      cursor.error(syntaxMessages.closesNothing({ found }), cursor.start(), cursor.end(), {
        fixes: [remove(cursor, cursor.start(), cursor.end(), `Remove ${found}`)],
      });
      cursor.advance();
      continue;
    }
    if (rules.leftOpen?.(cursor)) return items;
    if (cursor.at(',')) {
      cursor.error(syntaxMessages.nothingBeforeComma({ expected: rules.element }), cursor.start(), cursor.end(), {
        fixes: [remove(cursor, cursor.start(), cursor.end(), "Remove ','")],
      });
      cursor.advance();
      continue;
    }
    const before = cursor.place;
    const item = element(cursor);
    if (item !== undefined) items.push(item);
    if (cursor.place === before && cursor.textOf() === '#') {
      const origin = { uri: cursor.uri, start: cursor.start(), end: cursor.end() };
      cursor.error(syntaxMessages.hashComment(), origin.start, origin.end, {
        fixes: [{ title: "Write '//'", edits: [{ origin, newText: '//' }], preferred: true }],
      });
      cursor.advance();
      skipLine(cursor, rules);
      continue;
    }
    if (cursor.place === before) {
      const message = syntaxMessages.unexpectedToken({ expected: rules.element, found: cursor.found() });
      cursor.error(message, cursor.start(), cursor.end());
      cursor.advance();
      skipLine(cursor, rules);
      continue;
    }
    separate(cursor, rules);
  }
}

/**
 * Reads the comma after an element. None is needed after a bracket: `conv { ... } relu`. Otherwise this reports a missing separator and
 * continues where an element may start.
 */
function separate(cursor: Cursor, rules: ListRules): void {
  if (cursor.take(',')) return;
  if (cursor.at('end-of-file') || isCloser(cursor)) return;
  const closed = cursor.previousKind === '}' || cursor.previousKind === ')';
  if (rules.lineSeparates && (cursor.firstOnLine() || closed)) return;
  if (rules.leftOpen?.(cursor)) return;
  if (cursor.textOf() === ';') {
    cursor.error(syntaxMessages.semicolon(), cursor.start(), cursor.end(), {
      fixes: [remove(cursor, cursor.start(), cursor.end(), "Remove ';'")],
    });
    cursor.advance();
    return;
  }
  // `int4 per 128`: the parser has no list of formats, but a word `per` follows a value in no other place.
  if (cursor.textOf() === 'per' && !cursor.firstOnLine()) {
    cursor.error(syntaxMessages.groupWithPer(), cursor.start(), cursor.end());
    skipLine(cursor, rules);
    return;
  }
  const insertAt = cursor.previousEnd;
  cursor.error(
    syntaxMessages.missingSeparator({ found: cursor.found(), lineSeparates: rules.lineSeparates }),
    cursor.start(),
    cursor.end(),
    startsElement(cursor)
      ? {
          fixes: [
            {
              title: "Insert ','",
              edits: [{ origin: { uri: cursor.uri, start: insertAt, end: insertAt }, newText: ',' }],
            },
          ],
        }
      : {},
  );
  if (!startsElement(cursor)) skipLine(cursor, rules);
}

/** Skips to the possible start of the next element. Brackets on the way are skipped with their content. */
function skipLine(cursor: Cursor, rules: ListRules): void {
  let open = 0;
  for (;;) {
    if (cursor.at('end-of-file')) return;
    if (open === 0) {
      if (isCloser(cursor)) return;
      if (cursor.at(',')) {
        cursor.advance();
        return;
      }
      if (rules.lineSeparates && cursor.firstOnLine()) return;
      if (rules.leftOpen?.(cursor)) return;
    }
    if (cursor.at('{') || cursor.at('(') || cursor.at('[')) open++;
    else if (isCloser(cursor)) open--;
    cursor.advance();
  }
}

function startsElement(cursor: Cursor): boolean {
  const kind = cursor.kind();
  return kind === 'name' || kind === 'number' || kind === 'string';
}

function isCloser(cursor: Cursor): boolean {
  return cursor.at('}') || cursor.at(')') || cursor.at(']');
}

function remove(cursor: Cursor, start: number, end: number, title: string) {
  return { title, edits: [{ origin: { uri: cursor.uri, start, end }, newText: '' }] };
}
