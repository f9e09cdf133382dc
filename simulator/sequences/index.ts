export { attentionGrid } from './attention-grid.ts';
export type {
  PromptBlocks,
  SequenceInput,
  SequenceLimits,
  SequenceRequests,
  SequenceRun,
  SequenceSamples,
} from './input.ts';
export type { Grid4, GridPoint, TablePoint } from './interpolation.ts';
export { KvBlocks } from './kv-blocks.ts';
export { type MeasuredOperators, MeasuredStepCost } from './measured-step-cost.ts';
export { type DecodeRun, type LinearCosts, LinearStepCost, noWork, type StepCost, type StepWork } from './step-cost.ts';
export { runSequences } from './step-loop.ts';
