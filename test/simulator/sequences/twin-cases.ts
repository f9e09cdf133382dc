import {
  type BurstSteps,
  LinearStepCost,
  MixedStepCost,
  runSequences,
  type SequenceInput,
} from '../../../simulator/sequences/index.ts';
import { RandomStream } from '../../../simulator/serving/index.ts';
import { linearCosts, randomScenario } from './scenario.ts';
import { type TwinBurst, twinRun } from './twin.ts';

/** The results of the loop and of the twin for a random scenario, in the same form. */
export function bothRuns(seed: number) {
  return compared({ ...randomScenario(seed), observes: true });
}

/**
 * The same with a burst mode in every second period. In most scenarios, its blocks have another format, which makes them smaller or larger, and
 * attention over them takes another time.
 */
export function bothBurstRuns(seed: number) {
  const plain = randomScenario(seed);
  const random = new RandomStream(seed, 1);
  const one = <T>(...choices: readonly T[]): T => choices[Math.floor(random.uniform() * choices.length)] as T;
  const cost = () => {
    const costs = linearCosts(random);
    const factor = one(0, 0.5, 0.5, 2);
    const { perContext = 0, perPrefillPair = 0 } = costs;
    const attention = {
      perContext: Math.round(factor * perContext),
      perPrefillPair: Math.round(factor * perPrefillPair),
    };
    return new MixedStepCost(new LinearStepCost(costs), new LinearStepCost({ ...costs, ...attention }));
  };
  const blockUnits = one(
    undefined,
    { base: 2, burst: 1 },
    { base: 2, burst: 1 },
    { base: 1, burst: 2 },
    { base: 7, burst: 3 },
  );
  const base = blockUnits?.base ?? 1;
  const blocks = plain.limits.blocks * base + Math.floor(random.uniform() * base);
  const limits = { ...plain.limits, lookAhead: false, blocks, ...(blockUnits === undefined ? {} : { blockUnits }) };
  return compared(
    { ...plain, cost: cost(), limits, observes: true },
    { cost: cost(), switchPicoseconds: one(0, 0, 777_000), periodNanoseconds: one(20_000, 300_000, 5_000_000) },
  );
}

function periods({ cost, switchPicoseconds, periodNanoseconds }: TwinBurst): BurstSteps {
  const policy = {
    holdsUntilNanoseconds: 0,
    wantsBurst(_: unknown, now: number) {
      const period = Math.floor(now / periodNanoseconds);
      policy.holdsUntilNanoseconds = (period + 1) * periodNanoseconds;
      return period % 2 === 1;
    },
  };
  return { cost, switchPicoseconds, policy };
}

function compared(input: SequenceInput, burst?: TwinBurst) {
  const run = runSequences(input, undefined, burst === undefined ? undefined : periods(burst));
  if (run?.observed === undefined) throw new Error('cancelled');
  const ours = {
    first: [...run.firstTokenNanoseconds],
    last: [...run.lastTokenNanoseconds],
    steps: run.steps,
    preemptions: run.preemptions,
    dropped: run.dropped,
    cachedTokens: run.cachedTokens,
    usedBlocks: [...run.samples.usedBlocks],
    burstBlocks: [...run.samples.burstBlocks],
    burstTokens: [...run.observed.burstTokens],
    burstSteps: run.observed.burstSteps,
    chunks: [...run.observed.chunks],
    running: [...run.samples.running],
    waiting: [...run.samples.waiting],
  };
  return { ours, twin: twinRun(input, burst) };
}
