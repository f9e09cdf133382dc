export { attentionGrid } from './attention-grid.ts';
export { BucketedStepCost } from './bucketed-step-cost.ts';
export type {
  BlockUnits,
  PromptBlocks,
  SequenceInput,
  SequenceLimits,
  SequenceObservations,
  SequenceRequests,
  SequenceRun,
} from './input.ts';
export { Grid4, type GridPoint, type TablePoint } from './interpolation.ts';
export { KvBlocks } from './kv-blocks.ts';
export { LinkedStepCost } from './linked-step-cost.ts';
export { type MeasuredOperators, MeasuredStepCost } from './measured-step-cost.ts';
export { MixedStepCost } from './mixed-step-cost.ts';
export { canAdmit } from './plan-step.ts';
export type { RequestCauses } from './request-causes.ts';
export type { SequenceState } from './sequence-state.ts';
export { type DecodeRun, type LinearCosts, LinearStepCost, noWork, type StepCost, setDecodes } from './step-cost.ts';
export { runSequences } from './step-loop.ts';
export type { BurstSteps, StepPolicy } from './step-modes.ts';
export { BURST_STEPS, MODE_CHANGE, type StepSpans } from './step-spans.ts';
