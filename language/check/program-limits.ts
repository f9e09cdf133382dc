import { type Origin, type Scenario, type Serve, usedChips } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages } from '../messages/index.ts';
import { originOf } from './checked-file.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';

/** Reports a name that is too long. */
export function checkNameLength(
  name: string,
  place: { readonly start: number; readonly end: number },
  { file }: Pick<Scope, 'file'>,
  reporter: Reporter,
): void {
  const [characters, most] = [name.length, limits.nameCharacters];
  if (characters > most) reporter.report(originOf(file, place), limitMessages.nameTooLong({ characters, most }));
}

/** The number of service table rows that a scenario needs, summed over its chips. */
function rowsOf(serves: readonly Serve[]): number {
  return serves.reduce((sum, { model, batch }) => sum + model.layers.length * batch.maxSize, 0);
}

/** The number of different chips that a scenario simulates. */
function chipsOf(scenario: Scenario): number {
  return usedChips(scenario).length;
}

/** Whether the tables of a scenario are within the limit. If not, this reports an error. */
export function checkTables(scenario: Scenario, reporter: Reporter): boolean {
  const { name, origin, serves } = scenario;
  const chips = chipsOf(scenario);
  const rows = chips * rowsOf(serves);
  const most = limits.scenarioRows;
  if (rows <= most) return true;
  reporter.report(origin, limitMessages.scenarioRows({ name, rows, chips, most }));
  return false;
}

/** Reports scenarios that together exceed the limits of one program. Returns the scenarios that fit. */
export function fittingScenarios(scenarios: readonly Scenario[], reporter: Reporter): readonly Scenario[] {
  let rows = 0;
  let runs = 0;
  const report = (origin: Origin, message: Parameters<Reporter['report']>[1]): void => reporter.report(origin, message);
  for (const [place, scenario] of scenarios.entries()) {
    const { name, origin } = scenario;
    runs += 1 + scenario.compare.length;
    rows += chipsOf(scenario) * rowsOf(scenario.serves);
    if (runs > limits.programRuns) report(origin, limitMessages.tooManyRuns({ most: limits.programRuns }));
    else if (rows > limits.programRows) {
      report(origin, limitMessages.programRows({ name, rows, most: limits.programRows }));
    } else continue;
    return scenarios.slice(0, place);
  }
  return scenarios;
}
