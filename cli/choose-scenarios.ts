import type { Scenario } from '../design/index.ts';
import { choose } from './choose.ts';

/** All scenarios that the file itself declares, or the named one, which can be imported. A text if there is none: the reason. */
export function chooseScenarios(
  all: readonly Scenario[],
  uri: string,
  wanted: string | undefined,
): readonly Scenario[] | string {
  if (wanted !== undefined) {
    const choice = choose('scenario', '--scenario', wanted, all, []);
    return choice.kind === 'one' ? [choice.value] : choice.message;
  }
  const own = all.filter((scenario) => scenario.origin.uri === uri);
  const chosen = own.length > 0 ? own : all;
  return chosen.length > 0 ? chosen : 'the file has no scenario: there is nothing to run';
}
