import type { Scenario, ScenarioResult, ServeResult, Slo, SloOutcome, Verdict } from '../../design/index.ts';
import { verdictsWorstFirst } from '../../design/index.ts';

/** Two things of the designs that belong together. null: one of the designs does not have it. */
export interface Pair<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/**
 * What a change did to an objective. Worse: met became undecided or violated, or undecided became violated. Added, removed: only one of the
 * designs has the objective, so there is nothing to compare.
 */
export const effects = ['worse', 'better', 'same', 'added', 'removed'] as const;
export type Effect = (typeof effects)[number];

export interface ObjectiveChange extends Pair<SloOutcome> {
  /** The label of the serve. */
  readonly serve: Pair<string>;
  readonly effect: Effect;
}

export interface ScenarioChange extends Pair<ScenarioResult> {
  readonly objectives: readonly ObjectiveChange[];
}

/** Scenarios of the same name belong together. So do the only scenario of one design and that of the other, even if their names differ. */
export function scenarioPairs(before: readonly Scenario[], after: readonly Scenario[]): readonly Pair<Scenario>[] {
  return lonePair(before, after) ?? pairsByKey(before, after, ({ name }) => name);
}

/** The change of each objective of a scenario: the later objectives in their order, then those that were removed. */
export function scenarioChange({ before, after }: Pair<ScenarioResult>): ScenarioChange {
  const [old, now] = [before?.main.serves ?? [], after?.main.serves ?? []];
  const serves = lonePair(old, now) ?? pairsByKey(old, now, ({ name }) => name);
  return { before, after, objectives: serves.flatMap(objectiveChanges) };
}

function objectiveChanges(serve: Pair<ServeResult>): readonly ObjectiveChange[] {
  const names = { before: serve.before?.name ?? null, after: serve.after?.name ?? null };
  const pairs = pairsByKey(serve.before?.slos ?? [], serve.after?.slos ?? [], ({ slo }) => measuredBy(slo));
  return pairs.map((pair) => ({ ...pair, serve: names, effect: effectOf(pair) }));
}

function effectOf({ before, after }: Pair<SloOutcome>): Effect {
  if (before === null) return 'added';
  if (after === null) return 'removed';
  const step = badness(after.verdict) - badness(before.verdict);
  return step > 0 ? 'worse' : step < 0 ? 'better' : 'same';
}

/** 0 for the best verdict. */
function badness(verdict: Verdict): number {
  return verdictsWorstFirst.length - 1 - verdictsWorstFirst.indexOf(verdict);
}

/** What an objective limits, without its limit: an objective with another limit is the same objective. */
function measuredBy(slo: Slo): string {
  const { metric } = slo;
  return JSON.stringify(metric === 'latency' ? [metric, slo.of, slo.statistic] : [metric, 'of' in slo ? slo.of : null]);
}

function lonePair<T>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] | undefined {
  const [[old], [now]] = [before, after];
  if (old === undefined || now === undefined || before.length > 1 || after.length > 1) return undefined;
  return [{ before: old, after: now }];
}

/** Several with one key are paired in their order. */
function pairsByKey<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): readonly Pair<T>[] {
  const unpaired = new Set(before);
  const pairs = after.map((now): Pair<T> => {
    const old = [...unpaired].find((one) => keyOf(one) === keyOf(now));
    if (old !== undefined) unpaired.delete(old);
    return { before: old ?? null, after: now };
  });
  return [...pairs, ...[...unpaired].map((old): Pair<T> => ({ before: old, after: null }))];
}

/** The number of objectives with each effect. */
export function effectCounts(scenarios: readonly ScenarioChange[]): Readonly<Record<Effect, number>> {
  const counts = { worse: 0, better: 0, same: 0, added: 0, removed: 0 };
  for (const { objectives } of scenarios) for (const { effect } of objectives) counts[effect]++;
  return counts;
}
