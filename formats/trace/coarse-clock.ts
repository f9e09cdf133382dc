import { mapShared, sharedFloats } from '../../design/index.ts';
import { inOrder, sortedOrder } from './row-order.ts';

/**
 * A clock is suspected to be coarse if each time has this many rows on average. Our assumption: then the step of the clock is a fifth of the mean time
 * between requests, if these arrive at random.
 */
const leastRowsPerTime = 1.1;
/** The smallest step, in microseconds, of a clock that is called coarse. Our assumption: 1 ms. */
const leastStepMicroseconds = 1000;

/** With fewer different times, equal distances between them can be a coincidence. Our assumption. */
const fewestRounded = 5;

/** The clock of a recording with a step so large that many rows share a time. */
export interface CoarseClock {
  readonly stepSeconds: number;
  /** The average number of rows with the same time. */
  readonly rowsPerTime: number;
}

/** The clock if it is coarse and many rows share a time; otherwise undefined. `times`: in seconds, ascending. */
export function coarseClockOf(times: Float64Array): CoarseClock | undefined {
  return wholeSteps(times) ?? roundedSteps(times);
}

/** A clock with a step of whole microseconds. */
function wholeSteps(times: Float64Array): CoarseClock | undefined {
  let step = 0;
  let distinct = times.length > 0 ? 1 : 0;
  for (let row = 1; row < times.length; row++) {
    const gap = (times[row] ?? 0) - (times[row - 1] ?? 0);
    if (gap === 0) continue;
    distinct++;
    const microseconds = Math.round(gap * 1e6);
    if (Math.abs(gap * 1e6 - microseconds) > 1e-3 * Math.max(1, gap)) return undefined;
    step = greatestCommonDivisor(step, microseconds);
    if (step < leastStepMicroseconds) return undefined;
  }
  const rowsPerTime = times.length / Math.max(1, distinct);
  return step === 0 || rowsPerTime < leastRowsPerTime ? undefined : { stepSeconds: step / 1e6, rowsPerTime };
}

/** A clock with another step, such as 1/60 s, whose times were rounded to microseconds. */
function roundedSteps(times: Float64Array): CoarseClock | undefined {
  let step = Number.POSITIVE_INFINITY;
  let distinct = times.length > 0 ? 1 : 0;
  for (let row = 1; row < times.length; row++) {
    const gap = (times[row] ?? 0) - (times[row - 1] ?? 0);
    if (gap === 0) continue;
    distinct++;
    step = Math.min(step, gap);
  }
  const rowsPerTime = times.length / Math.max(1, distinct);
  if (distinct < fewestRounded || rowsPerTime < leastRowsPerTime || step * 1e6 < leastStepMicroseconds)
    return undefined;
  for (let row = 1; row < times.length; row++) {
    const gap = (times[row] ?? 0) - (times[row - 1] ?? 0);
    const steps = Math.round(gap / step);
    // The step and the gap are each off by up to a microsecond.
    if (Math.abs(gap - steps * step) > 1.1e-6 * (steps + 1)) return undefined;
  }
  return { stepSeconds: step, rowsPerTime };
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** The times with the rows of each time at equal distances over one step of the clock. */
export function spreadOverStep(times: Float64Array, stepSeconds: number): Float64Array {
  const spaced = sharedFloats(times.length);
  for (let row = 0; row < times.length; ) {
    let end = row;
    while (end < times.length && times[end] === times[row]) end++;
    for (let k = row; k < end; k++) spaced[k] = (times[row] ?? 0) + (stepSeconds * (k - row)) / (end - row);
    row = end;
  }
  return spaced;
}

/** The coarse clock of ends, which their durations hide, and the arrivals if the file states that rows are spread. */
export function coarseEnds(
  ends: Float64Array,
  arrivals: Float64Array,
  isSpread: boolean,
): { readonly clock: CoarseClock | undefined; readonly arrivals: Float64Array } {
  const order = sortedOrder(ends);
  const sorted = inOrder(ends, order);
  const first = sorted[0] ?? 0;
  const since = mapShared(sorted, (end) => end - first);
  const clock = coarseClockOf(since);
  if (clock === undefined || !isSpread) return { clock, arrivals };
  const spread = spreadOverStep(since, clock.stepSeconds);
  const moved = mapShared(arrivals, (arrival) => arrival);
  for (let place = 0; place < moved.length; place++) {
    const row = order === undefined ? place : (order[place] ?? 0);
    moved[row] = (moved[row] ?? 0) + (spread[place] ?? 0) - (since[place] ?? 0);
  }
  return { clock, arrivals: moved };
}
