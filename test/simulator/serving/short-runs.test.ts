import { describe, expect, test } from 'vitest';
import type { Slo, SloOutcome } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* The verdicts of runs that observed little, or that have no steady state. */

const mean: Slo = { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds: 100, text: 'mean latency', origin };
const throughput = (limitPerSecond: number): Slo => ({
  metric: 'throughput',
  limitPerSecond,
  text: 'throughput',
  origin,
});
const accuracy = (limit: number): Slo => ({ metric: 'accuracy', limit, text: 'accuracy', origin });

function outcomes(slos: readonly Slo[], rate: number, options: Partial<RunInput>): readonly SloOutcome[] {
  const result = run({ serves: [serve({ layers: 10, speedup: 1 / 0.55, arrivals: poisson(rate), slos })], ...options });
  return first(result.serves).slos;
}

describe('a run that observed too little', () => {
  test.each([1, 2, 10, 100, 400])('does not decide on a 99th percentile: %d requests', (count) => {
    const [outcome] = outcomes([latencySlo(0.99, 1000)], 0.1, { duration: { kind: 'requests', count } });
    expect(outcome?.verdict).toBe('undecided');
    expect(outcome?.measured.high).toBe(Number.POSITIVE_INFINITY);
  });

  test('decides on it with enough requests', () => {
    const [outcome] = outcomes([latencySlo(0.99, 1000)], 0.1, { duration: { kind: 'requests', count: 1000 } });
    expect(outcome?.verdict).toBe('met');
  });

  test('does not decide on a mean with one request', () => {
    const [outcome] = outcomes([mean], 0.1, { duration: { kind: 'requests', count: 1 } });
    expect(outcome?.verdict).toBe('undecided');
  });

  test('has no negative rates and times', () => {
    const found = outcomes([mean, throughput(1e-9)], 0.1, { duration: { kind: 'requests', count: 2 } });
    for (const { measured } of found) expect(measured.low).toBeGreaterThanOrEqual(0);
  });

  test('does not violate a throughput if no request arrived', () => {
    const [outcome] = outcomes([throughput(0.05)], 0.1, { duration: { kind: 'time', seconds: 1e-6 } });
    expect(outcome?.verdict).toBe('undecided');
    expect(outcome?.undecided).toBe('unmeasured');
  });
});

test('a constant rate meets a throughput of the same rate', () => {
  const arrivals = { kind: 'constant', ratePerSecond: 0.5, origin } as const;
  const result = run({
    serves: [serve({ arrivals, slos: [throughput(0.5)] })],
    duration: { kind: 'auto', maxRequests: 200_000 },
  });
  expect(first(result.serves).slos[0]?.verdict).toBe('met');
});

test('an accuracy is violated, not undecided, if overload keeps the chip in burst mode', () => {
  // Burst mode can serve 1.8 requests per second with an accuracy of 0.7. An accuracy of 0.704 needs a burst share below
  // 96 %. The sixty slots of the run cannot distinguish this from 100 %.
  const [, outcome] = outcomes([latencySlo(0.99, 8), accuracy(0.704)], 3, {
    burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
    duration: { kind: 'requests', count: 20_000 },
  });
  expect(outcome?.verdict).toBe('violated');
});

describe('traffic with a rate that changes', () => {
  test('is not called overload because a run had fewer bursts than usual', () => {
    const slos = [latencySlo(0.99, 1000)];
    const arrivals = {
      kind: 'bursty',
      lowRatePerSecond: 0.2,
      highRatePerSecond: 0.8,
      meanLowSeconds: 900,
      meanHighSeconds: 300,
      origin,
    } as const;
    for (let seed = 1; seed <= 40; seed++) {
      const result = run({
        serves: [serve({ arrivals, slos })],
        seed,
        duration: { kind: 'time', seconds: 24_000 },
      });
      const [outcome] = first(result.serves).slos;
      expect(outcome?.undecided).not.toBe('rising');
    }
  });
});

describe('burst mode that starts when a deadline is in danger', () => {
  // The queue grows until then, and later stays at this length. In the long run, the 99th percentile is 80 s.
  test.each([200, 500])('violates nothing in the first %d requests that it meets later', (count) => {
    for (let seed = 1; seed <= 20; seed++) {
      const [outcome] = outcomesInBursts(seed, count);
      expect(outcome?.verdict).toBe('undecided');
    }
  });

  test('meets the limit in a long run', () => {
    expect(outcomesInBursts(1, 30_000)[0]?.verdict).toBe('met');
  });

  function outcomesInBursts(seed: number, count: number): readonly SloOutcome[] {
    const slos = [latencySlo(0.99, 100)];
    const result = run({
      serves: [serve({ arrivals: poisson(1.7), slos })],
      seed,
      burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
      duration: { kind: 'requests', count },
    });
    return first(result.serves).slos;
  }
});
