export {
  arrivalSource,
  type BlockSource,
  cycleSeconds,
  meanRatePerSecond,
  scaleArrivals,
} from './arrivals.ts';
export { earlyStoppingInTime } from './early-stopping.ts';
export { exactLog, exactPow } from './exact-math.ts';
export { cellMiddle, cellOf, RELATIVE_ERROR } from './histogram.ts';
export { type AccuracyByMode, deadlineSeconds, type RunInput, type RunOptions, type ServeInput } from './input.ts';
export { LoadgenSchedule } from './loadgen-schedule.ts';
export { RandomStream } from './random.ts';
export { simulateRun } from './simulate-run.ts';
