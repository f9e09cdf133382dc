import { exactPow } from '../exact-math.ts';
import { BATCHES } from '../record/serve-recorder.ts';
import { BASE_STEADY, BURST_STEADY } from '../state/service-profiles.ts';
import { ALWAYS, NEVER, type Simulation } from '../state/simulation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { type Measured, slotSums, total } from './measurement.ts';

/*
 * A run that is short beside the memory of its queue may happen to be a calm one, and nothing in it tells: its slots differ little, and hang
 * together little. The load tells. M/M/1 at load u forgets its past in 1 / (1 - sqrt(u))^2 services (Cohen, The Single Server Queue, II.2.1), so
 * that many services are one independent look at it. Where a run has had few, its interval is wider on the side of what it may have missed.
 */

/** Looks from which a run's own scatter is trusted. Our assumption: with fewer, intervals of M/M/1 hold the truth less often than they state. */
const MANY_LOOKS = 250;
/** How much wider: looks that are missing, to this power. Our assumption, from the same queue: a half makes intervals of the mean hold always, a quarter those of a percentile too seldom. */
const WIDENING_POWER = 1 / 3;

/**
 * What the intervals of a part of this run have to be multiplied by; Infinity where more comes than is ever done: then no run is long enough.
 * The load is that of the whole run.
 */
export function wideningOf(sim: Simulation): (part: Measured) => number {
  // What comes evenly, to services that take what they take, has no calm runs.
  if (sim.input.serves.every(({ arrivals }) => arrivals.kind === 'constant')) return () => 1;
  const load = leastLoad(sim);
  if (load >= 1) return () => Number.POSITIVE_INFINITY;
  const calm = 1 - Math.sqrt(load);
  return (part) => {
    let batches = 0;
    for (const { recorder } of sim.serves) batches += total(slotSums(recorder, part, BATCHES));
    const looks = batches * calm * calm;
    return looks >= MANY_LOOKS ? 1 : exactPow(MANY_LOOKS / looks, WIDENING_POWER);
  };
}

/** The share of the chips' time that the traffic takes if each request comes in its best batch and in the best mode that the policy has. */
function leastLoad(sim: Simulation): number {
  const { input, profiles, policy } = sim;
  let load = 0;
  for (const serve of sim.serves) {
    let least = Number.POSITIVE_INFINITY;
    for (let size = 1; size <= serve.maxBatch; size++) {
      const base = profiles.seconds[serve.profile(size, BASE_STEADY)] as number;
      const burst = profiles.seconds[serve.profile(size, BURST_STEADY)] as number;
      const seconds = policy === NEVER ? base : policy === ALWAYS ? burst : Math.min(base, burst);
      least = Math.min(least, seconds / size);
    }
    const { arrivals, serviceScale } = input.serves[serve.index] as (typeof input.serves)[number];
    load += meanRatePerSecond(arrivals) * least * (serviceScale?.mean ?? 1);
  }
  return load / sim.chips.length;
}
