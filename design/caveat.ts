import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Origin } from './origin.ts';

/**
 * The kinds of caveats: what was guessed, left out or cut. A caveat that is known before a run is also reported as a diagnostic with the same
 * code, which has a page in docs/diagnostics/. To add a kind of caveat, start here.
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
  /** Many rows share one instant, because the times are coarse, or other times within one step of the clock could change a verdict. */
  'trace-resolution',
  /** Rows that may each represent several requests. */
  'trace-counts',
  /** Rows that may be no arrivals. */
  'trace-events',
  /** A time that may be wrong: far away from all others. */
  'trace-gap',
  /** Dates of which only some state their offset from UTC. */
  'trace-zone',
  /** Block hashes of prompts that are not used, or whose blocks have a guessed size. */
  'trace-hashes',
  /** Times of day that start again at midnight. */
  'trace-midnight',
  /** Prompts that are shorter than the tokens that all prompts share. */
  'short-prompts',
  /** Tokens that are drawn once for traffic that is replayed as a recording. */
  'drawn-tokens',
  /** Rows of a trace after the end of the run. */
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
  /** A part of a language model's configuration that is left out or estimated. */
  'hugging-face-approximated',
  /** A layer whose tiles do not fit into the chip's scratchpad. */
  'small-vmem',
  /** Networks that do not fit into the off-chip memory, where a command computes figures beside the error. */
  'memory-too-small',
] as const satisfies readonly DiagnosticCode[];

/** Cuts and assumptions of searches over runs. They appear after the check, so the result of the search reports them, not a diagnostic. */
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
 * `heavier`: there is more work than was simulated. The chip is slower or needs more energy in reality, unless the additional work
 * changes when a policy uses burst mode.
 * `more-requests`: `count` requests are missing from the run.
 * `none`: not at all. The caveat is shown but changes no verdict.
 */
export type CaveatEffect =
  | { readonly kind: 'any' }
  | { readonly kind: 'heavier' }
  | { readonly kind: 'more-requests'; readonly count: number }
  | { readonly kind: 'none' };

/**
 * Something guessed, left out or cut that a result depends on. A value stated in the file or in the library is an input, never a caveat.
 * Code that produces a caveat also reports it as a warning with the same code at the same place, unless it arises in a run or a search.
 */
export interface Caveat {
  readonly code: CaveatCode;
  /** The place of the guess, where the user can accept or correct it. */
  readonly origin: Origin;
  /**
   * One or two plain sentences for people: what was guessed, and how to accept or correct it. It starts with a capital letter and ends with
   * a full stop.
   */
  readonly text: string;
  readonly effect: CaveatEffect;
  /** Names of the serves whose verdicts it affects. Absent if it affects all serves, because they share the chips. */
  readonly serves?: readonly string[];
}

/** Whether a caveat affects the verdicts of a serve. */
export function affectsServe(caveat: Caveat, serve: string): boolean {
  return caveat.serves === undefined || caveat.serves.includes(serve);
}

/** Adds only new caveats: a network or a trace that two serves share adds its caveats once. */
export function addCaveats(to: Caveat[], caveats: readonly Caveat[]): void {
  for (const caveat of caveats) if (!to.some((other) => isSameCaveat(other, caveat))) to.push(caveat);
}

/** Whether two caveats are equal apart from their place in the text. */
export function isSameCaveat(a: Caveat, b: Caveat): boolean {
  return a.code === b.code && a.text === b.text;
}
