export { exactExp, exactLog, exactPow } from './exact-math.ts';
export {
  type AccuracyByMode,
  deadlineSeconds,
  type RunInput,
  type RunOptions,
  type ServeInput,
  type StepsInput,
} from './input.ts';
export { studentQuantile } from './judge/statistics.ts';
export type { ChipKind } from './kinds.ts';
export { leastLoad } from './saturation.ts';
export { simulateRun } from './simulate-run.ts';
export { requestWork } from './tokens/request-work.ts';
export { meanRatePerSecond, scaleArrivals } from './traffic/arrivals.ts';
export type { BlockSource } from './traffic/block-source.ts';
export { RandomStream } from './traffic/random.ts';
