import type { RunInput } from '../input.ts';
import { BUCKETS, SLOTS } from '../record/buckets.ts';
import { cycleSeconds, lastArrivalSeconds, meanRatePerSecond } from '../traffic/arrivals.ts';
import type { Ending } from './ending.ts';

/** Requests per bucket at the first look of a run that ends by itself: 16384 in all. */
const FIRST_LOOK_PER_BUCKET = 64;
/** Ups and downs of the load that a run has to have seen before its first look: our assumption. */
const FIRST_LOOK_CYCLES = 32;

/** How long a run goes on, and how wide its buckets are at its start. */
export interface RunLength {
  readonly ending: Ending;
  readonly bucketSeconds: number;
  /** Ends as soon as all is decided. */
  readonly looks: boolean;
  readonly looksAllowed: number;
}

export function runLengthOf(input: RunInput): RunLength {
  let rate = 0;
  let cycle = 0;
  let lastTrace = 0;
  let traces = 0;
  for (const { arrivals } of input.serves) {
    rate += meanRatePerSecond(arrivals);
    cycle = Math.max(cycle, cycleSeconds(arrivals));
    if (arrivals.kind === 'trace') {
      traces++;
      lastTrace = Math.max(lastTrace, lastArrivalSeconds(arrivals));
    }
  }
  const never = Number.POSITIVE_INFINITY;
  const ending: Ending = {
    horizonSeconds: never,
    // A replay is the whole of its trace; what is generated beside it ends with it.
    lastArrivalSeconds: traces > 0 ? lastTrace : never,
    mostArrivals: never,
    budgetArrivals: never,
  };
  // A shade wider than the run, so that its end falls into the last bucket however the borders round.
  const wide = (seconds: number) => (seconds > 0 ? (seconds / BUCKETS) * (1 + 1e-9) : 1);
  const { duration } = input;
  switch (duration.kind) {
    case 'time':
      return {
        ending: { ...ending, horizonSeconds: duration.seconds },
        bucketSeconds: wide(duration.seconds),
        looks: false,
        looksAllowed: 1,
      };
    case 'requests': {
      const seconds = Math.min(lastTrace > 0 ? lastTrace : never, duration.count / rate);
      return {
        ending: { ...ending, mostArrivals: duration.count },
        bucketSeconds: wide(seconds),
        looks: false,
        looksAllowed: 1,
      };
    }
    default: {
      if (traces > 0) {
        // A trace is replayed whole, whatever its length: the budget is for traffic without an end.
        return {
          ending,
          bucketSeconds: wide(lastTrace),
          looks: false,
          looksAllowed: 1,
        };
      }
      const first = Math.max((FIRST_LOOK_PER_BUCKET * BUCKETS) / rate, FIRST_LOOK_CYCLES * cycle);
      const longest = duration.maxRequests / rate;
      const whole = wholePeriods(input, longest);
      if (whole !== null) {
        return {
          ending: { ...ending, horizonSeconds: whole },
          bucketSeconds: wide(whole),
          looks: false,
          looksAllowed: 1,
        };
      }
      return {
        ending: { ...ending, budgetArrivals: duration.maxRequests },
        bucketSeconds: wide(Math.min(first, longest)),
        looks: true,
        looksAllowed: doublings(longest / first) + 1,
      };
    }
  }
}

/**
 * The longest run within `longest` seconds that measures whole periods of `diurnal` traffic, behind its warm-up; null where nothing is periodic, where so
 * many periods fit that a part of one hardly counts, or where not one fits.
 */
function wholePeriods({ serves, warmupFraction }: RunInput, longest: number): number | null {
  let period = 0;
  for (const { arrivals } of serves) {
    if (arrivals.kind === 'diurnal' && arrivals.amplitude > 0) period = Math.max(period, arrivals.periodSeconds);
  }
  if (period === 0 || FIRST_LOOK_CYCLES * period <= longest) return null;
  // The warm-up is whole slots.
  const measured = 1 - Math.ceil(warmupFraction * SLOTS - 1e-9) / SLOTS;
  const periods = Math.floor((longest * measured) / period);
  return periods > 0 ? (periods * period) / measured : null;
}

/** How often 1 can be doubled before it reaches `ratio`. */
function doublings(ratio: number): number {
  let count = 0;
  for (let reached = 1; reached < ratio; reached *= 2) count++;
  return count;
}
