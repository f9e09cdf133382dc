import type { DiagnosticCode, Severity } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';

export interface RelatedLocation {
  readonly message: string;
  readonly origin: Origin;
}

/** A replacement of the text between two offsets. It is an insertion if the offsets are equal. */
export interface TextEdit {
  readonly origin: Origin;
  readonly newText: string;
}

/** A quick fix of a diagnostic. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly preferred?: boolean;
}

/**
 * A problem in an input. The message states what is wrong, what was expected and what to do. `code` is stable ("unknown-property") and has a
 * page in docs/diagnostics/. `origin` is the smallest range that shows the problem.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly origin: Origin;
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
  readonly tag?: 'unnecessary' | 'deprecated';
}

/** The result of reading an input: as much of the value as could be read, and the problems. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a diagnostic makes the value unusable for a simulation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
