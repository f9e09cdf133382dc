import type { Exploration } from './exploration.ts';
import type { Model } from './model.ts';
import type { Npu } from './npu.ts';
import type { Scenario, Scheduler } from './scenario.ts';

/** All declarations of a file and its imports: complete, checked and in SI units. The rooms after the language do not check it again. */
export interface Design {
  readonly npus: readonly Npu[];
  readonly models: readonly Model[];
  readonly schedulers: readonly Scheduler[];
  readonly scenarios: readonly Scenario[];
  readonly explorations: readonly Exploration[];
}
