import type { Evidence } from '../engine/index.ts';
import type { Packed, PreviewRuns, RunState, ScenarioVerdicts } from '../protocol/index.ts';

/* What the runs of a document report: changes of their state, and the evidence for messages about objectives. */

export interface RunListener {
  /** `results` is null if the results are unchanged. `early`: the verdicts of the run in progress, if a new one is known. */
  stateChanged(
    state: RunState,
    results: Packed | null,
    early?: readonly ScenarioVerdicts[],
    previews?: PreviewRuns,
  ): void;
  /** Reports the progress of a run that takes longer than a second. */
  progress(uri: string, fraction: number): void;
}

/** The evidence of one scenario, and whether it belongs to the present text. */
export interface Finding {
  readonly result: Evidence;
  readonly isFresh: boolean;
}
