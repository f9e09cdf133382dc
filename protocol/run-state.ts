import type { Exploration, RunResult, ScenarioResult } from '../design/index.ts';
import type { Packed } from './columns.ts';
import type { PackedVerdicts } from './early-verdicts.ts';

/**
 * The state of a document's newest run. `fresh`: the results belong to the saved text. `stale`: the text has changed since then. `running`: a newer run is in
 * progress. `preview`: a short run has ended while a number is dragged, and the whole run follows when the number rests. `rejected`: the design has errors and did not run. Every state keeps the last results, so that the panel is never empty.
 */
export type RunPhase = 'empty' | 'running' | 'preview' | 'fresh' | 'stale' | 'rejected' | 'failed' | 'cancelled';

/** A place in a document. Lines and columns start at 1, as in editors. */
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
  /** The last part of the URI, for display. */
  readonly name: string;
  /** Increases while the server runs. A later state replaces an earlier one. */
  readonly sequence: number;
  readonly phase: RunPhase;
  /** The completed fraction of the current run; null if unknown. */
  readonly progress: number | null;
  readonly problem: RunProblem | null;
  /** The duration of the run; null until it ends. */
  readonly elapsedSeconds: number | null;
  /** The content hash of the design that the results belong to. */
  readonly hash: string | null;
  /** The explorations in the saved text, which an ExploreRequest can start. */
  readonly explorations: readonly Exploration[];
  /** The URIs of the files that the document imports, directly or indirectly. A panel of one of them can show this document's results. */
  readonly imports: readonly string[];
}

/** A state and, if there are results, one ScenarioResult per scenario. */
export interface RunUpdate {
  readonly state: RunState;
  readonly results: Packed | null;
  /** The verdicts of the run in progress that are known already. Absent if there are no new ones. */
  readonly early?: PackedVerdicts;
  /** The runs of a preview with the data of their plots. Absent from most previews, so that verdicts come more often than plots. */
  readonly previews?: Packed;
}

/** The unpacked `previews`. */
export type PreviewRuns = readonly { readonly scenario: string; readonly main: RunResult }[];

/** The unpacked `results`. */
export type RunResults = readonly ScenarioResult[];
