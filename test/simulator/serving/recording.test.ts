import { describe, expect, test } from 'vitest';
import type { Arrivals, Duration, Slo } from '../../../design/index.ts';
import { first, input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* A trace is a recording. A run replays all of it, and its statistics are exact. */

const trace = (timesSeconds: readonly number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(timesSeconds),
  origin,
});
const every = (count: number, gap: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * gap);
const auto: Duration = { kind: 'auto', maxRequests: 2000 };
const meanSlo: Slo = { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds: 1, text: 'mean', origin };
const maxSlo: Slo = { metric: 'latency', statistic: { kind: 'max' }, limitSeconds: 2, text: 'max', origin };

/** 300 requests that wait in a queue in the first second, then 300 that find an idle chip. */
const burstFirst = [...every(300, 1e-3), ...every(300, 2, 400)];

describe('recorded traffic', () => {
  test('is replayed completely, whatever the budget, and the verdict comes at its end', () => {
    const arrivals = trace([...every(4000, 2), ...every(1000, 0.01, 8000)]);
    const serves = [serve({ arrivals, slos: [latencySlo(0.99, 3)] })];
    const result = first(run({ serves, duration: auto, warmupFraction: 0 }).serves);
    expect(result.counts).toMatchObject({ arrived: 5000, completed: 5000 });
    expect(first(result.slos)).toMatchObject({
      verdict: 'violated',
      recording: { measuredRequests: 5000, recordedRequests: 5000 },
    });
  });

  test('has exact verdicts without a confidence interval', () => {
    // One of 100 requests waits. The 99th percentile is its latency, sorted[99].
    const arrivals = trace([...every(99, 2), 196.5]);
    const serves = [serve({ arrivals, slos: [latencySlo(0.99, 1.5), latencySlo(0.98, 1.1), meanSlo, maxSlo] })];
    const { slos } = first(run({ serves, duration: auto, warmupFraction: 0 }).serves);
    expect(slos.map(({ verdict }) => verdict)).toEqual(['met', 'met', 'violated', 'met']);
    for (const { measured } of slos) {
      expect(measured).toMatchObject({ low: measured.value, high: measured.value, confidence: 1 });
    }
    expect(slos[2]?.measured.value).toBeCloseTo(1.005, 9);
  });

  test('is decided by counted requests if the limit is in the cell of the percentile', () => {
    const verdictAt = (limit: number) => {
      const serves = [serve({ arrivals: trace(every(50, 2)), slos: [latencySlo(0.99, limit)] })];
      return first(first(run({ serves, duration: auto, warmupFraction: 0 }).serves).slos);
    };
    for (const limit of [1, 1.0001]) {
      expect(verdictAt(limit).verdict).toBe('met');
      expect(verdictAt(limit).measured.value).toBeLessThanOrEqual(limit);
    }
    expect(verdictAt(0.9999).verdict).toBe('violated');
    expect(verdictAt(0.9999).measured.value).toBeGreaterThan(0.9999);
  });

  test.each([
    [0, 0, 0.5],
    [0.1, 60, 0.5],
    [0.5, 300, 1],
  ])('excludes %s of the requests as warm-up and reports their number', (warmupFraction, leftOut, p) => {
    const serves = [serve({ arrivals: trace(burstFirst), slos: [latencySlo(0.99, 10)] })];
    const result = first(run({ serves, duration: auto, warmupFraction }).serves);
    expect(result.warmupRequests).toBe(leftOut);
    expect(result.counts).toMatchObject({ arrived: 600, completed: 600, queued: 0, running: 0 });
    expect(first(result.slos).recording).toEqual({ measuredRequests: 600 - leftOut, recordedRequests: 600 });
    if (p === 1) expect(result.latency.max).toBeCloseTo(1, 6);
    else expect(result.latency.max).toBeGreaterThan(290);
  });

  test('has a caveat if the run ends before the trace', () => {
    const serves = [serve({ arrivals: trace(every(100, 2)), slos: [latencySlo(0.99, 3)] })];
    const cut = run({ serves, duration: { kind: 'time', seconds: 50.5 }, warmupFraction: 0 });
    // 26 requests arrive in this time, and the last one is unfinished.
    expect(cut.caveats).toMatchObject([{ code: 'trace-cut', effect: { kind: 'more-requests', count: 75 } }]);
    expect(first(cut.caveats).text).toContain("26 of the 100 requests in 'x.csv'");
    expect(run({ serves, duration: auto }).caveats).toEqual([]);
  });

  test('has confidence intervals if other traffic is random', () => {
    const serves = [
      serve({ arrivals: trace(every(500, 2)), slos: [latencySlo(0.9, 30)] }),
      serve({ name: 'Other', arrivals: poisson(0.1), model: 1, slos: [latencySlo(0.9, 30)] }),
    ];
    const result = run({ serves, duration: auto, warmupFraction: 0 });
    expect(first(result.serves).counts.arrived).toBe(500);
    for (const { slos } of result.serves) expect(first(slos).recording).toBeUndefined();
  });
});

describe('the offered load', () => {
  const rates: readonly (readonly [string, Arrivals])[] = [
    ['a constant rate', { kind: 'constant', ratePerSecond: 100, origin }],
    ['the same arrivals as a trace', trace(every(1000, 0.01))],
    ['random traffic', poisson(100)],
    ['a trace with a late first arrival', trace(every(1000, 0.01, 500))],
  ];
  test.each(rates)('of %s is the rate while requests arrive', (name, arrivals) => {
    for (const warmupFraction of [0, 0.05]) {
      const of = input({ serves: [serve({ arrivals })], duration: { kind: 'requests', count: 1000 }, warmupFraction });
      const { offeredRps, completedRps } = first(run(of).serves);
      const exact = name !== 'random traffic';
      expect(Math.abs(offeredRps / 100 - 1)).toBeLessThan(exact ? 0.0011 : 0.1);
      expect(completedRps).toBeLessThan(1.1);
    }
  });
});

test('the warm-up of random traffic is a fraction of its requests, not of the time', () => {
  // One period. Most requests arrive in its first half: 49 % of them in 30 % of the time.
  const arrivals: Arrivals = { kind: 'diurnal', ratePerSecond: 1, amplitude: 0.9, periodSeconds: 40_000, origin };
  const serves = [
    serve({ arrivals, seconds: 0.1 }),
    serve({ arrivals: poisson(1), seconds: 0.1, name: 'Even', model: 1 }),
  ];
  const result = run({ serves, warmupFraction: 0.3, duration: { kind: 'time', seconds: 40_000 } });
  for (const { warmupRequests, counts } of result.serves) {
    expect(warmupRequests / counts.completed).toBeGreaterThan(0.295);
    expect(warmupRequests / counts.completed).toBeLessThan(0.35);
  }
});
