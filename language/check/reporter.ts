import {
  type Diagnostic,
  type DiagnosticDetails,
  diagnosticAt,
  type Message,
  type Origin,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import { suggest } from '../suggest.ts';

export interface ReportDetails extends DiagnosticDetails {
  /** Distinguishes diagnostics with the same code and place: all diagnostics of an imported file are placed at its import. */
  readonly within?: string;
}

/** The most diagnostics that one check reports, to bound its memory. Our assumption: a person does not read more. */
const maxDiagnostics = 1000;

/** Collects diagnostics, one for each place and code: an error in a block that is used ten times is reported once. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  /** The number of calls of `report`, including repeated ones. */
  count = 0;
  private readonly seen = new Set<string>();
  /** How many more names may be compared with misspelt ones. The limit avoids quadratic time for thousands of unknown names. */
  private comparisons: number = limits.comparedNames;

  /** Whether no more diagnostics are shown. Then parts of messages, such as fixes, need not be computed. */
  get isFull(): boolean {
    return this.diagnostics.length >= maxDiagnostics;
  }

  /**
   * The name that is most like `written`. Undefined once no more diagnostics are shown or the limit of comparisons is reached. Only before
   * that is a function as `names` called.
   */
  suggest(written: string, names: readonly string[] | ((most: number) => readonly string[])): string | undefined {
    if (this.isFull || this.comparisons <= 0) return undefined;
    const candidates = typeof names === 'function' ? names(this.comparisons) : names;
    this.comparisons -= candidates.length + 1;
    return suggest(written, candidates);
  }

  report(origin: Origin, message: Message, details: ReportDetails = {}): void {
    this.count++;
    const { within = '', ...rest } = details;
    const key = `${message.code}\n${origin.start}\n${origin.end}\n${origin.uri}\n${within}`;
    if (this.seen.has(key) || this.isFull) return;
    this.seen.add(key);
    this.diagnostics.push(diagnosticAt(origin, message, rest));
  }
}
