import type { Arrivals } from '../../../design/index.ts';
import { exactExp } from '../exact-math.ts';
import type { RunInput, ServeInput } from '../input.ts';
import { leastSecondsPerRequest, longestSeconds, servedBefore } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { calmRate, DEVIATIONS, overtakenSeconds, type PeakOverload } from './peak-overload.ts';

/*
 * What bursts that overload the chips do, computed without a run. A burst of `bursty` traffic has an exponential length, so a request in it finds the
 * burst as old as another exponential of the same mean. Since the burst began, more work has arrived than the chips can do, and all of it goes first.
 * Work that waited when the burst began only adds to this lower bound on latency.
 */

type Bursty = Extract<Arrivals, { kind: 'bursty' }>;

/** Ages of a burst that are tried for the mean latency: up to eight mean lengths. */
const AGES = 64;
const LONGEST_AGE = 8;

/** null where no serve is `bursty`, where its bursts are carried, and where the traffic allows no such bound. */
export function burstOverload(input: RunInput, index: number): PeakOverload | null {
  const own = input.serves[index];
  // A trace ends, and so does what piles up in front of it.
  if (own === undefined || input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const bounds = servedBefore(input, index).flatMap((serve) => {
    const { arrivals } = serve;
    if (arrivals.kind !== 'bursty') return [];
    const bound = boundOf(input, index, own, serve, arrivals);
    return bound === null ? [] : [bound];
  });
  // The bursts of its own traffic hold most of its requests.
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
  for (const serve of serves) {
    const seconds = leastSecondsPerRequest(input, serve);
    load += (rateOf(serve) * seconds) / input.chips;
    variance += rateOf(serve) * seconds * seconds;
    offeredRps += rateOf(serve);
  }
  if (load <= 1) return null;
  const timeShare = busySeconds / (meanLowSeconds + meanHighSeconds);
  const requestShare = own === burst ? (timeShare * high) / meanRatePerSecond(own.arrivals) : timeShare;
  const longestBatch = Math.max(...input.serves.map(longestSeconds));
  // A request can join the batch of an older one, and so overtake some of the work ahead of it.
  const ownRate = own === burst ? high : calmRate(own.arrivals);
  const ahead = own.batch.maxSize === 1 ? 0 : (2 * own.batch.maxSize * load) / ownRate;
  const margin = longestBatch + ahead + overtakenSeconds(own, serves, input.order === 'edf') * load;
  const spread = (DEVIATIONS * Math.sqrt(variance)) / input.chips;
  /**
   * Seconds into a burst from which on a request takes longer than a limit: where (load - 1) x - spread sqrt(x) reaches
   * it.
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
