import type { UndecidedReason } from '../../../design/index.ts';
import { coversPeriods } from '../whole-periods.ts';
import type { Forecast } from './forecast.ts';

/**
 * How much of the possible behaviour of its traffic a run has observed. The variance of the measured values cannot show
 * this.
 */
export interface Observations {
  /** The load of the serves that compete with this one, in seconds of work per second and chip. 1 means saturation. */
  readonly load: number;
  /** The scale of the waiting time from theory, see QueueMemory. */
  readonly waitSeconds: number;
  /** The same for the mean latency. */
  readonly meanWaitSeconds: number;
  /** The largest number of independent observations of the mean latency. Infinity: nothing is random. */
  readonly ofMean: number;
  /** The same for a percentile. `tail`: the share of requests beyond the percentile. */
  readonly ofTail: (tail: number) => number;
  /** Whether bursts cause the tail. Such a tail need not be exponential. */
  readonly tailOfBursts: (tail: number) => boolean;
  /** Why the interval of a percentile, or without `tail` of a mean, has no upper end. null: it has one. */
  readonly noUpperEnd: (tail?: number) => UndecidedReason | null;
  /** The shortest measured time that has an upper end, in seconds. */
  readonly leastSeconds: (tail?: number) => number;
  /** The mean number of requests of the serve in one period of its traffic. 0: no traffic is periodic. */
  readonly requestsPerPeriod: number;
}

/**
 * With fewer independent observations, a run determines no upper end. Our assumption: with 4 observations, reflected
 * Brownian motion shows less than 0.38 of its mean in one of 200 runs, and the interval allows for that. With fewer, this
 * allowance itself is uncertain.
 */
const FEWEST_OBSERVATIONS = 4;
/**
 * A run that measures less than this many times the growth of the queue until the policy changes the mode may have seen base mode alone. Our
 * assumption: the growth is a random walk, and twice its mean time includes it.
 */
const FEWEST_SETTLINGS = 2;
/**
 * With fewer bursts, a run does not show how long a burst can be. Our assumption: with 40 bursts, the longest one
 * exceeds 2.2 times the mean length in 99 of 100 runs.
 */
const FEWEST_BURSTS = 40;
/**
 * With this many bursts in one memory, the queue behaves like Brownian motion, and its tail is exponential. Our assumption;
 * bench/coverage.ts checks it with ten bursts in one memory at a load of 0.8.
 */
const BURSTS_OF_BROWNIAN = 8;
/**
 * Bursts do not affect a percentile if they contain less than this part of the requests beyond it. Then this is true even if
 * a run has several times the expected number of them. Our assumption.
 */
const UNTOUCHED = 0.2;

/** What a run of `measuredSeconds` has observed of the traffic of a serve. */
export function observationsOf({ memory, ratePerSecond }: Forecast, measuredSeconds: number): Observations {
  const { bursts, periodSeconds, settleSeconds = 0 } = memory;
  const burstsIn = (tail: number) => (bursts !== undefined && bursts.requestShare >= UNTOUCHED * tail ? bursts : null);
  const ofMean = measuredSeconds / (memory.meanSeconds + (bursts?.seconds ?? 0));
  const ofTail = (tail: number) => measuredSeconds / (memory.tailSeconds + (burstsIn(tail)?.seconds ?? 0));
  const countedIn = (tail: number | undefined) => (tail === undefined ? bursts : burstsIn(tail));
  return {
    load: memory.load,
    waitSeconds: memory.waitSeconds,
    meanWaitSeconds: memory.meanWaitSeconds ?? memory.waitSeconds,
    requestsPerPeriod: ratePerSecond * periodSeconds,
    ofMean,
    ofTail,
    tailOfBursts: (tail) => {
      const counted = burstsIn(tail);
      if (counted === null) return false;
      return periodSeconds > 0 || memory.tailSeconds < BURSTS_OF_BROWNIAN * counted.cycleSeconds;
    },
    noUpperEnd: (tail) => {
      if (measuredSeconds < FEWEST_SETTLINGS * settleSeconds) return 'short-run';
      if (periodSeconds > 0 && !coversPeriods(measuredSeconds, periodSeconds)) return 'part-of-a-period';
      const counted = countedIn(tail);
      if (counted && measuredSeconds < FEWEST_BURSTS * counted.cycleSeconds) return 'few-bursts';
      const seen = tail === undefined ? ofMean : ofTail(tail);
      return seen < FEWEST_OBSERVATIONS ? 'short-run' : null;
    },
    leastSeconds: (tail) => {
      const counted = countedIn(tail);
      const memorySeconds = (tail === undefined ? memory.meanSeconds : memory.tailSeconds) + (counted?.seconds ?? 0);
      const least = Math.max(
        periodSeconds,
        FEWEST_SETTLINGS * settleSeconds,
        FEWEST_BURSTS * (counted?.cycleSeconds ?? 0),
        FEWEST_OBSERVATIONS * memorySeconds,
      );
      return periodSeconds === 0 ? least : Math.ceil(least / periodSeconds) * periodSeconds;
    },
  };
}
