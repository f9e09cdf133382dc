import { join } from 'node:path';
import { type Plan, planSize, type ResultPart } from '../design/index.ts';
import { contradictions } from '../formats/index.ts';
import type { Complaint } from './complaint.ts';
import { runAgain } from './missing-shards.ts';

/* Whether the parts of an exploration belong together. */

/** A results file of a directory, by its name there. */
export interface NamedPart {
  readonly name: string;
  readonly part: ResultPart;
}

/** A complaint about a part that is not used. `why` completes the sentence "NAME ...". */
export function unused(directory: string, name: string, why: string): Complaint {
  return { code: 'damaged-part', message: `${name} ${why}; it is not used`, file: join(directory, name) };
}

/** The parts that agree about every design, and a complaint about each of the others. */
export function withoutContradictions(
  directory: string,
  all: readonly NamedPart[],
): { readonly parts: readonly NamedPart[]; readonly unsure: readonly Complaint[] } {
  const found = contradictions(all.map(({ part }) => part));
  const unsure = found.flatMap(({ part, other, design, what }) => {
    const [name, against] = [all[part]?.name ?? '', all[other]?.name ?? ''];
    return [unused(directory, name, `disagrees with ${against} about design ${design}: ${what}`)];
  });
  const doubtful = new Set(found.map(({ part }) => part));
  return { parts: all.filter((_, index) => !doubtful.has(index)), unsure };
}

/** The reason why the parts do not belong to one plan. Undefined if they do. */
export function mismatch(parts: readonly NamedPart[]): Complaint | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const other = parts.find(({ part }) => part.plan.hash !== first.part.plan.hash);
  if (other !== undefined) {
    const message =
      `${first.name} and ${other.name} contain different designs: they come from different explorations, ` +
      'or the design was edited between the two runs';
    return { code: 'different-explorations', message };
  }
  const changed = parts.find(({ part }) => shapeOf(part.plan) !== shapeOf(first.part.plan));
  if (changed === undefined) return undefined;
  const message = `${first.name} and ${changed.name} have the same hash, but different axes or goals: one of them was changed`;
  return { code: 'different-explorations', message };
}

/** Two parts with runs of different seeds, although the plan has one. Undefined if there are none. */
export function differentSeeds(directory: string, parts: readonly NamedPart[]): Complaint | undefined {
  const axes = parts[0]?.part.plan.axes ?? [];
  // The seed is a property of a scenario, and a `let` can contain it.
  if (axes.some(({ path }) => !path.includes('.') || path.endsWith('.seed'))) return undefined;
  const seeds = parts.flatMap(({ name, part }) =>
    part.rows.flatMap(({ details: { seed } }) => (seed === null ? [] : [{ name, seed }])),
  );
  const [one] = seeds;
  const other = seeds.find(({ seed }) => seed !== one?.seed);
  if (one === undefined || other === undefined) return undefined;
  const names = one.name === other.name ? `rows of ${one.name}` : `${one.name} and ${other.name}`;
  const message = `${names} have the same hash, but the seeds ${one.seed} and ${other.seed}: one of them was changed`;
  const doubtful = new Set([one.name, other.name]);
  const left = parts.map(({ name, part }) => (doubtful.has(name) ? { ...part, rows: [] } : part));
  return { code: 'different-explorations', message, hint: runAgain(left, directory) };
}

/** Everything that determines the meaning of a row. The file name may differ, because two machines may use two paths for one file. */
function shapeOf(plan: Plan): string {
  return JSON.stringify([
    plan.exploration,
    plan.scenario,
    plan.axes,
    plan.goals,
    plan.further,
    plan.asWritten,
    planSize(plan),
  ]);
}
