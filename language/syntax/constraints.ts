import { syntaxMessages } from '../messages/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import type { Body, Constraint, Name, Statement } from './nodes.ts';
import { isComparison, takeNames, wordsBefore } from './words.ts';

/** Whether `p99 latency <=` follows the colon of `slo:`. */
export function startsConstraint(cursor: Cursor): boolean {
  if (!cursor.at('name') || cursor.newLine()) return false;
  return isComparison(cursor.kind(wordsBefore(cursor)));
}

/** Reads `slo: p99 latency <= 15 ms` as the block `slo { p99 latency <= 15 ms }` and reports it. */
export function parseBareConstraint(cursor: Cursor, keyword: Name): Statement {
  const start = cursor.start();
  const constraint = parseConstraint(cursor, wordsBefore(cursor));
  const { uri } = cursor;
  const written = cursor.text.slice(constraint.start, constraint.end);
  cursor.error(
    syntaxMessages.constraintWithoutBlock({ keyword: keyword.text, constraint: written }),
    start,
    constraint.end,
    {
      fixes: [
        {
          title: 'Write it as a block',
          edits: [{ origin: { uri, start: keyword.end, end: constraint.end }, newText: ` { ${written} }` }],
          preferred: true,
        },
      ],
    },
  );
  const body: Body = { kind: 'body', start, end: constraint.end, items: [constraint], closed: true };
  const end = cursor.previousEnd;
  return {
    kind: 'statement',
    start: keyword.start,
    end,
    keyword,
    subject: undefined,
    parameters: undefined,
    clauses: [],
    body,
  };
}

export function parseConstraint(cursor: Cursor, count: number): Constraint {
  const start = cursor.start();
  const words = takeNames(cursor, count);
  const operator = cursor.name();
  const limit = parseExpression(cursor, `after '${operator.text}'`);
  return { kind: 'constraint', start, end: cursor.previousEnd, words, operator, limit };
}
