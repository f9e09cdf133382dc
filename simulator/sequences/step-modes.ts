import type { SequenceState } from './sequence-state.ts';
import type { StepCost } from './step-cost.ts';

/** Decides before each step whether it runs in burst mode. */
export interface StepPolicy {
  /** `isBurst`: the mode of the last step. */
  wantsBurst(state: SequenceState, nowNanoseconds: number, isBurst: boolean): boolean;
  /**
   * Until when the last decision remains valid if nothing is admitted, finished or preempted. Many steps are summed only up
   * to this time. Infinity: it remains valid.
   */
  readonly holdsUntilNanoseconds: number;
}

/** A second mode of the chip, in which steps have other costs. */
export interface BurstSteps {
  readonly cost: StepCost;
  /** As in the input of the loop. */
  readonly energy?: StepCost;
  /** The time of a change of the mode, in which no step runs. Whole picoseconds. */
  readonly switchPicoseconds: number;
  readonly policy: StepPolicy;
}
