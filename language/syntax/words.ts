import type { Cursor } from './cursor.ts';
import type { Name } from './nodes.ts';

/** The number of consecutive names on this line, at most four, the most that any item starts with: `subject to p99 latency`. */
export function wordsBefore(cursor: Cursor): number {
  let count = 1;
  while (count < 4 && cursor.kind(count) === 'name' && !breaksLine(cursor, count)) count++;
  return count;
}

function breaksLine(cursor: Cursor, ahead: number): boolean {
  for (let i = 1; i <= ahead; i++) if (cursor.newLineAt(i)) return true;
  return false;
}

export function takeNames(cursor: Cursor, count: number): Name[] {
  const names: Name[] = [];
  for (let i = 0; i < count; i++) names.push(cursor.name());
  return names;
}

/** Whether a token of this kind compares a measure with its limit. */
export function isComparison(kind: string): boolean {
  return kind === '<=' || kind === '>=' || kind === '<' || kind === '>' || kind === '==';
}

/** A fix that replaces the token at the cursor. */
export function replaceToken(cursor: Cursor, newText: string, title: string) {
  return {
    title,
    edits: [{ origin: { uri: cursor.uri, start: cursor.start(), end: cursor.end() }, newText }],
    preferred: true,
  };
}
