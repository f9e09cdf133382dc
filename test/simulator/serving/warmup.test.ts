import { expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { first, origin, poisson, run, serve } from './fixtures.ts';

/* No statistic includes requests of the warm-up, not even the largest latency. */

const recorded = (times: readonly number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(times),
  origin,
});

test('a batch of recorded traffic counts without its warm-up requests', () => {
  const eight = recorded([0, 1, 2, 3, 4, 5, 6, 7]);
  const serves = [serve({ arrivals: eight, batch: { maxSize: 8, timeoutSeconds: 100 }, batchCost: () => 1 })];
  const of = (warmupFraction: number) =>
    first(run({ serves, warmupFraction, duration: { kind: 'auto', maxRequests: 1000 } }).serves).latency;
  // The batch is full at 7 s and ends at 8 s.
  expect(of(0)).toMatchObject({ max: expect.closeTo(8, 9), mean: expect.closeTo(4.5, 9) });
  expect(of(0.5)).toMatchObject({ max: expect.closeTo(4, 9), mean: expect.closeTo(2.5, 9) });
});

test('the largest latency of random traffic excludes the warm-up', () => {
  let larger = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const result = run({
      seed,
      serves: [serve({ arrivals: poisson(0.9) })],
      duration: { kind: 'requests', count: 400 },
      warmupFraction: 0.5,
    });
    const { latency, series } = first(result.serves);
    const firstBucket = Math.round(result.warmupSeconds / result.series.bucketSeconds);
    const largest = (from: number) => Math.max(...series.maxSeconds.subarray(from).filter((value) => value > 0));
    expect(latency.max).toBe(largest(firstBucket));
    if (largest(0) > latency.max) larger++;
  }
  expect(larger).toBeGreaterThan(5);
});
