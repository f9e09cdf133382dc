import type { DiagnosticCode, Severity } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';

export interface RelatedLocation {
  readonly message: string;
  readonly origin: Origin;
}

/** A replacement of the text between two offsets; an insertion where they are equal. */
export interface TextEdit {
  readonly origin: Origin;
  readonly newText: string;
}

/** A change that is offered beside a diagnostic. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly preferred?: boolean;
}

/**
 * What is wrong, said to the person who wrote it: the message names the thing, what is wrong and what would be right.
 * `code` is stable ("unknown-property") and has a page in docs/diagnostics/. `origin` is the smallest range that says it.
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

/** What a reader of input returns: always a value, as much of it as could be read, and what was wrong on the way. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** True where a diagnostic makes the value unfit for a simulation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
