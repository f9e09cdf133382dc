import type { ExplorationGoal, Scenario, SloOutcome } from '../design/index.ts';
import type { Evidence } from '../engine/index.ts';
import type { Packed } from '../protocol/index.ts';
import type { NumberedDesign } from '../simulator/index.ts';

/** What server and simulation worker say. Ids ascend; a run whose id is below the shared floor is cancelled. */
export type ToWorker = WorkerTask & { readonly id: number };

export type WorkerTask =
  | { readonly type: 'run'; readonly scenarios: readonly Scenario[] }
  /** Every segment of a window of a run that has been simulated. */
  | {
      readonly type: 'window';
      readonly scenario: Scenario;
      readonly run: number;
      readonly runSeconds: number;
      readonly startSeconds: number;
      readonly endSeconds: number;
    }
  | { readonly type: 'loadCurve'; readonly scenario: Scenario }
  /** Some designs of an exploration: those that take a moment, so that what else is asked for need not wait. */
  | {
      readonly type: 'explore';
      readonly goals: readonly ExplorationGoal[];
      readonly designs: readonly NumberedDesign[];
    }
  /** What becomes of a scenario's own objectives, and nothing else; `endsAtViolation`: the first that is missed ends it. */
  | { readonly type: 'objectives'; readonly scenario: Scenario; readonly endsAtViolation: boolean };

/** What an `objectives` task ends in: by serve, by objective. */
export type ObjectiveOutcomes = readonly (readonly SloOutcome[])[];

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number }
  /** A scenario's own run has ended, those beside it have not: its verdicts are known. */
  | { readonly type: 'main'; readonly id: number; readonly evidence: Evidence }
  | { readonly type: 'done'; readonly id: number; readonly results: Packed }
  /** `wasEnded`: its thread did not stop by itself. */
  | { readonly type: 'cancelled'; readonly id: number; readonly wasEnded?: boolean }
  /** An exception in the simulator: a bug, told as one. */
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export interface WorkerInput {
  /** Int32Array of one: runs below this id are cancelled. null where threads share no memory: then a cancelled thread is ended. */
  readonly floor: SharedArrayBuffer | null;
}
