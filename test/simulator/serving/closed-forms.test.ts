import { describe, expect, test } from 'vitest';
import type { Estimate, Slo } from '../../../design/index.ts';
import type { RunInput, ServeInput } from '../../../simulator/serving/index.ts';
import { exponentialService, first, latencySlo, mixedService, origin, poisson, run, serve } from './fixtures.ts';
import { embedded, md1WaitBelow, md1WaitQuantile, mmk, pollaczekKhinchine } from './queueing-theory.ts';

/*
 * Compares queues with their exact solutions. The tolerance is the confidence interval of the run at 99.9 %. The tests also
 * check that this interval is narrow enough for a meaningful comparison.
 */

const CONFIDENCE = 0.999;

const meanSlo: Slo = {
  metric: 'latency',
  statistic: { kind: 'mean' },
  limitSeconds: 1e6,
  text: 'mean latency <= 1e6 s',
  origin,
};

interface Measured {
  readonly mean: Estimate;
  readonly p99: Estimate;
  readonly burstShare: number;
  readonly meanBatch: number;
}

function measure(served: ServeInput, options: Partial<RunInput> = {}): Measured {
  const { serves } = run({
    serves: [{ ...served, slos: [meanSlo, latencySlo(0.99, 1e6)] }],
    duration: { kind: 'requests', count: 500_000 },
    confidence: CONFIDENCE,
    ...options,
  });
  const { slos, burstShare, meanBatch } = first(serves);
  const [mean, p99] = slos;
  if (mean === undefined || p99 === undefined) throw new Error('the test states two objectives');
  return { mean: mean.measured, p99: p99.measured, burstShare, meanBatch };
}

function holds(estimate: Estimate, truth: number, width: number): void {
  expect(estimate.low).toBeLessThanOrEqual(truth);
  expect(estimate.high).toBeGreaterThanOrEqual(truth);
  expect((estimate.high - estimate.low) / 2 / truth).toBeLessThan(1.5 * width);
}

describe('M/M/1', () => {
  test.each([
    [0.3, 0.02],
    [0.6, 0.04],
    [0.8, 0.08],
    [0.9, 0.2],
  ])('at utilization %d', (rho, width) => {
    const { mean, p99 } = measure(serve({ arrivals: poisson(rho), serviceScale: exponentialService }));
    holds(mean, 1 / (1 - rho), width);
    holds(p99, Math.log(100) / (1 - rho), 1.6 * width);
  });
});

describe('M/M/k', () => {
  test.each([
    [2, 0.7, 0.06],
    [4, 0.8, 0.06],
    [8, 0.9, 0.1],
    // The drain rate of the queue equals that of one server, so the formula has a double root.
    [4, 0.75, 0.05],
  ])('%d chips at utilization %d', (chips, rho, width) => {
    const theory = mmk(chips, chips * rho);
    const { mean, p99 } = measure(serve({ arrivals: poisson(chips * rho), serviceScale: exponentialService }), {
      chips,
    });
    holds(mean, theory.mean, width);
    holds(p99, theory.quantile(0.99), 1.6 * width);
  });
});

describe('M/D/1', () => {
  // Published 99th percentiles of the wait, in service times. The exact values are 1.8909, 3.3363, 6.4855, 10.3559 and
  // 21.8982.
  const published: readonly (readonly [number, number, number])[] = [
    [0.3, 1.891, 0.01],
    [0.5, 3.336, 0.03],
    [0.7, 6.485, 0.06],
    [0.8, 10.356, 0.1],
    [0.9, 21.897, 0.2],
  ];

  test.each(published)('Erlang’s formula gives the published percentile at utilization %d', (rho, wait) => {
    expect(Math.abs(md1WaitQuantile(rho, 0.99) - wait)).toBeLessThan(0.0013);
    expect(md1WaitBelow(rho, 0)).toBeCloseTo(1 - rho, 12);
  });

  test.each(published)('at utilization %d', (rho, wait, width) => {
    const { mean, p99 } = measure(serve({ arrivals: poisson(rho) }));
    holds(mean, 1 + rho / (2 * (1 - rho)), width);
    holds(p99, 1 + wait, 1.6 * width);
  });
});

