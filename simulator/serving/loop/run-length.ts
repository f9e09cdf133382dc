import type { RunInput, ServeInput } from '../input.ts';
import { BUCKETS } from '../record/buckets.ts';
import { leastSecondsPerRequest } from '../saturation.ts';
import { cycleSeconds, lastArrivalSeconds, meanRatePerSecond } from '../traffic/arrivals.ts';
import type { ClosedArrivals } from '../traffic/closed-loop.ts';
import { longestPeriodSeconds, periodsWithin, runSecondsFor } from '../whole-periods.ts';
import type { Ending } from './ending.ts';

/**
 * The number of requests per bucket at the first interim check of a run with `duration: auto`: 16384 requests in total. Our
 * assumption: a few hundred requests in each slot.
 */
const FIRST_CHECK_PER_BUCKET = 64;
/** The number of periods of the load before the first interim check. Our assumption. */
const FIRST_CHECK_CYCLES = 32;

/** The length of a run, and the width of its buckets at the start. */
export interface RunLength {
  readonly ending: Ending;
  readonly bucketSeconds: number;
  /** Whether the run has interim checks, and ends when all verdicts are decided. */
  readonly endsWhenDecided: boolean;
  readonly checksAllowed: number;
}

/** The length of a run from its `duration` and its traffic. */
export function runLengthOf(input: RunInput): RunLength {
  let rate = 0;
  let cycle = 0;
  let lastTrace = 0;
  let traces = 0;
  for (const serve of input.serves) {
    const { arrivals } = serve;
    rate += arrivals.kind === 'closed' ? mostPerSecond(input, serve, arrivals) : meanRatePerSecond(arrivals);
    cycle = Math.max(cycle, cycleSeconds(arrivals));
    if (arrivals.kind === 'trace') {
      traces++;
      lastTrace = Math.max(lastTrace, lastArrivalSeconds(arrivals));
    }
  }
  const never = Number.POSITIVE_INFINITY;
  const ending: Ending = {
    horizonSeconds: never,
    // A run replays the whole trace. Random traffic of other serves ends with the trace.
    lastArrivalSeconds: traces > 0 ? lastTrace : never,
    mostArrivals: never,
    budgetArrivals: never,
  };
  // Slightly wider than needed, so that the end of the run is in the last bucket in spite of rounding.
  const wide = (seconds: number) => (seconds > 0 ? seconds / BUCKETS : 1) * (1 + 1e-9);
  const { duration } = input;
  switch (duration.kind) {
    case 'time':
      return {
        ending: { ...ending, horizonSeconds: duration.seconds },
        bucketSeconds: wide(duration.seconds),
        endsWhenDecided: false,
        checksAllowed: 1,
      };
    case 'requests': {
      const seconds = Math.min(lastTrace > 0 ? lastTrace : never, duration.count / rate);
      return {
        ending: { ...ending, mostArrivals: duration.count },
        bucketSeconds: wide(seconds),
        endsWhenDecided: false,
        checksAllowed: 1,
      };
    }
    default: {
      if (traces > 0) {
        // A run replays the whole trace, for any length. The budget limits only traffic without an end.
        return {
          ending,
          bucketSeconds: wide(lastTrace),
          endsWhenDecided: false,
          checksAllowed: 1,
        };
      }
      const first = Math.max((FIRST_CHECK_PER_BUCKET * BUCKETS) / rate, FIRST_CHECK_CYCLES * cycle);
      const longest = duration.maxRequests / rate;
      const whole = wholePeriods(input, longest);
      if (whole !== null) {
        return {
          ending: { ...ending, horizonSeconds: whole },
          bucketSeconds: wide(whole),
          endsWhenDecided: false,
          checksAllowed: 1,
        };
      }
      return {
        ending: { ...ending, budgetArrivals: duration.maxRequests },
        bucketSeconds: wide(Math.min(first, longest)),
        endsWhenDecided: true,
        checksAllowed: doublings(longest / first) + 1,
      };
    }
  }
}

/**
 * An upper bound of the rate of a closed loop. It determines the first width of the buckets, which doubles if the run needs
 * more buckets.
 */
function mostPerSecond(
  input: RunInput,
  serve: ServeInput,
  { clients, requestsPerQuery, thinkSeconds }: ClosedArrivals,
): number {
  const least = leastSecondsPerRequest(input, serve);
  return Math.min(input.chips / least, (clients * requestsPerQuery) / (thinkSeconds + least));
}

/**
 * The length of the longest run up to `longest` seconds that measures whole periods of `diurnal` traffic after its warm-up.
 * null: no traffic is periodic, no period fits, or so many periods fit that an incomplete one has little effect.
 */
function wholePeriods({ serves, warmupFraction }: RunInput, longest: number): number | null {
  const period = longestPeriodSeconds(serves);
  if (period === 0 || FIRST_CHECK_CYCLES * period <= longest) return null;
  const periods = periodsWithin(longest, period, warmupFraction);
  return periods > 0 ? runSecondsFor(periods, period, warmupFraction) : null;
}

/** How many times 1 must be doubled to reach `ratio`. */
function doublings(ratio: number): number {
  let count = 0;
  for (let reached = 1; reached < ratio; reached *= 2) count++;
  return count;
}
