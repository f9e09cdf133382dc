import type { Scenario } from '../design/index.ts';
import type { Packed } from '../protocol/index.ts';

/** What server and simulation worker say. Ids ascend; a run whose id is below the shared floor is cancelled. */
export type ToWorker = { readonly type: 'run'; readonly id: number; readonly scenarios: readonly Scenario[] };

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number }
  | { readonly type: 'done'; readonly id: number; readonly results: Packed }
  | { readonly type: 'cancelled'; readonly id: number }
  /** An exception in the simulator: a bug, told as one. */
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export interface WorkerInput {
  /** Int32Array of one: runs below this id are no longer wanted. */
  readonly floor: SharedArrayBuffer;
}
