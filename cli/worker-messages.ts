import type { Capacity, Scenario, ScenarioResult } from '../design/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';

/** The tasks of a simulation thread. It sends `progress` messages, then exactly one other answer. */
export type WorkerTask =
  | { readonly type: 'run'; readonly scenario: Scenario }
  | { readonly type: 'capacity'; readonly scenario: Scenario }
  /** The thread opens the file itself, because it makes the designs that it tries. */
  | {
      readonly type: 'explore';
      readonly uri: string;
      readonly exploration: string;
      /** Texts that replace those on the disk, by URI. */
      readonly given: readonly (readonly [uri: string, text: string])[];
      readonly designs: readonly number[];
    };

/** The result of each task. */
export interface WorkerAnswers {
  readonly run: ScenarioResult;
  readonly capacity: Capacity;
  readonly explore: ExploredDesigns;
}

/** `done`: the finished fraction of the task. For an exploration, the number of designs that were tried. */
export type FromWorker =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly value: WorkerAnswers[keyof WorkerAnswers] };
