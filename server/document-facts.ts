import { type Exploration, hasErrors, type Scenario } from '../design/index.ts';
import type { Program } from '../language/index.ts';
import type { RunProblem } from '../protocol/index.ts';
import type { Workspace } from './workspace.ts';

/** What a run needs from a document's text as it is now. */
export interface DocumentFacts {
  /** Complete and free of errors; undefined if the text has errors. */
  readonly scenarios: readonly Scenario[] | undefined;
  /** Empty if the text has errors. */
  readonly explorations: readonly Exploration[];
  /** The first error; null if there is none. */
  readonly problem: RunProblem | null;
  /** The URIs of all files that the document imports, directly or indirectly. */
  readonly imports: readonly string[];
}

/** The scenarios that a document declares itself. Scenarios of imported files run in their own documents. */
export function ownScenarios(program: Program): readonly Scenario[] {
  return program.design.scenarios.filter((scenario) => scenario.origin.uri === program.uri);
}

/** What a run needs from a document's text: its scenarios, or its first error and the place of that error. */
export function factsOf(workspace: Workspace, uri: string): DocumentFacts {
  const program = workspace.program(uri);
  const imports = [...program.files.keys()].filter((file) => file !== uri);
  if (!hasErrors(program.diagnostics)) {
    return { scenarios: ownScenarios(program), explorations: program.design.explorations, problem: null, imports };
  }
  const first = program.diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (first === undefined) return { scenarios: undefined, explorations: [], problem: null, imports };
  const position = workspace.lines(program, first.origin.uri)?.positionAt(first.origin.start);
  const place =
    position === undefined ? null : { uri: first.origin.uri, line: position.line + 1, column: position.character + 1 };
  return { scenarios: undefined, explorations: [], problem: { message: first.message, place }, imports };
}
