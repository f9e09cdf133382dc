import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { queueMemory } from '../../../simulator/serving/judge/queue-memory.ts';
import { meanCeiling, quantileCeiling } from '../../../simulator/serving/judge/statistics.ts';
import { input, origin, poisson, serve } from './fixtures.ts';

describe('the largest true mean after a short run', () => {
  test('is (1 + z / (2 sqrt(n)))^2 times the measured one', () => {
    expect(meanCeiling(1, 2)).toBe(4);
    expect(meanCeiling(4, 2)).toBe(2.25);
    expect(meanCeiling(16, 2)).toBe(1.5625);
  });
});

describe('the largest true percentile after a short run', () => {
  test('has a slope of about 2 for p99 close to saturation', () => {
    expect(quantileCeiling(0.01, 4, 2, 0.999)).toBeCloseTo(1 + (0.92 * 0.99) / (0.1 * Math.log(0.999 ** 2 / 0.01)), 9);
  });

  test('is unknown if hardly more requests wait than the percentile leaves out', () => {
    expect(quantileCeiling(0.1, 4, 2, 0.35)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the bursts of two serves', () => {
  const bursty = (high: number, quiet: number, busy: number): Arrivals => ({
    kind: 'bursty',
    lowRatePerSecond: 0.1,
    highRatePerSecond: high,
    meanLowSeconds: quiet,
    meanHighSeconds: busy,
    origin,
  });
  const burstsOf = (...arrivals: readonly Arrivals[]) =>
    queueMemory(input({ serves: arrivals.map((each, at) => serve({ name: `S${at}`, arrivals: each })) }), 0).bursts;

  test('have the longer cycle, whichever is first', () => {
    const [short, long] = [bursty(1.2, 300, 100), bursty(1.2, 3000, 1000)];
    expect(burstsOf(short, poisson(0.2))?.cycleSeconds).toBe(400);
    expect(burstsOf(short, long)?.cycleSeconds).toBe(4000);
    expect(burstsOf(long, short)?.cycleSeconds).toBe(4000);
  });

  test('have the sum of their times', () => {
    const one = bursty(1.2, 300, 100);
    const both = burstsOf(one, one);
    // Poisson traffic with the same mean rate.
    const alone = burstsOf(one, poisson(0.375));
    expect(both?.seconds).toBeGreaterThan(alone?.seconds ?? Number.POSITIVE_INFINITY);
    expect(both?.requestShare).toBeGreaterThan(alone?.requestShare ?? 1);
    expect(both?.requestShare).toBeLessThanOrEqual(1);
  });
});
