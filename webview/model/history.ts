import type { HistoryEntry, HistoryFigures, RunFigures, Verdict } from '../../protocol/index.ts';
import { unpack } from '../../protocol/index.ts';
import { decodeBase64 } from './base64.ts';

/** An earlier run, with its figures. */
export interface HistoryRun extends Omit<HistoryEntry, 'figures'> {
  readonly scenarios: HistoryFigures;
}

/** The runs that can be read. An entry that another version of the extension wrote is left out. */
export function decodeHistory(entries: readonly HistoryEntry[]): readonly HistoryRun[] {
  return entries.flatMap(({ figures: { tree, columnsBase64 }, ...entry }) => {
    try {
      const scenarios = unpack<HistoryFigures>({ tree, buffer: decodeBase64(columnsBase64) });
      const isValid = scenarios.every(({ scenario, run }) => typeof scenario === 'string' && Array.isArray(run.serves));
      return isValid ? [{ ...entry, scenarios }] : [];
    } catch {
      return [];
    }
  });
}

/** The figures of the chosen runs for a scenario, named by what changed. */
export function comparedFigures(
  history: readonly HistoryRun[],
  chosen: readonly string[],
  scenario: string,
): readonly RunFigures[] {
  return history.flatMap(({ id, name, scenarios }) => {
    const found = chosen.includes(id) ? scenarios.find((one) => one.scenario === scenario) : undefined;
    return found === undefined ? [] : [{ ...found.run, label: name }];
  });
}

/** The verdict of a scenario in an earlier run; undefined if the scenario did not exist. */
export function verdictIn({ scenarios }: HistoryRun, scenario: string): Verdict | undefined {
  return scenarios.find((one) => one.scenario === scenario)?.verdict;
}
