import type { Diagnostic, Origin, Scenario, ScenarioResult } from '../../design/index.ts';
import type { Complaint } from '../complaint.ts';
import { rangeOf, type SourceRange, type Sources } from '../source-text.ts';

/** A simulated scenario, with a diagnostic for each objective that is not met. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that a command found out about one file that the user named. The formats for other programs are made of it. */
export interface FileReport {
  /** As the user wrote it. */
  readonly name: string;
  /** The reason why the file could not be read, and problems of files to write. */
  readonly complaints: readonly Complaint[];
  /** Diagnostics of the design: of the file and of what it imports. */
  readonly diagnostics: readonly Diagnostic[];
  /** Empty for `check`, and for a file with errors. */
  readonly outcomes: readonly Outcome[];
}

/** What JUnit, SARIF and GitHub get: the name of the command and its reports. */
export interface CommandReport {
  readonly command: string;
  readonly files: readonly FileReport[];
  readonly sources: Sources;
}

/** The formats that other programs read, besides JSON. */
export const reportFormats = ['junit', 'sarif', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export function isReportFormat(format: string): format is ReportFormat {
  return (reportFormats as readonly string[]).includes(format);
}

/** All diagnostics of a report, each once. Hints are for editors and left out. */
export function allDiagnostics({ files }: CommandReport): readonly Diagnostic[] {
  const all = files.flatMap(({ diagnostics, outcomes }) => [
    ...diagnostics,
    ...outcomes.flatMap((outcome) => outcome.diagnostics),
  ]);
  return eachOnce(all).filter(({ severity }) => severity !== 'hint');
}

/** Two files that import the same third file both have its problems. Keeps each problem once. */
export function eachOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const each of diagnostics) {
    const { uri, start, end } = each.origin;
    found.set([uri, start, end, each.code, each.message].join('\n'), each);
  }
  return [...found.values()];
}

/** The lines and columns of a place. Undefined if its text is not known. */
export function placeOf(origin: Origin, sources: Sources): SourceRange | undefined {
  const lines = sources.linesOf(origin.uri);
  return lines === undefined ? undefined : rangeOf(lines, origin);
}

/** Reports of arguments that name no file. */
export function unnamedFiles(complaints: readonly Complaint[]): readonly FileReport[] {
  return complaints.map((each) => ({ name: each.file ?? '', complaints: [each], diagnostics: [], outcomes: [] }));
}
