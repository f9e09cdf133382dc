import type { Statement } from '../syntax/index.ts';

/** The name of a serve: its label after `as`, otherwise that of its model. undefined if both are missing. */
export function serveLabel({ subject, clauses }: Statement): string | undefined {
  const label = clauses.find(({ keyword }) => keyword.text === 'as')?.value;
  if (label?.kind === 'path') return label.parts.map(({ text }) => text).join('.');
  return subject?.kind === 'path' ? subject.parts[0]?.text : undefined;
}
