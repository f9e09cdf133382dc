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

describe.each(schedules)('the schedule of LoadGen, seed %s at %d queries per second', (seed, rate) => {
  const name = `loadgen/schedule-seed-${seed}-qps-${rate}.csv`;
  test.skipIf(!hasReference(name))(`equals ${name} to the nanosecond`, () => {
    const expected = readReference(name).trim().split('\n').slice(1).map(Number);
    const schedule = new LoadgenSchedule(seed, rate);
    expect(expected.length).toBe(5000);
    expect(Array.from(expected, () => schedule.next())).toEqual(expected);
  });
});

describe('the schedule of LoadGen', () => {
  // The first ten queries in the log of LoadGen with this seed.
  test('has the first queries of the log of LoadGen', () => {
    const schedule = new LoadgenSchedule('16159082839903944936', 1000);
    expect(Array.from({ length: 3 }, () => schedule.next())).toEqual([0, 1843654, 2301577]);
  });

  // The C++ standard requires this number ([rand.predef]).
  test('the 10,000th number of mt19937 is the one in the C++ standard', () => {
    const twister = new MersenneTwister(5489);
    let last = 0;
    for (let i = 0; i < 10_000; i++) last = twister.next();
    expect(last).toBe(4123659995);
  });

  test('only the low 32 bits of a seed count', () => {
    const low = BigInt('16159082839903944936') & 0xffffffffn;
    const a = new LoadgenSchedule('16159082839903944936', 10);
    const b = new LoadgenSchedule(low.toString(), 10);
    for (let i = 0; i < 10; i++) expect(a.next()).toBe(b.next());
  });
});

describe('percentiles are those of LoadGen, sorted[floor(n p)]', () => {
  // Each request waits longer than the one before by the same amount, so all latencies are different and known.
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
  ])('%d late queries at the 99th percentile need %d queries in time', (late, inTime) => {
    expect(earlyStoppingInTime(late, 0.99, 0.99)).toBe(inTime);
  });

  test('more late queries, a higher percentile or a higher confidence need more queries', () => {
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

  test('an outcome includes it', () => {
    const { serves } = run({
      serves: [serve({ slos: [latencySlo(0.99, 100)] })],
      duration: { kind: 'requests', count: 600 },
    });
    const { earlyStopping } = first(first(serves).slos);
    expect(earlyStopping).toMatchObject({ late: 0, requestsNeeded: 459, passes: true });
  });
});
