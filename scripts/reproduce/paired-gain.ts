import { studentQuantile, type TableCache } from '../../simulator/index.ts';
import { type Capacity, findCapacity } from './capacity.ts';
import { ContenderRuns } from './contender-runs.ts';
import type { Contender } from './subjects.ts';
import type { Offer } from './traffic.ts';

/** Each seed gives one pair of searches. Fisher's expansion of Student's quantile needs nine degrees of freedom. */
export const pairs = 10;

/** The load of one chip divided by that of another, with both chips under the same arrivals. */
export interface PairedGain {
  /** The mean ratio over the seeds. */
  readonly mean: number;
  /** Student's interval of the mean at the scenario's confidence. */
  readonly low: number;
  readonly high: number;
  /** The ratio of each seed. */
  readonly ratios: readonly number[];
}

/** Null without two ratios. */
export function gainOf(ratios: readonly number[], confidence: number): PairedGain | null {
  const count = ratios.length;
  if (count < 2) return null;
  const mean = ratios.reduce((sum, one) => sum + one, 0) / count;
  const variance = ratios.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
  const reach = studentQuantile(confidence, count - 1) * Math.sqrt(variance / count);
  return { mean, low: mean - reach, high: mean + reach, ratios };
}

/**
 * Searches the largest load of both chips with the same random arrivals, once for each seed. The searches begin at the
 * known loads. Null if a chip has no load within the objectives in some run.
 */
export function pairedGain(
  offer: Offer,
  [base, own]: readonly [Contender, Contender],
  [baseRps, ownRps]: readonly [number, number],
  cache: TableCache,
): PairedGain | null {
  const ratios = pairedRatios(offer, [base, own], [baseRps, ownRps], pairs, cache);
  return ratios === null ? null : gainOf(ratios, offer.scenario.confidence);
}

/** The ratio of the two largest loads for each of `count` seeds. Null if a chip has no load within the objectives in some run. */
export function pairedRatios(
  offer: Offer,
  [base, own]: readonly [Contender, Contender],
  [baseRps, ownRps]: readonly [number, number],
  count: number,
  cache: TableCache,
): readonly number[] | null {
  const { scenario } = offer;
  const ratios: number[] = [];
  for (let pair = 1; pair <= count; pair++) {
    const seeded: Offer = { ...offer, scenario: { ...scenario, seed: scenario.seed + pair } };
    const search = (contender: Contender, guess: number): Capacity =>
      findCapacity(new ContenderRuns(seeded, contender, cache), guess);
    const [theirs, ours] = [search(base, baseRps), search(own, ownRps)];
    if (theirs.at === null || ours.at === null) return null;
    ratios.push(ours.at.rps / theirs.at.rps);
  }
  return ratios;
}
