import type { Arrivals } from '../../../design/index.ts';
import { exactExp } from '../exact-math.ts';
import type { RunInput, ServeInput } from '../input.ts';
import { leastCosts, longestSeconds, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { calmRate, DEVIATIONS, overtakenSeconds, type PeakOverload } from './peak-overload.ts';

/*
 * The overload in the bursts of `bursty` traffic, computed without a run. The length of a burst is exponential. So the age of
 * the burst at the arrival of a request is exponential too, with the same mean. Since the start of the burst, more work has
 * arrived than the chips can do, and all of it runs before the request. This gives a lower bound of the latency. Work that
 * waited before the burst only makes the latency longer.
 */

type Bursty = Extract<Arrivals, { kind: 'bursty' }>;

/** The number of ages of a burst in the bound of the mean latency. The largest age is eight mean lengths. */
const AGES = 64;
const LONGEST_AGE = 8;

/** null: no traffic is `bursty`, the chips can serve the bursts, or no bound exists for this traffic. */
export function burstOverload(input: RunInput, index: number): PeakOverload | null {
  const own = input.serves[index];
  // A trace ends, so its queue always empties.
  if (own === undefined || input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const bounds = servedBefore(input, index).flatMap((serve) => {
    const { arrivals } = serve;
    if (arrivals.kind !== 'bursty') return [];
    const bound = boundOf(input, index, own, serve, arrivals);
    return bound === null ? [] : [bound];
  });
  // Several serves can have bursts. Use those that give the highest bound.
  return bounds.reduce<PeakOverload | null>(
    (best, bound) => (best === null || bound.meanSeconds > best.meanSeconds ? bound : best),
    null,
  );
}

function boundOf(
  input: RunInput,
  index: number,
  own: ServeInput,
  burst: ServeInput,
  { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds }: Bursty,
): PeakOverload | null {
  const high = Math.max(lowRatePerSecond, highRatePerSecond);
  const busySeconds = highRatePerSecond >= lowRatePerSecond ? meanHighSeconds : meanLowSeconds;
  const serves = servedBefore(input, index);
  const rateOf = (serve: ServeInput) => (serve === burst ? high : calmRate(serve.arrivals));
  let load = 0;
  let variance = 0;
  let offeredRps = 0;
  const costs = leastCosts(input, serves);
  for (const [at, serve] of serves.entries()) {
    const seconds = costs[at] as number;
    load += (rateOf(serve) * seconds) / input.chips;
    variance += rateOf(serve) * seconds * seconds;
    offeredRps += rateOf(serve);
  }
  if (load <= 1) return null;
  const timeShare = busySeconds / (meanLowSeconds + meanHighSeconds);
  const requestShare = own === burst ? (timeShare * high) / meanRatePerSecond(own.arrivals) : timeShare;
  const longestBatch = Math.max(...input.serves.map((serve) => longestSeconds(input, serve)));
  // A request can join the batch of an older one, and so overtake some of the work that is ahead of it.
  const ownRate = own === burst ? high : calmRate(own.arrivals);
  const ahead = own.batch.maxSize === 1 ? 0 : (2 * own.batch.maxSize * load) / ownRate;
  const margin = longestBatch + ahead + overtakenSeconds(own, serves, input.order === 'edf') * load;
  const spread = (DEVIATIONS * Math.sqrt(variance)) / input.chips;
  /**
   * The age of a burst in seconds after which each request takes longer than a limit. It is the x for which
   * (load - 1) x - spread sqrt(x) - margin equals the limit.
   */
  const ageFor = (limitSeconds: number) => {
    const root = spread + Math.sqrt(spread * spread + 4 * (load - 1) * (limitSeconds + margin));
    const rootOfAge = root / (2 * (load - 1));
    return rootOfAge * rootOfAge;
  };
  const lateShare = (limitSeconds: number) => requestShare * exactExp(-ageFor(limitSeconds) / busySeconds);
  let meanSeconds = 0;
  for (let step = 1; step <= AGES; step++) {
    const age = (step * LONGEST_AGE * busySeconds) / AGES;
    const least = (load - 1) * age - spread * Math.sqrt(age) - margin;
    if (least > 0) meanSeconds = Math.max(meanSeconds, least * lateShare(least));
  }
  return { overload: { offeredRps, saturationRps: offeredRps / load, inBursts: true }, lateShare, meanSeconds };
}
