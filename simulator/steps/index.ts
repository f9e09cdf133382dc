export { kvBytesPerToken, weightBytes } from './memory.ts';
export { stepPoints } from './step-points.ts';
export type { StepRange } from './step-pricer.ts';
export { type SimpleStep, stepSeconds } from './step-seconds.ts';
export { sequenceOperators, stepOperators } from './step-tables.ts';
