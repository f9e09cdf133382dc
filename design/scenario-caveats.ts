import { addCaveats, type Caveat } from './caveat.ts';
import type { Scenario } from './scenario.ts';

/** All caveats of the models and traces of a scenario, each once, in the order of the serves. */
export function scenarioCaveats({ serves }: Pick<Scenario, 'serves'>): readonly Caveat[] {
  const found: Caveat[] = [];
  for (const { model, arrivals } of serves) {
    addCaveats(found, model.caveats ?? []);
    if (arrivals.kind === 'trace') addCaveats(found, arrivals.caveats ?? []);
  }
  return found;
}
