import { describe, expect, test } from 'vitest';
import type { Arrivals, Slo } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { peakOverload } from '../../../simulator/serving/judge/peak-overload.ts';
import { first, input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/*
 * A peak above saturation makes requests of each period late. The bound on them does not depend on a run. Service takes one
 * second.
 */

const day = 86_400;
const diurnal = (ratePerSecond: number, amplitude = 0.5, periodSeconds = day): Arrivals => ({
  kind: 'diurnal',
  ratePerSecond,
  amplitude,
  periodSeconds,
  origin,
});
const burstyLow: Arrivals = {
  kind: 'bursty',
  lowRatePerSecond: 0.3,
  highRatePerSecond: 0.5,
  meanLowSeconds: 10,
  meanHighSeconds: 10,
  origin,
};
const trace: Arrivals = { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds: Float64Array.of(0, 1), origin };
const slos = [latencySlo(0.99, 100)];
const batched = { batch: { maxSize: 8, timeoutSeconds: 0 }, batchCost: (size: number) => 0.5 + size / 8 };

describe('overload at the peak', () => {
  test.each<[string, Partial<RunInput>, boolean]>([
    ['a peak above saturation', { serves: [serve({ arrivals: diurnal(0.9) })] }, true],
    ['a peak below saturation', { serves: [serve({ arrivals: diurnal(0.6) })] }, false],
    ['a peak that two chips can serve', { chips: 2, serves: [serve({ arrivals: diurnal(0.9) })] }, false],
    [
      'a peak that burst mode can serve',
      { burst: { kind: 'always' }, serves: [serve({ arrivals: diurnal(0.9) })] },
      false,
    ],
    ['a peak that full batches can serve', { serves: [serve({ arrivals: diurnal(3), ...batched })] }, false],
    ['a peak that full batches cannot serve', { serves: [serve({ arrivals: diurnal(4.5), ...batched })] }, true],
    [
      'overload only together with steady traffic',
      { serves: [serve({ arrivals: diurnal(0.5) }), serve({ arrivals: poisson(0.4) })] },
      true,
    ],
    [
      'overload only together with the low rate of bursty traffic',
      { serves: [serve({ arrivals: diurnal(0.5) }), serve({ arrivals: burstyLow })] },
      true,
    ],
    [
      'overload only together with the high rate of bursty traffic',
      { serves: [serve({ arrivals: diurnal(0.45) }), serve({ arrivals: burstyLow })] },
      false,
    ],
    [
      'overload only together with traffic of another period',
      { serves: [serve({ arrivals: diurnal(0.5, 0.5, 7 * day) }), serve({ arrivals: diurnal(0.4) })] },
      false,
    ],
    [
      'overload by a serve with a lower priority',
      {
        order: 'priority',
        serves: [serve({ arrivals: diurnal(0.4), priority: 1 }), serve({ arrivals: diurnal(0.5) })],
      },
      false,
    ],
    [
      'overload by serves without a deadline, which run last',
      { order: 'edf', serves: [serve({ arrivals: diurnal(0.4), slos }), serve({ arrivals: diurnal(0.5) })] },
      false,
    ],
    [
      'a peak together with recorded traffic',
      { serves: [serve({ arrivals: diurnal(0.9) }), serve({ arrivals: trace })] },
      false,
    ],
    ['traffic with a constant rate', { serves: [serve({ arrivals: diurnal(0.9, 0) })] }, false],
  ])('there is a bound exactly for overload at the peak: %s', (_, options, expected) => {
    expect(peakOverload(input(options), 0) !== null).toBe(expected);
  });

  test('the bound has both rates and the period', () => {
    const found = peakOverload(input({ serves: [serve({ arrivals: diurnal(0.9) })] }), 0);
    expect(found?.overload.offeredRps).toBeCloseTo(1.35, 10);
    expect(found?.overload.saturationRps).toBeCloseTo(1, 10);
    expect(found?.overload.periodSeconds).toBe(day);
  });

  test.each<[string, Partial<RunInput>, number]>([
    ['one chip', { serves: [serve({ arrivals: diurnal(0.9, 0.5, 100_000) })] }, 0.9],
    ['two chips', { chips: 2, serves: [serve({ arrivals: diurnal(1.7, 0.5, 100_000) })] }, 1.7],
    ['full batches', { serves: [serve({ arrivals: diurnal(4.6, 0.5, 100_000), ...batched })] }, 4.6],
  ])('the bound for %s is below the measured values of whole periods', (_, options, rate) => {
    const bound = peakOverload(input(options), 0);
    const limits = [100, 2000, 5000];
    const judged = limits.map((limit) => latencySlo(0.5, limit));
    const serves = (options.serves ?? []).map((each) => ({ ...each, slos: judged }));
    const seconds = 2 * 100_000;
    const result = run({ ...options, serves, duration: { kind: 'time', seconds }, warmupFraction: 0.5 });
    for (const [at, limit] of limits.entries()) {
      const { late = 0, requests = 0 } = first(result.serves).slos[at]?.earlyStopping ?? {};
      const least = bound?.lateShare(limit) ?? 1;
      expect(requests).toBeGreaterThan(0.45 * rate * seconds);
      expect(late / requests).toBeGreaterThan(least);
      // A bound far below the measured value would be useless.
      expect(least).toBeGreaterThan(late / requests - 0.4);
    }
    expect(first(result.serves).latency.mean).toBeGreaterThan(bound?.meanSeconds ?? 0);
  });
});

describe('a run of a small part of a day', () => {
  const mean = (limitSeconds: number): Slo => ({
    metric: 'latency',
    statistic: { kind: 'mean' },
    limitSeconds,
    text: 'mean',
    origin,
  });
  const goodput = (limitPerSecond: number): Slo => ({ metric: 'goodput', limitPerSecond, text: 'goodput', origin });
  const said = (arrivals: Arrivals, slo: Slo): string => {
    const slos = slo.metric === 'goodput' ? [slo, latencySlo(0.5, 100)] : [slo];
    const result = run({ serves: [serve({ arrivals, slos })], duration: { kind: 'time', seconds: 3000 } });
    const { verdict, undecided } = first(first(result.serves).slos);
    return undecided ?? verdict;
  };
  test.each<[string, Arrivals, Slo, string]>([
    ['a percentile that the peak violates', diurnal(0.9), latencySlo(0.99, 100), 'violated'],
    ['a percentile that the peak does not affect', diurnal(0.9), latencySlo(0.1, 100), 'part-of-a-period'],
    ['a limit longer than the queue', diurnal(0.9), latencySlo(0.99, 1e5), 'part-of-a-period'],
    ['a mean', diurnal(0.9), mean(100), 'violated'],
    ['a mean within its limit', diurnal(0.9), mean(1e5), 'part-of-a-period'],
    ['a goodput that half of the day cannot deliver', diurnal(0.9), goodput(0.8), 'violated'],
    ['a goodput that half of the day can deliver', diurnal(0.9), goodput(0.1), 'part-of-a-period'],
    ['a peak below saturation', diurnal(0.5), latencySlo(0.99, 100), 'part-of-a-period'],
  ])('decides what follows from the peak alone: %s', (_, arrivals, slo, expected) => {
    expect(said(arrivals, slo)).toBe(expected);
  });
});
