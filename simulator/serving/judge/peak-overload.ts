import type { Arrivals, Overload } from '../../../design/index.ts';
import { exactSinTurns } from '../exact-math.ts';
import { deadlineSeconds, type RunInput, type ServeInput } from '../input.ts';
import { leastSecondsPerRequest, longestSeconds, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';

/*
 * What overload at the peak of `diurnal` traffic does to each period, computed without a run. While more work arrives than the chips can do in their
 * best batches and mode, the work that waits grows at least as the difference of both; afterwards it drains. A request cannot finish before the work
 * ahead of it. This is a lower bound on latency: the fluid limit of the best case, less a margin for chance, for batches and for other chips.
 */

/** A bound on what each period of the traffic, or its bursts, bring, whatever a run has seen of them. */
export interface PeakOverload {
  readonly overload: Overload;
  /** The least share of all requests that take longer than a limit. */
  readonly lateShare: (limitSeconds: number) => number;
  /** The least mean latency of all requests, in seconds. */
  readonly meanSeconds: number;
}

/** Points of a period. */
const STEPS = 8192;
/** How much a share can be off because the period is cut into steps: two steps for each of two crossings of the limit. */
const STEP_ERROR = 4 / STEPS;
/** Standard deviations of the work that arrives: less than this margin leaves arrives once in 10^9 times. */
export const DEVIATIONS = 6;

/** null where nothing is periodic, where the peak is carried, and where the traffic allows no such bound. */
export function peakOverload(input: RunInput, index: number): PeakOverload | null {
  const own = input.serves[index];
  const serves = servedBefore(input, index);
  // A trace ends, and so does what piles up in front of it.
  if (own === undefined || input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const period = Math.max(0, ...serves.map(periodSeconds));
  if (period === 0) return null;
  // Requests of another period meet the peak at changing times.
  if (own.arrivals.kind === 'diurnal' && own.arrivals.amplitude > 0 && periodSeconds(own) !== period) return null;

  const costs = serves.map((serve) => leastSecondsPerRequest(input, serve));
  const loadAt = (turns: number) =>
    serves.reduce((sum, serve, at) => sum + leastRate(serve, period, turns) * (costs[at] ?? 0), 0) / input.chips;
  const peakLoad = loadAt(0.25);
  if (peakLoad <= 1 || loadAt(0) >= 1) return null;

  const step = period / STEPS;
  const longestBatch = Math.max(...input.serves.map(longestSeconds));
  const variance = serves.reduce((sum, serve, at) => {
    const cost = costs[at] ?? 0;
    return sum + leastRate(serve, period, 0.25) * cost * cost;
  }, 0);
  const chance = (DEVIATIONS * Math.sqrt(variance * period)) / input.chips;
  const margin = chance + longestBatch + overtakenSeconds(own, serves, input.order === 'edf') * peakLoad + step;
  // A request can join the batch of an older one, and so overtake some of the work ahead of it.
  const ahead = own.batch.maxSize === 1 ? 0 : 2 * own.batch.maxSize * peakLoad;

  const least = new Float64Array(STEPS);
  const weights = new Float64Array(STEPS);
  let waiting = 0;
  let requests = 0;
  // The first of two periods begins empty; what it leaves behind belongs to the second.
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

/** The lowest rate that a serve can have at a moment of the period, whatever its own phases do. */
function leastRate(serve: ServeInput, period: number, turns: number): number {
  const { arrivals } = serve;
  return arrivals.kind === 'diurnal' && arrivals.periodSeconds === period ? ownRate(serve, turns) : calmRate(arrivals);
}

/** The lowest rate of traffic at any moment. */
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

/** With `edf`, how much younger a request may be and still go first. */
export function overtakenSeconds(own: ServeInput, serves: readonly ServeInput[], isEdf: boolean): number {
  const deadline = deadlineSeconds(own.slos);
  if (!isEdf || deadline === Number.POSITIVE_INFINITY) return 0;
  return serves.reduce((most, { slos }) => Math.max(most, deadlineSeconds(slos) - deadline), 0);
}
