import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';

/**
 * What was guessed, left out or cut. What is known before a run is also reported as a diagnostic with the same code, which has a page in
 * docs/diagnostics/. A new kind of caveat starts here.
 */
export const caveatCodes = [
  /** Rows of a trace that could not be read. */
  'trace-rows',
  /** The column of arrival times was chosen among several. */
  'trace-column',
  /** The unit of the times was guessed. */
  'trace-unit',
  /** Rows that were not in the order of their times. */
  'trace-unsorted',
  /** Many rows share one instant, because the times are coarse. */
  'trace-resolution',
  /** Rows that may stand for several requests each. */
  'trace-counts',
  /** Rows that may be no arrivals. */
  'trace-events',
  /** A time that may be wrong: far away from all others. */
  'trace-gap',
  /** Dates of which only some state their offset from UTC. */
  'trace-zone',
  /** Rows of a trace behind the end of the run. */
  'trace-cut',
  /** An operator that is not understood. */
  'onnx-unknown-operator',
  /** An operator whose cost is computed as if it were another. */
  'onnx-approximated',
  /** A branch that was chosen among several. */
  'onnx-assumed-branch',
  /** An open dimension that was given a value. */
  'onnx-assumed-dimension',
  /** A shape that contradicts the one that the file states. */
  'onnx-shape-mismatch',
  /** A layer whose tiles do not fit into the chip's scratchpad. */
  'small-vmem',
  /** Networks that do not fit into the off-chip memory, where a command computes figures beside the error. */
  'memory-too-small',
] as const satisfies readonly DiagnosticCode[];

/** What searches over runs cut or assume. It arises behind the runs, so no diagnostic reports it: the result of the search does. */
export const searchCaveatCodes = [
  /** A search for a load that stopped at the highest or the lowest load that it tries. */
  'search-limit',
  /** A search for a load that tested steady traffic at the highest rate in the place of traffic that the budget does not cover. */
  'steady-traffic',
] as const;

export type CaveatCode = (typeof caveatCodes)[number] | (typeof searchCaveatCodes)[number];

/**
 * How the true result can differ from the simulated one.
 * `any`: in either direction, by an unknown amount.
 * `heavier`: there is more work than was simulated. The truth is slower or costlier, unless the work changes when a policy bursts.
 * `more-requests`: `count` requests are missing from the run.
 * `none`: not at all; the caveat is shown and changes no verdict.
 */
export type CaveatEffect =
  | { readonly kind: 'any' }
  | { readonly kind: 'heavier' }
  | { readonly kind: 'more-requests'; readonly count: number }
  | { readonly kind: 'none' };

/**
 * Something guessed, left out or cut that a result rests on. A value stated in the file or in the library is an input, never a caveat.
 * Who produces a caveat also reports it as a warning with the same code at the same place, unless it arises in a search.
 */
export interface Caveat {
  readonly code: CaveatCode;
  /** Where the guess arises: where the user can accept it or put it right. */
  readonly origin: Origin;
  /** One or two plain sentences for people: what was guessed, and how to accept it or put it right. Starts with a capital, ends with a full stop. */
  readonly text: string;
  readonly effect: CaveatEffect;
  /** Names of the serves whose verdicts it affects. Absent: all of the scenario, since they share the chips. */
  readonly serves?: readonly string[];
}

/** Whether a caveat concerns a serve's verdicts. */
export function affectsServe(caveat: Caveat, serve: string): boolean {
  return caveat.serves === undefined || caveat.serves.includes(serve);
}

/** Adds those that are not there yet: a network or a trace that two serves share brings its caveats once. */
export function addCaveats(to: Caveat[], caveats: readonly Caveat[]): void {
  for (const caveat of caveats) if (!to.some((other) => isSameCaveat(other, caveat))) to.push(caveat);
}

/** Whether two caveats say the same, wherever in the text they arise. */
export function isSameCaveat(a: Caveat, b: Caveat): boolean {
  return a.code === b.code && a.text === b.text;
}
