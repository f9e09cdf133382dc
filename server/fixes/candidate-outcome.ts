import { hasErrors, type Scenario, type SloOutcome } from '../../design/index.ts';
import type { ObjectiveOutcomes } from '../worker-messages.ts';
import type { Workspace } from '../workspace.ts';
import type { BrokenObjective } from './fix-plan.ts';
import type { Guess } from './search.ts';
import { spoiledBy, worsenedBy } from './side-effects.ts';

/* The scenario of a candidate text, and what its simulation means for the objective that the candidate should meet. */

/** The scenario in the given text of its document; undefined if that text has errors. */
export function scenarioOf(workspace: Workspace, { place }: BrokenObjective, text: string): Scenario | undefined {
  const program = workspace.programWith(place.uri, text);
  if (hasErrors(program.diagnostics)) return undefined;
  const scenario = program.design.scenarios.find(
    ({ name, origin }) => name === place.scenario && origin.uri === place.uri,
  );
  return scenario && { ...scenario, compare: [] };
}

/** The number of objectives of the scenario that are not met. */
export function brokenCount({ before }: BrokenObjective): number {
  return before.main.serves.reduce((sum, { slos }) => sum + slos.filter(({ verdict }) => verdict !== 'met').length, 0);
}

/** The outcome of the objective if it is decided. */
export function outcomeIfDecided(
  outcomes: ObjectiveOutcomes,
  { place, objective }: BrokenObjective,
): SloOutcome | null {
  const own = outcomes[place.serve]?.[objective];
  return own === undefined || own.verdict === 'undecided' ? null : own;
}

/**
 * The outcome of the objective if it is met and no other objective becomes violated. If the plan must meet all
 * objectives, those of the serve must be met too.
 */
export function outcomeIfMet(
  outcomes: ObjectiveOutcomes,
  { place, objective, before }: BrokenObjective,
  meetsAll: boolean,
): SloOutcome | null {
  const serve = outcomes[place.serve] ?? [];
  const own = serve[objective];
  if (own?.verdict !== 'met' || spoiledBy(before, outcomes) !== undefined) return null;
  return meetsAll && serve.some(({ verdict }) => verdict !== 'met') ? null : own;
}

/** The violated objectives of the same scenario that get clearly worse. */
export function harmHere({ place, scenario, before }: BrokenObjective, outcomes: ObjectiveOutcomes): readonly string[] {
  const whose = (serve: number): string =>
    serve === place.serve ? '' : `${scenario.serves[serve]?.name ?? 'another serve'}'s `;
  return worsenedBy(before, outcomes, whose);
}

/**
 * What a short run of a candidate shows about `outcomeIfMet`. The beginning of a trace proves nothing about the whole
 * one: its objectives stay undecided.
 */
export function guessFrom(
  outcomes: ObjectiveOutcomes,
  { place, objective }: BrokenObjective,
  meetsAll: boolean,
): Guess {
  const serve = outcomes[place.serve] ?? [];
  const own = serve[objective];
  const needed = meetsAll ? serve : own === undefined ? [] : [own];
  if (needed.some(({ verdict }) => verdict === 'violated')) return 'misses';
  return needed.every(({ missFraction }) => missFraction <= 0) ? 'within' : 'over';
}
