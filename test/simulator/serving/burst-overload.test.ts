import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { burstOverload } from '../../../simulator/serving/judge/burst-overload.ts';
import { first, input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* Bursts above saturation make requests late. The bound on them does not depend on a run. Service takes one second. */

const bursty = (low: number, high: number, quiet: number, busy: number): Arrivals => ({
  kind: 'bursty',
  lowRatePerSecond: low,
  highRatePerSecond: high,
  meanLowSeconds: quiet,
  meanHighSeconds: busy,
  origin,
});
const rare = bursty(0.3, 2, 9000, 600);
const batched = { batch: { maxSize: 8, timeoutSeconds: 0 }, batchCost: (size: number) => 0.5 + size / 8 };

describe('bursts', () => {
  test.each<[string, Partial<RunInput>, boolean]>([
    ['bursts above saturation', { serves: [serve({ arrivals: rare })] }, true],
    [
      'bursts above saturation, with the busy phase first',
      { serves: [serve({ arrivals: bursty(2, 0.3, 600, 9000) })] },
      true,
    ],
    ['bursts below saturation', { serves: [serve({ arrivals: bursty(0.3, 0.9, 9000, 600) })] }, false],
    [
      'bursts that two chips can serve',
      { chips: 2, serves: [serve({ arrivals: bursty(0.3, 1.9, 9000, 600) })] },
      false,
    ],
    [
      'bursts that burst mode can serve',
      { burst: { kind: 'always' }, serves: [serve({ arrivals: bursty(0.3, 1.9, 9000, 600) })] },
      false,
    ],
    [
      'bursts that full batches can serve',
      { serves: [serve({ arrivals: bursty(1, 5, 9000, 600), ...batched })] },
      false,
    ],
    ['bursts of another serve', { serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: rare })] }, true],
    [
      'bursts of a serve with a lower priority',
      { order: 'priority', serves: [serve({ arrivals: poisson(0.2), priority: 1 }), serve({ arrivals: rare })] },
      false,
    ],
    ['traffic without bursts', { serves: [serve({ arrivals: poisson(0.9) })] }, false],
  ])('there is a bound exactly for overload by bursts: %s', (_, options, expected) => {
    expect(burstOverload(input(options), 0) !== null).toBe(expected);
  });

  test.each<[string, Partial<RunInput>]>([
    ['one chip', { serves: [serve({ arrivals: bursty(0.3, 2, 900, 60) })] }],
    ['three chips', { chips: 3, serves: [serve({ arrivals: bursty(1, 5, 900, 60) })] }],
    ['full batches', { serves: [serve({ arrivals: bursty(1, 14, 900, 60), ...batched })] }],
    [
      'a serve without bursts',
      { serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60) })] },
    ],
    [
      'a serve whose bursts have a higher priority',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60), priority: 1 })],
      },
    ],
    [
      'deadlines, earliest first',
      { order: 'edf', serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60) })] },
    ],
  ])('the bound for %s is below the measured values of long runs', (_, options) => {
    const bound = burstOverload(input(options), 0);
    const limits = [2, 10, 30];
    const judged = limits.map((limit) => latencySlo(0.5, limit));
    const serves = (options.serves ?? []).map((each) => ({ ...each, slos: judged }));
    // About 1,000 bursts in total, so the random error of a share is about 5 %.
    const served = [1, 2, 3, 4].map((seed) =>
      first(run({ ...options, serves, duration: { kind: 'requests', count: 300_000 }, seed }).serves),
    );
    const mean = (of: (one: (typeof served)[number]) => number) =>
      served.reduce((sum, one) => sum + of(one), 0) / served.length;
    for (const [at, limit] of limits.entries()) {
      const late = mean(({ slos }) => (slos[at]?.earlyStopping?.late ?? 0) / (slos[at]?.earlyStopping?.requests ?? 1));
      expect(late, `${limit} s`).toBeGreaterThan(bound?.lateShare(limit) ?? 1);
    }
    expect(mean(({ latency }) => latency.mean)).toBeGreaterThan(bound?.meanSeconds ?? 0);
    expect(bound?.overload.inBursts).toBe(true);
  });

  test('the bound is close to the effect of long bursts', () => {
    const options = { serves: [serve({ arrivals: bursty(0.3, 2, 90_000, 6000), slos: [latencySlo(0.5, 3000)] })] };
    const bound = burstOverload(input(options), 0)?.lateShare(3000) ?? 0;
    // 12000 / 39000 of the requests are in bursts. Of these, exp(-3000 / 6000) find 3000 s of work or more.
    expect(bound).toBeLessThan((12_000 / 39_000) * Math.exp(-0.5));
    expect(bound).toBeGreaterThan(0.8 * (12_000 / 39_000) * Math.exp(-0.5));
  });

  test('the bound violates a percentile that the measured part of a run meets', () => {
    const said = (limit: number) => {
      const arrivals = bursty(0.3, 2, 90_000, 6000);
      const slos = [latencySlo(0.99, limit)];
      const result = run({ serves: [serve({ arrivals, slos })], duration: { kind: 'requests', count: 2000 }, seed: 3 });
      const { verdict, undecided } = first(first(result.serves).slos);
      return undecided ?? verdict;
    };
    expect(said(1000)).toBe('violated');
    expect(said(1e6)).toBe('few-bursts');
  });
});
