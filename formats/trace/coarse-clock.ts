import { mapShared, sharedFloats } from '../../design/index.ts';
import { latticeStep } from './lattice-step.ts';
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

/**
 * Times without a common step, each with this many rows on average, are those at which a program wrote its buffer. Our assumption. Bursts of
 * equal size are requests that were sent together.
 */
const leastRowsPerFlush = 5;
/** The parts of a recording that are also judged alone: numbers with six digits lose decimals as they grow. */
const parts = 10;
/** In a shorter part, a coarse step can be a coincidence. Our assumption. */
const fewestInPart = 100;

/** Times that are no whole microseconds are exact to this, in seconds. */
const leastRounding = 1e-6;

/** The clock of a recording with a step so large that many rows share a time. */
export interface CoarseClock {
  readonly stepSeconds: number;
  /** The average number of rows with the same time. */
  readonly rowsPerTime: number;
}

/** What the times show about the clock of a recording. */
export interface Resolution {
  /** Present if the clock is coarse and many rows share a time. */
  readonly coarse?: CoarseClock;
  /** The step of any other clock, in seconds. A recording at equal distances shows none. */
  readonly stepSeconds?: number;
}

/** `times`: in seconds, ascending. */
export function resolutionOf(times: Float64Array): Resolution {
  const whole = wholeSteps(times);
  const coarse = isCoarse(whole) ? whole : (roundedSteps(times) ?? coarsePart(times) ?? flushes(times));
  if (coarse !== undefined) return { coarse };
  const rounding = Math.max(whole?.stepSeconds ?? 0, leastRounding);
  const stepSeconds = latticeStep(times, rounding) ?? (whole?.isVaried === true ? whole.stepSeconds : undefined);
  return stepSeconds === undefined ? {} : { stepSeconds };
}

interface WholeSteps extends CoarseClock {
  /** Whether the distances between times are at least five different multiples of the step. */
  readonly isVaried: boolean;
}

function isCoarse(clock: WholeSteps | undefined): clock is WholeSteps {
  return (
    clock !== undefined && clock.stepSeconds * 1e6 >= leastStepMicroseconds && clock.rowsPerTime >= leastRowsPerTime
  );
}

/** A clock with a step of whole microseconds. */
function wholeSteps(times: Float64Array): WholeSteps | undefined {
  let step = 0;
  let distinct = times.length > 0 ? 1 : 0;
  const gaps = new Set<number>();
  for (let row = 1; row < times.length; row++) {
    const gap = (times[row] ?? 0) - (times[row - 1] ?? 0);
    if (gap === 0) continue;
    distinct++;
    const microseconds = Math.round(gap * 1e6);
    if (microseconds === 0 || Math.abs(gap * 1e6 - microseconds) > 1e-3 * Math.max(1, gap)) return undefined;
    if (gaps.size < fewestRounded) gaps.add(microseconds);
    step = greatestCommonDivisor(step, microseconds);
  }
  if (step === 0) return undefined;
  return { stepSeconds: step / 1e6, rowsPerTime: times.length / distinct, isVaried: gaps.size >= fewestRounded };
}

/** The coarsest part of a recording whose other parts have finer times. */
function coarsePart(times: Float64Array): CoarseClock | undefined {
  const size = Math.ceil(times.length / parts);
  if (size < fewestInPart) return undefined;
  let coarsest: CoarseClock | undefined;
  for (let from = 0; from < times.length; from += size) {
    const part = wholeSteps(times.subarray(from, from + size));
    if (isCoarse(part) && part.isVaried && part.stepSeconds > (coarsest?.stepSeconds ?? 0)) coarsest = part;
  }
  return coarsest;
}

/** The times at which a program wrote the rows that it had collected. They have no common step. */
function flushes(times: Float64Array): CoarseClock | undefined {
  const sizes = new Set<number>();
  let distinct = 0;
  for (let row = 0, end = 0; row < times.length; row = end) {
    while (end < times.length && times[end] === times[row]) end++;
    distinct++;
    if (sizes.size < 2) sizes.add(end - row);
  }
  const rowsPerTime = times.length / Math.max(1, distinct);
  if (distinct < fewestRounded || sizes.size < 2 || rowsPerTime < leastRowsPerFlush) return undefined;
  const stepSeconds = ((times[times.length - 1] ?? 0) - (times[0] ?? 0)) / (distinct - 1);
  return stepSeconds * 1e6 < leastStepMicroseconds ? undefined : { stepSeconds, rowsPerTime };
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

/** The times with the rows of each time at equal distances over one step of the clock, or over the time until the next row if that is shorter. */
export function spreadOverStep(times: Float64Array, stepSeconds: number): Float64Array {
  const spaced = sharedFloats(times.length);
  for (let row = 0; row < times.length; ) {
    const time = times[row] ?? 0;
    let end = row;
    while (end < times.length && times[end] === time) end++;
    const step = Math.min(stepSeconds, (times[end] ?? Number.POSITIVE_INFINITY) - time);
    for (let k = row; k < end; k++) spaced[k] = time + (step * (k - row)) / (end - row);
    row = end;
  }
  return spaced;
}

/** The clock of ends, which their durations hide, and the arrivals if the file states that rows are spread. */
export function coarseEnds(
  ends: Float64Array,
  arrivals: Float64Array,
  isSpread: boolean,
): { readonly clock: Resolution; readonly arrivals: Float64Array } {
  const order = sortedOrder(ends);
  const sorted = inOrder(ends, order);
  const first = sorted[0] ?? 0;
  const since = mapShared(sorted, (end) => end - first);
  const clock = resolutionOf(since);
  if (clock.coarse === undefined || !isSpread) return { clock, arrivals };
  const spread = spreadOverStep(since, clock.coarse.stepSeconds);
  const moved = mapShared(arrivals, (arrival) => arrival);
  for (let place = 0; place < moved.length; place++) {
    const row = order === undefined ? place : (order[place] ?? 0);
    moved[row] = (moved[row] ?? 0) + (spread[place] ?? 0) - (since[place] ?? 0);
  }
  return { clock, arrivals: moved };
}
