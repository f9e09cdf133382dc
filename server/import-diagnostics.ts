import { type Diagnostic, diagnosticAt, type Message, safeText } from '../design/index.ts';
import { fileName } from '../engine/index.ts';
import type { Program } from '../language/index.ts';
import { serverMessages } from './messages.ts';

/** The largest number of places that one message lists. More would repeat the message. Our assumption. */
const mostPlaces = 10;

/**
 * One error for each import of the document that leads to a file with errors. Such an error rejects the document's run,
 * and the editor shows a file's own diagnostics only in that file.
 */
export function importDiagnostics(program: Program): readonly Diagnostic[] {
  const errors = program.diagnostics.filter(
    ({ severity, origin }) => severity === 'error' && origin.uri !== program.uri && program.files.has(origin.uri),
  );
  if (errors.length === 0) return [];
  const reported = new Set<Diagnostic>();
  return importsOf(program, program.uri).flatMap(({ uri, start, end }): readonly Diagnostic[] => {
    const reached = reachOf(program, uri);
    // Two imports may lead to one file. Only the first of them reports it.
    const behind = errors.filter((one) => reached.has(one.origin.uri) && !reported.has(one));
    const [first] = behind;
    if (first === undefined) return [];
    for (const one of behind) reported.add(one);
    const related = behind.slice(0, mostPlaces).map(({ message, origin }) => ({ message: safeText(message), origin }));
    return [diagnosticAt({ uri: program.uri, start, end }, messageOf(program, first, behind.length), { related })];
  });
}

function messageOf(program: Program, first: Diagnostic, count: number): Message {
  const name = fileName(first.origin.uri);
  const position = program.files.get(first.origin.uri)?.lines.positionAt(first.origin.start);
  const place = position === undefined ? name : `${name}, line ${position.line + 1}`;
  return serverMessages.importHasErrors({ place, first: first.message, count });
}

interface ImportFact {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** The imports of a file that were found, in the order of the text. */
function importsOf(program: Program, uri: string): readonly ImportFact[] {
  const facts = program.files.get(uri)?.facts() ?? [];
  return facts.flatMap((fact) => (fact.kind === 'import' ? [fact] : []));
}

/** A file and all files that it imports, directly or indirectly. */
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
