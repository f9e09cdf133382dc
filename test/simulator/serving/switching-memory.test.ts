import { expect, test } from 'vitest';
import type { Arrivals, BurstPolicy, Slo } from '../../../design/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/*
 * A policy that chooses the mode lets the queue grow in base mode before burst mode helps. A run that is short compared with this growth shows low
 * latencies by chance, however fast burst mode is. A request takes 1 s in base mode and 0.5 s in burst mode.
 */

const statistic = (kind: 'mean' | 'max', limitSeconds: number): Slo => ({
  metric: 'latency',
  statistic: { kind },
  limitSeconds,
  text: `${kind} latency <= ${limitSeconds} s`,
  origin,
});
const constant = (ratePerSecond: number): Arrivals => ({ kind: 'constant', ratePerSecond, origin });
const queue = (threshold: number): BurstPolicy => ({ kind: 'queue', threshold });
const slack: BurstPolicy = { kind: 'slack', guardFraction: 0.05, holdSeconds: 0 };

const verdicts = (burst: BurstPolicy, arrivals: Arrivals, slos: readonly Slo[], seed: number, count = 20_000) =>
  first(
    run({ burst, serves: [serve({ arrivals, slos })], duration: { kind: 'requests', count }, seed }).serves,
  ).slos.map(({ verdict }) => verdict);

test.each([
  // The mean wait of M/D/1 at this load is 62 s, and p99 is about 285 s.
  ['a long queue in base mode, p99', queue(100_000), poisson(0.992), [latencySlo(0.99, 200)]],
  ['a long queue in base mode, mean', queue(100_000), poisson(0.992), [statistic('mean', 45)]],
  ['a deadline far beyond the mean', slack, poisson(0.992), [statistic('mean', 40), latencySlo(0.99, 500)]],
  ['a queue that grows to its threshold', queue(100_000), poisson(1.01), [latencySlo(0.99, 500)]],
  ['even traffic that base mode cannot serve, p99', queue(1000), constant(1.0002), [latencySlo(0.99, 100)]],
  ['even traffic that base mode cannot serve, max', queue(1000), constant(1.0002), [statistic('max', 100)]],
  ['even traffic and a far deadline', slack, constant(1.0002), [statistic('mean', 40), latencySlo(0.99, 500)]],
  ['even traffic and an oracle', { kind: 'oracle' }, constant(1.0002), [statistic('mean', 40), latencySlo(0.99, 500)]],
] as const)('%s is not met by chance', (_, burst, arrivals, slos) => {
  for (let seed = 1; seed <= 6; seed++) expect(verdicts(burst, arrivals, slos, seed)[0]).not.toBe('met');
});

test.each([
  ['a threshold that the queue often reaches', queue(8), poisson(1.5), [latencySlo(0.99, 30)]],
  ['a deadline that burst mode keeps', slack, poisson(1.3), [latencySlo(0.99, 15)]],
  ['little load', queue(100_000), poisson(0.5), [latencySlo(0.99, 20)]],
  ['even traffic that base mode can serve', queue(1000), constant(0.9), [statistic('max', 1.5)]],
] as const)('%s is still met', (_, burst, arrivals, slos) => {
  expect(verdicts(burst, arrivals, slos, 1)).toEqual(['met']);
});
