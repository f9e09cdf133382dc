import { addCaveats, type Caveat } from './caveat.ts';
import type { Scenario } from './scenario.ts';

/** All caveats of the models, traces and prompts of a scenario, each once, in the order of the serves. */
export function scenarioCaveats({ serves }: Pick<Scenario, 'serves'>): readonly Caveat[] {
  const found: Caveat[] = [];
  for (const { model, arrivals, sequences } of serves) {
    addCaveats(found, model.caveats ?? []);
    if (arrivals.kind === 'trace') addCaveats(found, arrivals.caveats ?? []);
    addCaveats(found, sequences?.caveats ?? []);
  }
  return found;
}
