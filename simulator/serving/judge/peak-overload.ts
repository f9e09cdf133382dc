import type { Arrivals, Overload } from '../../../design/index.ts';
import { exactSinTurns } from '../exact-math.ts';
import { deadlineSeconds, type RunInput, type ServeInput } from '../input.ts';
import { leastCosts, longestSeconds, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';

/*
 * The overload at the peak of `diurnal` traffic, computed without a run. While more work arrives than the chips can do in
 * their best batch size and mode, the waiting work grows at least by the difference. After the peak it decreases. A request
 * cannot finish before the work that is ahead of it. This gives a lower bound of the latency: the best case without
 * randomness (the fluid limit), minus a margin for randomness, for batches and for several chips.
 */

/** Lower bounds for the whole traffic, from its peaks or its bursts. They do not depend on a run. */
export interface PeakOverload {
  readonly overload: Overload;
  /** The smallest possible share of requests that take longer than a limit. */
  readonly lateShare: (limitSeconds: number) => number;
  /** The smallest possible mean latency of all requests, in seconds. */
  readonly meanSeconds: number;
}

/** The number of steps into which we divide a period. */
const STEPS = 8192;
/** The largest error of a share because of the steps: two steps for each of two crossings of the limit. */
const STEP_ERROR = 4 / STEPS;
/**
 * The margin for randomness, in standard deviations of the arriving work. The probability that less work arrives than this
 * margin allows is 10^-9.
 */
export const DEVIATIONS = 6;

/** null: no traffic is periodic, the chips can serve the peak, or no bound exists for this traffic. */
export function peakOverload(input: RunInput, index: number): PeakOverload | null {
  const own = input.serves[index];
  const serves = servedBefore(input, index);
  // A trace ends, so its queue always empties.
  if (own === undefined || input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const period = Math.max(0, ...serves.map(periodSeconds));
  if (period === 0) return null;
  // Traffic with another period is at different places of its period at each peak.
  if (own.arrivals.kind === 'diurnal' && own.arrivals.amplitude > 0 && periodSeconds(own) !== period) return null;

  const costs = leastCosts(input, serves);
  const loadAt = (turns: number) =>
    serves.reduce((sum, serve, at) => sum + leastRate(serve, period, turns) * (costs[at] ?? 0), 0) / input.chips;
  const peakLoad = loadAt(0.25);
  if (peakLoad <= 1 || loadAt(0) >= 1) return null;

  const step = period / STEPS;
  const longestBatch = Math.max(...input.serves.map((serve) => longestSeconds(input, serve)));
  const variance = serves.reduce((sum, serve, at) => {
    const cost = costs[at] ?? 0;
    return sum + leastRate(serve, period, 0.25) * cost * cost;
  }, 0);
  const chance = (DEVIATIONS * Math.sqrt(variance * period)) / input.chips;
  const margin = chance + longestBatch + overtakenSeconds(own, serves, input.order === 'edf') * peakLoad + step;
  // A request can join the batch of an older one, and so overtake some of the work that is ahead of it.
  const ahead = own.batch.maxSize === 1 ? 0 : 2 * own.batch.maxSize * peakLoad;

  const least = new Float64Array(STEPS);
  const weights = new Float64Array(STEPS);
  let waiting = 0;
  let requests = 0;
  // The first of two periods starts with an empty queue. Only the second one counts, with the queue that the first one
  // left.
  for (let at = 0; at < 2 * STEPS; at++) {
    const turns = ((at % STEPS) + 0.5) / STEPS;
    waiting = Math.max(0, waiting + (loadAt(turns) - 1) * step);
    if (at < STEPS) continue;
    const rate = ownRate(own, turns);
    least[at - STEPS] = Math.max(0, waiting - margin - (rate > 0 ? ahead / rate : 0));
    weights[at - STEPS] = rate;
    requests += rate;
  }
  let weighted = 0;
  for (let at = 0; at < STEPS; at++) weighted += (least[at] as number) * (weights[at] as number);
  const offeredRps = serves.reduce((sum, serve) => sum + leastRate(serve, period, 0.25), 0);
  return {
    overload: { offeredRps, saturationRps: offeredRps / peakLoad, periodSeconds: period },
    lateShare: (limitSeconds) => {
      let late = 0;
      for (let at = 0; at < STEPS; at++) if ((least[at] as number) > limitSeconds) late += weights[at] as number;
      return Math.max(0, late / requests - STEP_ERROR);
    },
    meanSeconds: weighted / requests,
  };
}

function periodSeconds({ arrivals }: ServeInput): number {
  return arrivals.kind === 'diurnal' && arrivals.amplitude > 0 ? arrivals.periodSeconds : 0;
}

/** The lowest rate that a serve can have at a time of the period. */
function leastRate(serve: ServeInput, period: number, turns: number): number {
  const { arrivals } = serve;
  return arrivals.kind === 'diurnal' && arrivals.periodSeconds === period ? ownRate(serve, turns) : calmRate(arrivals);
}

/** The lowest rate of the traffic at any time. */
export function calmRate(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'diurnal':
      return arrivals.ratePerSecond * (1 - arrivals.amplitude);
    case 'bursty':
      return Math.min(arrivals.lowRatePerSecond, arrivals.highRatePerSecond);
    default:
      return meanRatePerSecond(arrivals);
  }
}

function ownRate({ arrivals }: ServeInput, turns: number): number {
  const mean = meanRatePerSecond(arrivals);
  return arrivals.kind === 'diurnal' ? mean * (1 + arrivals.amplitude * exactSinTurns(turns)) : mean;
}

/**
 * The largest number of seconds that a request of another serve can arrive later and still run first. 0 without `edf`.
 */
export function overtakenSeconds(own: ServeInput, serves: readonly ServeInput[], isEdf: boolean): number {
  const deadline = deadlineSeconds(own.slos);
  if (!isEdf || deadline === Number.POSITIVE_INFINITY) return 0;
  return serves.reduce((most, { slos }) => Math.max(most, deadlineSeconds(slos) - deadline), 0);
}
