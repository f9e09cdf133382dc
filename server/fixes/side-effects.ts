import { type ScenarioResult, type SloOutcome, sloName, sloValue } from '../../design/index.ts';
import type { ObjectiveOutcomes } from '../worker-messages.ts';
import type { BrokenObjective } from './fix-plan.ts';

/* The effects of a fix for one objective on the other objectives, in words for its title. */

/** Without a confidence interval, a value counts as worse if it is worse by a tenth: our assumption. */
const clearFraction = 0.1;

/** An objective before a change and after it. */
interface Pair {
  readonly serve: number;
  readonly before: SloOutcome;
  /** Undefined if the change removed the objective. */
  readonly now: SloOutcome | undefined;
}

/** The first objective that the change makes violated. */
export function spoiledBy(before: ScenarioResult, outcomes: ObjectiveOutcomes): SloOutcome | undefined {
  return pairs(before, outcomes).find((pair) => pair.before.verdict !== 'violated' && pair.now?.verdict === 'violated')
    ?.before;
}

/**
 * The objectives that were not met and get worse by more than their confidence intervals: "p99 latency goes from 85.7
 * ms to 349 ms". `whose` gives the owner of each objective by serve; '' if the owner is clear.
 */
export function worsenedBy(
  before: ScenarioResult,
  outcomes: ObjectiveOutcomes,
  whose: (serve: number) => string,
): readonly string[] {
  return pairs(before, outcomes).flatMap((pair) => {
    if (pair.now === undefined || !isClearlyWorse(pair.before, pair.now)) return [];
    const name = `${whose(pair.serve)}${sloName(pair.before.slo)}`;
    const { value } = pair.now.measured;
    if (Number.isNaN(value)) return [`${name} can no longer be measured`];
    const from = sloValue(pair.before.slo, pair.before.measured.value);
    const to = sloValue(pair.before.slo, value);
    return from === to ? [] : [`${name} goes from ${from} to ${to}`];
  });
}

/** The objectives of the same serve that are violated both before and after the change, as the file writes them. */
export function stillMissed({ place, objective, before }: BrokenObjective, outcomes: ObjectiveOutcomes): string[] {
  return pairs(before, outcomes).flatMap(({ serve, before: old, now }) => {
    if (serve !== place.serve || old === before.main.serves[serve]?.slos[objective]) return [];
    return old.verdict !== 'met' && now?.verdict === 'violated' ? [old.slo.text] : [];
  });
}

function pairs(before: ScenarioResult, outcomes: ObjectiveOutcomes): readonly Pair[] {
  return before.main.serves.flatMap(({ slos }, serve) =>
    slos.map((one, index) => ({ serve, before: one, now: outcomes[serve]?.[index] })),
  );
}

/** Compares objectives that were not met before. The verdict covers those that are met before or after. */
function isClearlyWorse(before: SloOutcome, now: SloOutcome): boolean {
  if (before.verdict === 'met' || now.verdict === 'met' || Number.isNaN(before.measured.value)) return false;
  if (Number.isNaN(now.measured.value)) return true;
  const isCeiling = before.slo.metric === 'latency';
  const [far, near] = isCeiling ? [before.measured.high, now.measured.low] : [-before.measured.low, -now.measured.high];
  if (Number.isFinite(far) && Number.isFinite(near)) return near > far;
  const change = (now.measured.value - before.measured.value) * (isCeiling ? 1 : -1);
  return change > clearFraction * before.measured.value;
}
