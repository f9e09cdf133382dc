import type { Arrivals } from '../../../design/index.ts';

/*
 * A trace is a recording: its requests are all there are, so that figures over it are exact and need no interval. That holds for a scenario whose
 * traffic is only traces; beside random traffic nothing is exact.
 */

export type Trace = Extract<Arrivals, { kind: 'trace' }>;

export function isRecording({ serves }: { readonly serves: readonly { readonly arrivals: Arrivals }[] }): boolean {
  return serves.every(({ arrivals }) => arrivals.kind === 'trace');
}

/** The first row of a trace that arrives at `seconds` or later. */
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
 * Requests per second of rows `from` .. `to` - 1 of a trace: those after the first instant, over the time since it. NaN where all of
 * them arrive at one instant.
 */
export function recordedRate(timesSeconds: Float64Array, from: number, to: number): number {
  const start = timesSeconds[from] ?? 0;
  let after = from;
  while (after < to && timesSeconds[after] === start) after++;
  return to <= after ? Number.NaN : (to - after) / ((timesSeconds[to - 1] as number) - start);
}
