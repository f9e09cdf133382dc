import type { Exploration, ScenarioResult } from '../design/index.ts';
import type { Packed } from './columns.ts';

/**
 * How the newest run of a document stands. `fresh`: results belong to the saved text. `stale`: the text has changed since, or a
 * newer run is under way (`running`). `rejected`: the design has errors and was not run. A state keeps the last results that
 * there were, so that nothing goes blank.
 */
export type RunPhase = 'empty' | 'running' | 'fresh' | 'stale' | 'rejected' | 'failed' | 'cancelled';

/** A place in a document, counted as editors show it: from 1. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

export interface RunProblem {
  readonly message: string;
  readonly place: Place | null;
}

export interface RunState {
  readonly uri: string;
  /** Last part of the uri, for people. */
  readonly name: string;
  /** Ascending over the life of the server: a later state replaces an earlier one. */
  readonly sequence: number;
  readonly phase: RunPhase;
  /** Fraction done of a run under way; null where nothing is known. */
  readonly progress: number | null;
  readonly problem: RunProblem | null;
  /** From the start of the run to its end; null before that. */
  readonly elapsedSeconds: number | null;
  /** Content hash of the design that the results belong to. */
  readonly hash: string | null;
  /** Those of the text that was saved last: what may be asked for with an ExploreRequest. */
  readonly explorations: readonly Exploration[];
}

/** A state and, where there are results, one ScenarioResult per scenario. */
export interface RunUpdate {
  readonly state: RunState;
  readonly results: Packed | null;
}

/** What `results` unpacks to. */
export type RunResults = readonly ScenarioResult[];
