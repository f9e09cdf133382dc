export { kvBytesPerToken, weightBytes } from './memory.ts';
export type { StepRange } from './step-pricer.ts';
export { type SimpleStep, stepSeconds } from './step-seconds.ts';
export { sequenceOperators } from './step-tables.ts';