describe('M/G/1', () => {
  test.each([
    [0.2, 0.5],
    [0.5, 0.5],
    [0.9, 0.5],
    [0.05, 6],
  ])('a share %d of the requests with a service time of %d (Pollaczek-Khinchine)', (share, scale) => {
    const mean = 1 - share + share * scale;
    const square = 1 - share + share * scale * scale;
    const rate = 0.7 / mean;
    const measured = measure(serve({ arrivals: poisson(rate), serviceScale: mixedService(share, scale) }));
    holds(measured.mean, mean + pollaczekKhinchine(rate, mean, square), 0.08);
  });

  test('a chip that is always in burst mode is M/D/1 with the shorter service time', () => {
    const { mean, burstShare } = measure(serve({ arrivals: poisson(1.4), speedup: 2 }), { burst: { kind: 'always' } });
    holds(mean, 0.5 * (1 + 0.7 / 0.6), 0.05);
    expect(burstShare).toBe(1);
  });

  // The service time depends on the queue, because the policy selects base or burst mode.
  test.each([
    [0.9, 1],
    [0.9, 4],
    [1.3, 2],
    [1.6, 3],
  ])('load %d, burst mode while %d or more requests wait', (rate, threshold) => {
    const theory = embedded(rate, (present) => ({ seconds: present - 1 >= threshold ? 0.5 : 1, takes: 1 }));
    const { mean, burstShare } = measure(serve({ arrivals: poisson(rate), speedup: 2 }), {
      burst: { kind: 'queue', threshold },
      switchAt: 'request',
    });
    holds(mean, theory.meanLatency, 0.05);
    expect(burstShare).toBeCloseTo(
      theory.share((step) => step.seconds === 0.5),
      2,
    );
  });
});

describe('batch service', () => {
  // One second for a batch of up to b requests (Bailey, J. Roy. Stat. Soc. B 16, 1954).
  test.each([
    [2, 1.2],
    [4, 3],
    [8, 7],
  ])('up to %d requests in a batch, load %d', (maxSize, rate) => {
    const theory = embedded(rate, (present) => ({ seconds: 1, takes: Math.min(present, maxSize) }));
    const batch = { maxSize, timeoutSeconds: 0 };
    const { mean, meanBatch } = measure(serve({ arrivals: poisson(rate), batch, batchCost: () => 1 }));
    holds(mean, theory.meanLatency, 0.05);
    expect(meanBatch / theory.meanTaken).toBeCloseTo(1, 2);
  });

  // Half a second for a batch, and half a second for each of its requests.
  test('a batch whose time grows with its size', () => {
    const seconds = (size: number) => 0.5 + 0.5 * size;
    const theory = embedded(1.2, (present) => ({
      seconds: seconds(Math.min(present, 4)),
      takes: Math.min(present, 4),
    }));
    const batch = { maxSize: 4, timeoutSeconds: 0 };
    const { mean } = measure(serve({ arrivals: poisson(1.2), batch, batchCost: seconds }));
    holds(mean, theory.meanLatency, 0.05);
  });

  const every = (seconds: number) => ({ kind: 'constant', ratePerSecond: 1 / seconds, origin }) as const;

  test('a single request waits for the whole timeout', () => {
    const { serves } = run({
      serves: [serve({ arrivals: every(4), batch: { maxSize: 2, timeoutSeconds: 1.5 } })],
      duration: { kind: 'requests', count: 1000 },
    });
    const { latency, breakdown } = first(serves);
    expect(latency.mean).toBeCloseTo(2.5, 9);
    expect(breakdown.batchingSeconds).toBeCloseTo(1.5, 9);
    // Exactly 0, without a rounding error.
    expect(breakdown.queueSeconds).toBe(0);
  });

  test.each([
    [2, true],
    [1e6, undefined],
  ] as const)('the breakdown for an objective of %s s is only of late requests: %s', (limit, ofLate) => {
    const { serves } = run({
      serves: [serve({ arrivals: poisson(0.5), slos: [latencySlo(0.5, limit)] })],
      duration: { kind: 'requests', count: 1000 },
    });
    expect(first(serves).slos[0]?.breakdown?.ofLate).toBe(ofLate);
  });

  test('a batch starts as soon as it is full: its requests wait for 3, 2, 1 and 0 gaps', () => {
    const { serves } = run({
      serves: [serve({ arrivals: every(1), batch: { maxSize: 4, timeoutSeconds: 100 }, batchCost: () => 1 })],
      duration: { kind: 'requests', count: 4000 },
      warmupFraction: 0,
    });
    expect(first(serves).latency.mean).toBeCloseTo(2.5, 9);
    expect(first(serves).latency.max).toBeCloseTo(4, 9);
    expect(first(serves).meanBatch).toBe(4);
  });
});
