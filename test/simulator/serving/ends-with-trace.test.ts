import { expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { latencySlo, origin, poisson, run, serve } from './fixtures.ts';

const trace: Arrivals = {
  kind: 'trace',
  path: 'a.csv',
  speedup: 1,
  timesSeconds: Float64Array.from({ length: 50 }, (_, index) => index),
  origin,
};
const other = () => serve({ name: 'Other', arrivals: poisson(0.3), slos: [latencySlo(0.99, 1.5)] });
const replayed = () => serve({ arrivals: trace, seconds: 0.1 });
const auto: RunInput['duration'] = { kind: 'auto', maxRequests: 1e6 };

test.each<[string, Partial<RunInput> & Pick<RunInput, 'serves'>, string | undefined]>([
  ['ends with its trace', { serves: [other(), replayed()], duration: auto }, 'trace-ends'],
  ['has a duration', { serves: [other(), replayed()], duration: { kind: 'time', seconds: 40 } }, 'straddles'],
])('the reason of a run that %s', (_, input, reason) => {
  expect(run({ ...input, warmupFraction: 0 }).serves[0]?.slos[0]?.undecided).toBe(reason);
});
