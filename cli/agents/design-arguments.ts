import type { DocumentRequest } from '../documents.ts';
import type { Json } from '../json/document.ts';
import { choiceSchema, countSchema, objectSchema, type Properties, textSchema } from '../json/schema.ts';
import { isRecord, type ToolArguments, type ToolProblem } from './tool.ts';

/** The arguments that name a design. All tools that read one have them. */
export const designArguments: Properties = {
  file: textSchema('The .npu file: a path, relative to the directory in which the server was started.'),
  text: textSchema('The text of a design, instead of a file. Imports are relative to the directory of the server.'),
  settings: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Values that replace those of \'let\' lines of the design, such as {"peak": "9000 rps"}.',
  },
};

export const scenarioArgument: Properties = {
  scenario: textSchema('The name of a scenario. By default, all scenarios of the file.'),
};

/** The design of a call and the options of the command, or the problem with the arguments. */
export function designRequest(
  given: ToolArguments,
  options: Readonly<Record<string, string | undefined>>,
  stop: AbortSignal,
): DocumentRequest | ToolProblem {
  const [file, text] = [given.text('file'), given.text('text')];
  if ((file === undefined) === (text === undefined)) {
    return { problem: "name a design with either 'file' (a path) or 'text' (its content)" };
  }
  const settings = Object.entries(given.texts('settings')).map(([name, value]) => `${name}=${value}`);
  return { file: file ?? '-', text, options: { ...options, set: settings }, stop };
}

/** An agent reads the first problems. A broken file can have thousands. */
const mostProblems = 20;

export const problemsSchema: Properties = {
  problems: {
    type: 'array',
    description: `Errors and warnings, at most ${mostProblems}. Lines and columns count from 1.`,
    items: objectSchema(
      {
        severity: choiceSchema(['error', 'warning', 'information', 'hint'], 'Only errors prevent a run.'),
        code: textSchema('A stable code. read_docs explains it: page "diagnostics/CODE".'),
        message: textSchema('What is wrong and what was expected.'),
      },
      {
        file: textSchema('The file of the problem.'),
        line: countSchema('Its first line.'),
        column: countSchema('Its first column.'),
        fixes: { type: 'array', items: { type: 'string' }, description: 'Edits that solve it.' },
      },
    ),
  },
  omittedProblemCount: countSchema('The number of problems beyond that.'),
};

/** The diagnostics of a document, shortened. */
export function problemsOf(diagnostics: Json | undefined): {
  readonly problems: readonly Json[];
  readonly omittedProblemCount: number;
} {
  const all = recordsOf(diagnostics);
  const problems = all.slice(0, mostProblems).map((each): Json => {
    const { severity, code, message, file, startLine: line, startColumn: column } = each;
    const fixes = recordsOf(each.fixes).flatMap(({ title }) => title ?? []);
    return {
      ...kept({ severity, code, message, file, line, column }),
      ...(fixes.length === 0 ? {} : { fixes }),
    };
  });
  return { problems, omittedProblemCount: all.length - problems.length };
}

/** The records of a list in a document; none if it is something else. */
export function recordsOf(value: Json | undefined): readonly { readonly [key: string]: Json }[] {
  return (Array.isArray(value) ? (value as readonly Json[]) : []).filter(isObject);
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return isRecord(value);
}

/** The keys that have a value. */
export function kept(values: Readonly<Record<string, Json | undefined>>): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value == null ? [] : [[key, value]])));
}

/** A part of a record, in the order of `keys`. */
export function picked(
  record: { readonly [key: string]: Json },
  keys: readonly string[],
): { readonly [key: string]: Json } {
  return kept(Object.fromEntries(keys.map((key) => [key, record[key]])));
}
