import type { UndecidedReason } from '../../../design/index.ts';
import type { Outlook } from './outlook.ts';

/** How much of what its traffic can do a run has seen: what its own scatter cannot show. */
export interface Sight {
  /** Seconds of work per second and chip that arrive ahead of a request: 1 is saturation. */
  readonly load: number;
  /** The scale of what waits, as theory has it: see QueueMemory. */
  readonly waitSeconds: number;
  /** Independent observations of the mean latency, at the most. Infinity where nothing is random. */
  readonly ofMean: number;
  /** The same of the tail, for a percentile whose share of later requests is `tail`. */
  readonly ofTail: (tail: number) => number;
  /** Whether bursts shape the tail: then it need not fall like an exponential. */
  readonly tailOfBursts: (tail: number) => boolean;
  /** Why no upper end can be stated, for the tail or for the whole; null where one can. */
  readonly lacks: (tail?: number) => UndecidedReason | null;
  /** Requests of the serve in one period of its traffic, on average; 0 where nothing is periodic. */
  readonly requestsPerPeriod: number;
}

/**
 * Below this many independent observations a run may have missed anything. Our assumption: reflected Brownian motion that was seen for 4 memories
 * shows less than 0.38 of its mean in one run of 200, and the interval allows for that; with fewer, the allowance itself becomes a guess.
 */
const FEWEST_OBSERVATIONS = 4;
/** Fewer bursts than this say too little about how long a burst can be. Our assumption: with 40, the longest seen exceeds 2.2 mean lengths in 99 of 100 runs. */
const FEWEST_BURSTS = 40;
/**
 * So many bursts in one memory make a queue Brownian: its tail then falls like an exponential, as without bursts. Our assumption, held by
 * bench/coverage.ts: at a load of 0.8 its frequent bursts come ten to a memory.
 */
const BURSTS_OF_BROWNIAN = 8;
/** Bursts do not touch a percentile if they hold less than this part of the requests beyond it, even when a run has several times its share of them. Our assumption. */
const UNTOUCHED = 0.2;
/** How far a run may be from whole periods, as a share of what it measured. Our assumption: it moves a share of requests by less than that. */
const PERIOD_TOLERANCE = 0.02;

export function sightOf({ memory, ratePerSecond }: Outlook, measuredSeconds: number): Sight {
  const { bursts, periodSeconds } = memory;
  const burstsIn = (tail: number) => (bursts !== undefined && bursts.requestShare >= UNTOUCHED * tail ? bursts : null);
  const ofMean = measuredSeconds / (memory.meanSeconds + (bursts?.seconds ?? 0));
  const ofTail = (tail: number) => measuredSeconds / (memory.tailSeconds + (burstsIn(tail)?.seconds ?? 0));
  return {
    load: memory.load,
    waitSeconds: memory.waitSeconds,
    requestsPerPeriod: ratePerSecond * periodSeconds,
    ofMean,
    ofTail,
    tailOfBursts: (tail) => {
      const counted = burstsIn(tail);
      if (counted === null) return false;
      return periodSeconds > 0 || memory.tailSeconds < BURSTS_OF_BROWNIAN * counted.cycleSeconds;
    },
    lacks: (tail) => {
      if (periodSeconds > 0 && !coversPeriods(measuredSeconds, periodSeconds)) return 'part-of-a-period';
      const counted = tail === undefined ? bursts : burstsIn(tail);
      if (counted && measuredSeconds < FEWEST_BURSTS * counted.cycleSeconds) return 'few-bursts';
      const seen = tail === undefined ? ofMean : ofTail(tail);
      return seen < FEWEST_OBSERVATIONS ? 'short-run' : null;
    },
  };
}

/** Whether a stretch is a whole number of periods, or so many that the last one hardly counts. */
function coversPeriods(seconds: number, periodSeconds: number): boolean {
  const rest = seconds - Math.round(seconds / periodSeconds) * periodSeconds;
  return seconds > periodSeconds / 2 && Math.abs(rest) <= PERIOD_TOLERANCE * seconds;
}
