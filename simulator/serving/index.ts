export { exactLog, exactPow } from './exact-math.ts';
export { type AccuracyByMode, deadlineSeconds, type RunInput, type RunOptions, type ServeInput } from './input.ts';
export { earlyStoppingInTime } from './judge/early-stopping.ts';

export { leastLoad } from './saturation.ts';
export { simulateRun } from './simulate-run.ts';
export {
  arrivalSource,
  type BlockSource,
  meanRatePerSecond,
  scaleArrivals,
} from './traffic/arrivals.ts';
export { LoadgenSchedule } from './traffic/loadgen-schedule.ts';
export { RandomStream } from './traffic/random.ts';
