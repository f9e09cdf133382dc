import { runSequences } from '../../../simulator/sequences/index.ts';
import { randomScenario } from './scenario.ts';
import { twinRun } from './twin.ts';

/** The results of the loop and of the twin for a random scenario, in the same form. */
export function bothRuns(seed: number) {
  const input = randomScenario(seed);
  const run = runSequences(input);
  if (run === null) throw new Error('cancelled');
  const ours = {
    first: [...run.firstTokenNanoseconds],
    last: [...run.lastTokenNanoseconds],
    steps: run.steps,
    preemptions: run.preemptions,
    dropped: run.dropped,
    cachedTokens: run.cachedTokens,
    usedBlocks: [...run.samples.usedBlocks],
    running: [...run.samples.running],
    waiting: [...run.samples.waiting],
  };
  return { ours, twin: twinRun(input) };
}
