import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { earlyStoppingInTime } from '../../../simulator/serving/judge/early-stopping.ts';
import { LoadgenSchedule } from '../../../simulator/serving/traffic/loadgen-schedule.ts';
import { MersenneTwister } from '../../../simulator/serving/traffic/mersenne-twister.ts';
import { hasReference, readReference } from '../hardware/reference.ts';
import { first, latencySlo, origin, run, serve } from './fixtures.ts';

const schedules = [
  ['16159082839903944936', 1000],
  ['3507442325620259414', 4500],
] as const;

describe.each(schedules)('LoadGen’s schedule, seed %s at %d queries a second', (seed, rate) => {
  const name = `loadgen/schedule-seed-${seed}-qps-${rate}.csv`;
  test.skipIf(!hasReference(name))(`every nanosecond of ${name}`, () => {
    const expected = readReference(name).trim().split('\n').slice(1).map(Number);
    const schedule = new LoadgenSchedule(seed, rate);
    expect(expected.length).toBe(5000);
    expect(Array.from(expected, () => schedule.next())).toEqual(expected);
  });
});

describe('LoadGen’s schedule', () => {
  // The first ten that LoadGen's own run of this seed logs.
  test('its first queries', () => {
    const schedule = new LoadgenSchedule('16159082839903944936', 1000);
    expect(Array.from({ length: 3 }, () => schedule.next())).toEqual([0, 1843654, 2301577]);
  });

  // The standard asks for this number of every std::mt19937 (ISO C++, [rand.predef]).
  test('mt19937’s ten-thousandth number', () => {
    const twister = new MersenneTwister(5489);
    let last = 0;
    for (let i = 0; i < 10_000; i++) last = twister.next();
    expect(last).toBe(4123659995);
  });

  test('a seed of 64 bits counts by its low 32', () => {
    const low = BigInt('16159082839903944936') & 0xffffffffn;
    const a = new LoadgenSchedule('16159082839903944936', 10);
    const b = new LoadgenSchedule(low.toString(), 10);
    for (let i = 0; i < 10; i++) expect(a.next()).toBe(b.next());
  });
});

describe('LoadGen’s percentile, sorted[floor(n p)]', () => {
  // Latencies of a queue that grows by the same amount with each request: all different, all known.
  test.each([
    [100, 0.99],
    [100, 0.5],
    [101, 0.99],
    [1000, 0.9],
    [1000, 0.999],
    [7, 0.97],
  ])('of %d requests, %d', (count, p) => {
    const { serves } = run({
      serves: [
        serve({
          arrivals: { kind: 'constant', ratePerSecond: 2, origin },
          seconds: 1,
          slos: [latencySlo(p, 1e6)],
        }),
      ],
      duration: { kind: 'requests', count },
      warmupFraction: 0,
    });
    const sorted = Array.from({ length: count }, (_, i) => 1 + i * 0.5).sort((a, b) => a - b);
    const expected = sorted[Math.floor(count * p)] ?? Number.NaN;
    const { latency, slos } = first(serves);
    const value = first(slos).measured.value;
    expect(Math.abs(value / expected - 1)).toBeLessThanOrEqual(latency.relativeError);
  });
});

describe('early stopping', () => {
  test.each([
    [0, 459],
    [1, 661],
    [2, 836],
    [5, 1302],
    [10, 2000],
    [100, 12471],
    [1000, 106569],
  ])('%d late queries at the 99th percentile need %d in time', (late, inTime) => {
    expect(earlyStoppingInTime(late, 0.99, 0.99)).toBe(inTime);
  });

  test('more late queries, a higher percentile, a higher confidence need more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0.8, max: 0.99, noNaN: true }), (late, p) => {
        const needed = earlyStoppingInTime(late, p, 0.95);
        expect(earlyStoppingInTime(late + 1, p, 0.95)).toBeGreaterThan(needed);
        expect(earlyStoppingInTime(late, p + 0.005, 0.95)).toBeGreaterThanOrEqual(needed);
        expect(earlyStoppingInTime(late, p, 0.99)).toBeGreaterThanOrEqual(needed);
      }),
      { numRuns: 60 },
    );
  });

  test('is offered beside a verdict', () => {
    const { serves } = run({
      serves: [serve({ slos: [latencySlo(0.99, 100)] })],
      duration: { kind: 'requests', count: 600 },
    });
    const { earlyStopping } = first(first(serves).slos);
    expect(earlyStopping).toMatchObject({ late: 0, requestsNeeded: 459, passes: true });
  });
});
