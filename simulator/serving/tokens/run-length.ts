import type { RunInput } from '../input.ts';
import { cycleSeconds, meanRatePerSecond } from '../traffic/arrivals.ts';
import { longestPeriodSeconds, periodsWithin, runSecondsFor } from '../whole-periods.ts';

/**
 * Requests of the first check of a run with `duration: auto`. The number doubles with each further check. Our assumption: a few
 * tens of requests in each slot, because a request of a language model costs as much to simulate as hundreds of others.
 */
const FIRST_CHECK = 2048;
/** Periods of the load before the first check. Our assumption. */
const FIRST_CHECK_CYCLES = 16;

/** One attempt of a run: how many requests it draws, and when it ends. */
export interface Attempt {
  readonly requests: number;
  /** Requests arrive before this time. */
  readonly horizonSeconds: number;
  /** `drain`: when all requests are done. `arrivals`: at the last arrival. `horizon`: at `horizonSeconds`. */
  readonly ends: 'drain' | 'arrivals' | 'horizon';
}

/** The attempts of a run. The next one follows if a verdict is undecided. */
export function attemptsOf({ duration, serves, warmupFraction }: RunInput): readonly Attempt[] {
  const [serve] = serves;
  const never = Number.POSITIVE_INFINITY;
  if (serve === undefined) return [];
  const { arrivals } = serve;
  if (duration.kind === 'time') {
    return [{ requests: never, horizonSeconds: duration.seconds, ends: 'horizon' }];
  }
  if (duration.kind === 'requests') return [{ requests: duration.count, horizonSeconds: never, ends: 'drain' }];
  if (arrivals.kind === 'trace') return [{ requests: never, horizonSeconds: never, ends: 'drain' }];
  const rate = meanRatePerSecond(arrivals);
  const most = duration.maxRequests;
  const period = longestPeriodSeconds(serves);
  const periods = period === 0 ? 0 : periodsWithin(most / rate, period, warmupFraction);
  // Only whole periods show a periodic load.
  if (periods > 0 && periods < FIRST_CHECK_CYCLES) {
    const horizonSeconds = runSecondsFor(periods, period, warmupFraction);
    return [{ requests: never, horizonSeconds, ends: 'horizon' }];
  }
  const attempts: Attempt[] = [];
  const first = Math.max(FIRST_CHECK, Math.ceil(FIRST_CHECK_CYCLES * cycleSeconds(arrivals) * rate));
  for (let requests = first; ; requests *= 2) {
    attempts.push({ requests: Math.min(requests, most), horizonSeconds: never, ends: 'arrivals' });
    if (requests >= most) return attempts;
  }
}
