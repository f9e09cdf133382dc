import { type Arrivals, drawsTokens } from '../../../design/index.ts';
import type { StepsInput } from '../input.ts';

/*
 * A trace is a recording. It contains all requests, so its statistics are exact and need no confidence interval. This is
 * true only if all traffic of the scenario comes from traces, and no run draws the tokens of its requests. With any random
 * traffic, no statistic is exact.
 */

/** The traffic of a trace. */
export type Trace = Extract<Arrivals, { kind: 'trace' }>;

/** The part of a serve that determines whether its traffic is random. */
export interface Traffic {
  readonly arrivals: Arrivals;
  /** Present for a language model. */
  readonly steps?: Pick<StepsInput, 'tokens'>;
}

/** Whether all traffic of a scenario is recorded. */
export function isRecording({ serves }: { readonly serves: readonly Traffic[] }): boolean {
  return serves.every(isRecorded);
}

/** Whether the traffic of a serve comes from a trace, and its requests have the same tokens with each seed. */
export function isRecorded({ arrivals, steps }: Traffic): boolean {
  if (arrivals.kind !== 'trace') return false;
  // Offline traffic has no rate, which the theory of random traffic needs. So far it counts as a recording with any tokens.
  return arrivals.offline === true || steps === undefined || !drawsTokens(steps.tokens);
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
