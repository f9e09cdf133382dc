import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { burstOverload } from '../../../simulator/serving/judge/burst-overload.ts';
import { first, input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* Bursts that the chips cannot carry make requests late, whatever a run has seen of them. Service takes one second. */

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
    ['above what a chip does', { serves: [serve({ arrivals: rare })] }, true],
    ['whose busy phase is written first', { serves: [serve({ arrivals: bursty(2, 0.3, 600, 9000) })] }, true],
    ['below it', { serves: [serve({ arrivals: bursty(0.3, 0.9, 9000, 600) })] }, false],
    ['carried by two chips', { chips: 2, serves: [serve({ arrivals: bursty(0.3, 1.9, 9000, 600) })] }, false],
    [
      'carried by burst mode',
      { burst: { kind: 'always' }, serves: [serve({ arrivals: bursty(0.3, 1.9, 9000, 600) })] },
      false,
    ],
    ['carried by full batches', { serves: [serve({ arrivals: bursty(1, 5, 9000, 600), ...batched })] }, false],
    ['of a serve beside it', { serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: rare })] }, true],
    [
      'of a serve with a lower priority',
      { order: 'priority', serves: [serve({ arrivals: poisson(0.2), priority: 1 }), serve({ arrivals: rare })] },
      false,
    ],
    ['that no serve has', { serves: [serve({ arrivals: poisson(0.9) })] }, false],
  ])('%s', (_, options, expected) => {
    expect(burstOverload(input(options), 0) !== null).toBe(expected);
  });

  test.each<[string, Partial<RunInput>]>([
    ['one chip', { serves: [serve({ arrivals: bursty(0.3, 2, 900, 60) })] }],
    ['three chips', { chips: 3, serves: [serve({ arrivals: bursty(1, 5, 900, 60) })] }],
    ['full batches', { serves: [serve({ arrivals: bursty(1, 14, 900, 60), ...batched })] }],
    [
      'a serve beside the bursts',
      { serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60) })] },
    ],
    [
      'a serve with a higher priority, whose bursts these are',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60), priority: 1 })],
      },
    ],
    [
      'deadlines, earliest first',
      { order: 'edf', serves: [serve({ arrivals: poisson(0.2) }), serve({ arrivals: bursty(0.2, 2, 900, 60) })] },
    ],
  ])('are bounded by less than long runs measure, of %s', (_, options) => {
    const bound = burstOverload(input(options), 0);
    const limits = [2, 10, 30];
    const judged = limits.map((limit) => latencySlo(0.5, limit));
    const serves = (options.serves ?? []).map((each) => ({ ...each, slos: judged }));
    // Some 1,000 bursts in all, so that chance moves a share by about 5 %.
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

  test('have a bound that is close to what long bursts do', () => {
    const options = { serves: [serve({ arrivals: bursty(0.3, 2, 90_000, 6000), slos: [latencySlo(0.5, 3000)] })] };
    const bound = burstOverload(input(options), 0)?.lateShare(3000) ?? 0;
    // The share of requests in bursts, 12000 / 39000, and of those the ones that find 3000 s of work and more: exp(-3000 / 6000).
    expect(bound).toBeLessThan((12_000 / 39_000) * Math.exp(-0.5));
    expect(bound).toBeGreaterThan(0.8 * (12_000 / 39_000) * Math.exp(-0.5));
  });

  test('violate a percentile that a run has not seen them break', () => {
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
