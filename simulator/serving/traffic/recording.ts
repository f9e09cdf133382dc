import type { Arrivals } from '../../../design/index.ts';

/*
 * A trace is a recording. It contains all requests, so its statistics are exact and need no confidence interval. This is
 * true only if all traffic of the scenario comes from traces. With any random traffic, no statistic is exact.
 */

/** The traffic of a trace. */
export type Trace = Extract<Arrivals, { kind: 'trace' }>;

/** Whether all traffic of a scenario comes from traces. */
export function isRecording({ serves }: { readonly serves: readonly { readonly arrivals: Arrivals }[] }): boolean {
  return serves.every(({ arrivals }) => arrivals.kind === 'trace');
}

/** The index of the first row of a trace that arrives at `seconds` or later. */
export function rowOf({ timesSeconds }: Trace, seconds: number): number {
  let low = 0;
  let high = timesSeconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesSeconds[middle] as number) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The rate of the rows `from` .. `to` - 1 of a trace, in requests per second: the number of requests after the first
 * arrival time, divided by the time since then. NaN if all of them arrive at the same time.
 */
export function recordedRate(timesSeconds: Float64Array, from: number, to: number): number {
  const start = timesSeconds[from] ?? 0;
  let after = from;
  while (after < to && timesSeconds[after] === start) after++;
  return to <= after ? Number.NaN : (to - after) / ((timesSeconds[to - 1] as number) - start);
}
