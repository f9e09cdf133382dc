import type { Exploration } from './exploration.ts';
import type { Model } from './model.ts';
import type { Npu } from './npu.ts';
import type { Scenario, Scheduler } from './scenario.ts';

/** All that a file and what it imports declare, complete, checked and in SI units: nothing behind the language checks again. */
export interface Design {
  readonly npus: readonly Npu[];
  readonly models: readonly Model[];
  readonly schedulers: readonly Scheduler[];
  readonly scenarios: readonly Scenario[];
  readonly explorations: readonly Exploration[];
}
