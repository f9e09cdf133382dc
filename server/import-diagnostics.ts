import type { Diagnostic } from '../design/index.ts';
import { fileName } from '../engine/index.ts';
import type { Program } from '../language/index.ts';

/** A message beyond this many places repeats itself. */
const mostPlaces = 10;

/** Characters of another file's message that are quoted. */
const mostQuoted = 200;

/**
 * One error for each import of the document that leads to a file with errors. Such an error rejects the document's run, and the editor shows a
 * file's own diagnostics only beside that file.
 */
export function importDiagnostics(program: Program): readonly Diagnostic[] {
  const errors = program.diagnostics.filter(
    ({ severity, origin }) => severity === 'error' && origin.uri !== program.uri && program.files.has(origin.uri),
  );
  if (errors.length === 0) return [];
  const reported = new Set<Diagnostic>();
  return importsOf(program, program.uri).flatMap(({ uri, start, end }): readonly Diagnostic[] => {
    const reached = reachOf(program, uri);
    // Two imports may lead to one file: the first of them reports it.
    const behind = errors.filter((one) => reached.has(one.origin.uri) && !reported.has(one));
    const [first] = behind;
    if (first === undefined) return [];
    for (const one of behind) reported.add(one);
    return [
      {
        code: 'import-has-errors',
        severity: 'error',
        message: messageOf(program, first, behind.length),
        origin: { uri: program.uri, start, end },
        related: behind.slice(0, mostPlaces).map(({ message, origin }) => ({ message: quoted(message), origin })),
      },
    ];
  });
}

function messageOf(program: Program, first: Diagnostic, count: number): string {
  const name = fileName(first.origin.uri);
  const position = program.files.get(first.origin.uri)?.lines.positionAt(first.origin.start);
  const place = position === undefined ? name : `${name}, line ${position.line + 1}`;
  const others = count === 1 ? '' : ` The import leads to ${count} errors in all.`;
  return `${place} has an error: ${quoted(first.message)}.${others} Fix it to simulate this file.`;
}

function quoted(message: string): string {
  return message.length <= mostQuoted ? message : `${message.slice(0, mostQuoted)}…`;
}

interface ImportFact {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** Imports of a file that were found, in the text's order. */
function importsOf(program: Program, uri: string): readonly ImportFact[] {
  const facts = program.files.get(uri)?.facts() ?? [];
  return facts.flatMap((fact) => (fact.kind === 'import' ? [fact] : []));
}

/** A file and all that it imports, directly or not. */
function reachOf(program: Program, uri: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [uri];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...importsOf(program, next).map((one) => one.uri));
  }
  return reached;
}
