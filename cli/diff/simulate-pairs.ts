import type { Scenario, ScenarioResult } from '../../design/index.ts';
import { contentHash } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import { longWork } from '../long-work.ts';
import { type Pair, type ScenarioChange, scenarioChange } from './changes.ts';

/** The changes of all scenarios, or the text for a simulation that was stopped. Two equal scenarios are simulated once. */
export async function simulatePairs(
  pairs: readonly Pair<Scenario>[],
  seed: number | undefined,
  context: CommandContext,
): Promise<readonly ScenarioChange[] | string> {
  const { engine } = context;
  const results = new Map<string, ScenarioResult>();
  const resultOf = async (declared: Scenario | null): Promise<ScenarioResult | null | undefined> => {
    if (declared === null) return null;
    // Only the scenario itself is compared, not its variants.
    const scenario: Scenario = { ...declared, compare: [], seed: seed ?? declared.seed };
    const hash = contentHash(scenario);
    const known = results.get(hash);
    if (known !== undefined) return known;
    const result = await longWork(
      context,
      (fraction) => ({ name: scenario.name, fraction }),
      (onProgress, stop) => engine.simulate(scenario, onProgress, stop),
    );
    if (result !== undefined) results.set(hash, result);
    return result;
  };
  const found: ScenarioChange[] = [];
  for (const pair of pairs) {
    const before = await resultOf(pair.before);
    const after = before === undefined ? undefined : await resultOf(pair.after);
    if (before === undefined || after === undefined) {
      const name = pair.after?.name ?? pair.before?.name ?? '';
      return `the simulation of ${name} ended early. ${found.length} of ${pairs.length} scenarios are finished.`;
    }
    found.push(scenarioChange({ before, after }));
  }
  return found;
}

/**
 * Whether the simulated content of two scenarios differs. The files state the same values then, so the reason is a file that they read, or
 * the order of their statements.
 */
export function differsInContent({ before, after }: Pair<Scenario>): boolean {
  if (before === null || after === null) return false;
  return simulatedHash(before) !== simulatedHash(after);
}

/** Without names, and without the texts of objectives, which contain the spaces of the file. */
function simulatedHash({ name: _, serves, ...scenario }: Scenario): string {
  return contentHash({
    ...scenario,
    serves: serves.map(({ slos, ...serve }) => ({ ...serve, slos: slos.map(({ text: __, ...slo }) => slo) })),
  });
}
