import type { ExplorationConstraint, ExplorationGoal, Scenario, SloOutcome } from '../design/index.ts';
import type { Evidence } from '../engine/index.ts';
import type { Packed, PreviewRuns, ScenarioVerdicts } from '../protocol/index.ts';
import type { NumberedDesign } from '../simulator/index.ts';

/**
 * The messages between the server and a simulation worker. Ids ascend. A run whose id is below the shared floor is
 * cancelled.
 */
export type ToWorker = WorkerTask & { readonly id: number };

export type WorkerTask =
  | { readonly type: 'run'; readonly scenarios: readonly Scenario[] }
  /** Simulates at most so many requests of each scenario, without its variants. The result unpacks to a `PreviewAnswer`. */
  | {
      readonly type: 'preview';
      readonly scenarios: readonly Scenario[];
      readonly requests: number;
      readonly withPlots: boolean;
    }
  /** Requests every segment of a window of a run that has been simulated. */
  | {
      readonly type: 'window';
      readonly scenario: Scenario;
      readonly run: number;
      readonly runSeconds: number;
      readonly startSeconds: number;
      readonly endSeconds: number;
    }
  | { readonly type: 'loadCurve'; readonly scenario: Scenario }
  /** Some designs of an exploration. They take a short time, so that other requests do not wait for long. */
  | {
      readonly type: 'explore';
      readonly goals: readonly ExplorationGoal[];
      readonly constraints: readonly ExplorationConstraint[];
      readonly designs: readonly NumberedDesign[];
    }
  /**
   * Computes only the outcomes of a scenario's own objectives. With `endsAtViolation`, the run stops at the first
   * violated objective.
   */
  | { readonly type: 'objectives'; readonly scenario: Scenario; readonly endsAtViolation: boolean };

/** The result of a `preview` task: the verdicts, how long the simulation took, and with plots the runs. */
export interface PreviewAnswer {
  readonly verdicts: readonly ScenarioVerdicts[];
  readonly milliseconds: number;
  readonly runs?: PreviewRuns;
}

/** The result of an `objectives` task: the outcomes by serve, then by objective. */
export type ObjectiveOutcomes = readonly (readonly SloOutcome[])[];

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number }
  /** The main run of a scenario has ended, and its verdicts are known. Its `compare` runs or other scenarios continue. */
  | { readonly type: 'main'; readonly id: number; readonly evidence: Evidence }
  | { readonly type: 'done'; readonly id: number; readonly results: Packed }
  /** `wasEnded`: the thread did not stop by itself. */
  | { readonly type: 'cancelled'; readonly id: number; readonly wasEnded?: boolean }
  /** An exception in the simulator, which is a bug and is reported as one. */
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export interface WorkerInput {
  /**
   * An Int32Array with one element: runs below this id are cancelled. Null if threads share no memory; a cancelled
   * thread is then ended.
   */
  readonly floor: SharedArrayBuffer | null;
}
