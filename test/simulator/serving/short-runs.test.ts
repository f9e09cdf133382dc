import { describe, expect, test } from 'vitest';
import type { Slo, SloOutcome } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* What a run may say that saw little, or that has no steady state. */

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

describe('a run that saw too little', () => {
  test.each([1, 2, 10, 100, 400])('does not promise a 99th percentile: %d requests', (count) => {
    const [outcome] = outcomes([latencySlo(0.99, 1000)], 0.1, { duration: { kind: 'requests', count } });
    expect(outcome?.verdict).toBe('undecided');
    expect(outcome?.measured.high).toBe(Number.POSITIVE_INFINITY);
  });

  test('does so where there were enough', () => {
    const [outcome] = outcomes([latencySlo(0.99, 1000)], 0.1, { duration: { kind: 'requests', count: 1000 } });
    expect(outcome?.verdict).toBe('met');
  });

  test('does not promise a mean from one request', () => {
    const [outcome] = outcomes([mean], 0.1, { duration: { kind: 'requests', count: 1 } });
    expect(outcome?.verdict).toBe('undecided');
  });

  test('has no rates and times below nothing', () => {
    const found = outcomes([mean, throughput(1e-9)], 0.1, { duration: { kind: 'requests', count: 2 } });
    for (const { measured } of found) expect(measured.low).toBeGreaterThanOrEqual(0);
  });

  test('does not find a throughput missed where nothing came', () => {
    const [outcome] = outcomes([throughput(0.05)], 0.1, { duration: { kind: 'time', seconds: 1e-6 } });
    expect(outcome?.verdict).toBe('undecided');
    expect(outcome?.undecided).toBe('unmeasured');
  });
});

test('a constant rate is met by as much throughput', () => {
  const arrivals = { kind: 'constant', ratePerSecond: 0.5, origin } as const;
  const result = run({
    serves: [serve({ arrivals, slos: [throughput(0.5)] })],
    duration: { kind: 'auto', maxRequests: 200_000 },
  });
  expect(first(result.serves).slos[0]?.verdict).toBe('met');
});

test('accuracy that overload costs is violated, not undecided', () => {
  // Burst mode carries 1.8 a second at 0.7: 0.704 asks for a burst share below 96 %, which the sixty looks of a run cannot tell from 100 %.
  const [, outcome] = outcomes([latencySlo(0.99, 8), accuracy(0.704)], 3, {
    burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
    duration: { kind: 'requests', count: 20_000 },
  });
  expect(outcome?.verdict).toBe('violated');
});

describe('traffic whose rate changes', () => {
  test('is not told to outgrow a chip because a run saw fewer bursts than usual', () => {
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
