import type { TableCache } from '../../simulator/index.ts';
import { findCapacity, resolution } from './capacity.ts';
import { ContenderRuns } from './contender-runs.ts';
import { guards, holds } from './sensitivity.ts';
import { type Contender, type Scheme, type Subject, schemes } from './subjects.ts';
import type { Offer } from './traffic.ts';

/** What was chosen for one network on one chip. Guard and hold are null if the policy has none. */
export interface Tuned {
  readonly batch: number;
  readonly guardFraction: number | null;
  readonly holdSeconds: number | null;
}

export type TunedSchemes = Readonly<Record<Scheme, Tuned>>;

/** The contender with what was chosen for it. */
export function tunedContender(contender: Contender, { batch, guardFraction, holdSeconds }: Tuned): Contender {
  const { scheduler } = contender;
  const isSlack = guardFraction !== null && holdSeconds !== null;
  return {
    ...contender,
    maxBatch: batch,
    scheduler: isSlack ? { ...scheduler, burst: { kind: 'slack', guardFraction, holdSeconds } } : scheduler,
  };
}

/** The subject with what was chosen for each scheme: all of it, or the batch only. */
export function tunedSubject(subject: Subject, tuned: TunedSchemes | null, what: 'all' | 'batch'): Subject {
  if (tuned === null) return subject;
  const contenders = Object.fromEntries(
    schemes.map((scheme) => {
      const chosen = tuned[scheme];
      const used = what === 'all' ? chosen : { ...chosen, guardFraction: null, holdSeconds: null };
      return [scheme, tunedContender(subject.contenders[scheme], used)];
    }),
  );
  // One entry exists for each scheme, so the cast is safe.
  return { ...subject, contenders: contenders as Record<Scheme, Contender> };
}

/** All of them are tried. */
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
const usualBatch = 8;

/** Added to the seed, so that no published run has the arrivals of a run that chose a value. */
export const tuningSeed = 1000;
/** A load that is this much smaller than the best one counts as equal: one step of the grid. */
const equal = 1 / (1 + resolution) ** 1.5;

interface Candidate<T> {
  readonly value: T;
  readonly rps: number;
}

/** The first candidate, in the order of preference, whose load is at least `share` of the best one. */
export function preferred<T>(candidates: readonly Candidate<T>[], share = equal): T | undefined {
  const best = Math.max(...candidates.map(({ rps }) => rps));
  return candidates.find(({ rps }) => rps >= best * share)?.value;
}

/**
 * Chooses the largest batch, and then guard and hold of a slack policy, each for the largest load within the objectives under the
 * arrivals of another seed. Of equal loads, the usual batch is chosen. Of loads that differ by one step of the grid at most, the smaller guard and the
 * usual hold are chosen, because a larger guard costs accuracy.
 */
export function tune(offer: Offer, contender: Contender, startRps: number, cache: TableCache): Tuned {
  const { scenario } = offer;
  const other: Offer = { ...offer, scenario: { ...scenario, seed: scenario.seed + tuningSeed } };
  const load = (candidate: Contender, guess: number): number =>
    findCapacity(new ContenderRuns(other, candidate, cache), guess).at?.rps ?? 0;

  const tried = new Map<number, number>();
  const usual = load({ ...contender, maxBatch: usualBatch }, startRps);
  tried.set(usualBatch, usual);
  // The load can have several local maxima over the batch: with a large batch, a burst costs one conversion, and with a small one it may cost several. So all
  // batches are tried.
  let before = usual;
  for (const maxBatch of batches) {
    if (maxBatch === usualBatch) continue;
    const rps = load({ ...contender, maxBatch }, before === 0 ? startRps : before);
    tried.set(maxBatch, rps);
    before = rps;
  }
  // A map keeps its order, so the usual batch comes first.
  const batch =
    preferred(
      [...tried].map(([value, rps]) => ({ value, rps })),
      1,
    ) ?? usualBatch;
  const { burst } = contender.scheduler;
  if (burst.kind !== 'slack' || contender.npu.burst === null) return { batch, guardFraction: null, holdSeconds: null };

  const at = tried.get(batch) ?? usual;
  const withSlack = (guardFraction: number, holdSeconds: number): Contender =>
    tunedContender(contender, { batch, guardFraction, holdSeconds });
  const guardFraction =
    preferred(guards.map((value) => ({ value, rps: load(withSlack(value, burst.holdSeconds), at) }))) ??
    burst.guardFraction;
  const usualFirst = [burst.holdSeconds, ...holds.filter((hold) => hold !== burst.holdSeconds)];
  const holdSeconds =
    preferred(usualFirst.map((value) => ({ value, rps: load(withSlack(guardFraction, value), at) }))) ??
    burst.holdSeconds;
  return { batch, guardFraction, holdSeconds };
}
