import { describe, expect, test } from 'vitest';
import type { Arrivals, Slo, SloOutcome } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* What a run may state that did not see the whole of its traffic, and what it need not see at all. Service takes one second. */

const max: Slo = { metric: 'latency', statistic: { kind: 'max' }, limitSeconds: 1e4, text: 'max latency', origin };
const mean: Slo = { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds: 1e4, text: 'mean latency', origin };
const goodput: Slo = { metric: 'goodput', limitPerSecond: 0.01, text: 'goodput', origin };
const p99 = latencySlo(0.99, 1e4);

const constant = (ratePerSecond: number): Arrivals => ({ kind: 'constant', ratePerSecond, origin });
const diurnal = (ratePerSecond: number, amplitude: number, periodSeconds: number): Arrivals => ({
  kind: 'diurnal',
  ratePerSecond,
  amplitude,
  periodSeconds,
  origin,
});
const bursty = (low: number, high: number, quiet: number, busy: number): Arrivals => ({
  kind: 'bursty',
  lowRatePerSecond: low,
  highRatePerSecond: high,
  meanLowSeconds: quiet,
  meanHighSeconds: busy,
  origin,
});
const times = (count: number, gap: number): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from({ length: count }, (_, i) => i * gap),
  origin,
});

function said(arrivals: readonly Arrivals[], slo: Slo, seconds: number, options: Partial<RunInput> = {}): string {
  const serves = arrivals.map((each, at) => serve({ name: `S${at}`, arrivals: each, slos: at === 0 ? [slo] : [] }));
  const result = run({ serves, duration: { kind: 'time', seconds }, warmupFraction: 0, ...options });
  const { verdict, undecided } = first(first(result.serves).slos);
  return undecided ?? verdict;
}

describe('a limit far above what a run measured', () => {
  test.each<[string, readonly Arrivals[], Slo, number, string]>([
    ['largest latency of random traffic', [poisson(0.5)], max, 1e4, 'unbounded-maximum'],
    ['largest latency beside random traffic', [constant(0.2), poisson(0.2)], max, 1e4, 'unbounded-maximum'],
    ['largest latency of a constant rate', [constant(0.5)], max, 1e4, 'met'],
    ['largest latency of constant rates that repeat', [constant(0.2), constant(0.3)], max, 1e4, 'met'],
    [
      'largest latency of rates that never repeat',
      [constant(0.2), constant(0.2 * Math.SQRT2)],
      max,
      1e4,
      'unbounded-maximum',
    ],
    ['largest latency of a recording', [times(1000, 2)], max, 1e4, 'met'],

    ['a part of a day', [diurnal(0.5, 0.9, 86_400)], p99, 5000, 'part-of-a-period'],
    ['most of a day', [diurnal(0.5, 0.3, 86_400)], p99, 60_000, 'part-of-a-period'],
    ['a day', [diurnal(0.5, 0.3, 86_400)], p99, 86_400, 'met'],
    ['a day and a half', [diurnal(0.5, 0.3, 86_400)], p99, 130_000, 'part-of-a-period'],
    ['a day that does not change', [diurnal(0.5, 0, 86_400)], p99, 5000, 'met'],
    ['many short periods', [diurnal(0.5, 0.3, 100)], p99, 20_050, 'met'],
    ['the mean of a part of a day', [diurnal(0.5, 0.9, 86_400)], mean, 5000, 'part-of-a-period'],
    ['goodput of a part of a day', [diurnal(0.5, 0.9, 86_400)], goodput, 5000, 'part-of-a-period'],

    ['a few long busy phases that are carried', [bursty(0.1, 0.9, 6000, 2000)], p99, 40_000, 'few-bursts'],
    ['a few rare bursts that are not', [bursty(0.3, 2, 3800, 200)], p99, 40_000, 'few-bursts'],
    ['long phases that hardly differ', [bursty(0.4, 0.45, 6000, 2000)], p99, 40_000, 'met'],
    ['long phases that an idle chip does not notice', [bursty(0.01, 0.04, 6000, 2000)], p99, 400_000, 'met'],
    ['bursts beside a serve without any', [poisson(0.2), bursty(0.1, 2, 3800, 200)], p99, 40_000, 'few-bursts'],
    ['many bursts', [bursty(0.3, 1.5, 30, 10)], p99, 400_000, 'met'],

    ['two memories of a queue close to saturation', [poisson(0.97)], p99, 6000, 'short-run'],
  ])('%s', (_, arrivals, slo, seconds, expected) => {
    expect(said(arrivals, slo, seconds)).toBe(expected);
  });
});

test('bursts that a percentile does not reach leave it decided', () => {
  // Some 0.3 % of the requests come in bursts: p90 is not touched, p99.9 is.
  const arrivals = [bursty(0.3, 3, 9900, 3)];
  expect(said(arrivals, latencySlo(0.9, 50), 60_000)).toBe('met');
  expect(said(arrivals, latencySlo(0.999, 50), 60_000)).toBe('few-bursts');
});

test('a part of a period violates what the rest of it cannot make up for', () => {
  // The first half of the sine brings more than the chip does; the whole period has 500 requests on average.
  expect(said([diurnal(0.5, 1, 1000)], latencySlo(0.99, 1.01), 450)).toBe('violated');
  expect(said([diurnal(0.5, 1, 1000)], latencySlo(0.3, 100), 450)).toBe('part-of-a-period');
});

describe('a run that ends by itself', () => {
  const auto = (maxRequests: number) => ({ duration: { kind: 'auto', maxRequests }, warmupFraction: 0.05 }) as const;

  test.each([
    ['covers one period where its budget holds one and a half', 1.5, 'met'],
    ['covers five', 5.9, 'met'],
    ['has no whole one', 0.9, 'part-of-a-period'],
  ])('%s', (_, periods, expected) => {
    expect(said([diurnal(0.5, 0.3, 20_000)], p99, 0, auto(10_000 * periods))).toBe(expected);
  });
});

describe('overload', () => {
  const outcome = (options: Partial<RunInput>): SloOutcome =>
    first(first(run({ duration: { kind: 'requests', count: 2000 }, ...options }).serves).slos);
  const slos = [p99];

  test('by a per mille is violated by every latency limit, and states both rates', () => {
    const found = outcome({ serves: [serve({ arrivals: poisson(1.001), slos })] });
    expect(found).toMatchObject({ verdict: 'violated', overload: { offeredRps: 1.001, saturationRps: 1 } });
    expect(found.undecided).toBeUndefined();
  });

  test.each<[string, Partial<RunInput>, boolean]>([
    ['random traffic of exactly what a chip does', { serves: [serve({ arrivals: poisson(1), slos })] }, true],
    ['a constant rate of exactly that', { serves: [serve({ arrivals: constant(1), slos })] }, false],
    ['two chips', { chips: 2, serves: [serve({ arrivals: poisson(1.5), slos })] }, false],
    [
      'full batches carry what single requests do not',
      {
        serves: [
          serve({
            arrivals: poisson(3),
            slos,
            batch: { maxSize: 8, timeoutSeconds: 0 },
            batchCost: (b) => 0.5 + b / 8,
          }),
        ],
      },
      false,
    ],
    [
      'more than full batches carry',
      {
        serves: [
          serve({
            arrivals: poisson(5.4),
            slos,
            batch: { maxSize: 8, timeoutSeconds: 0 },
            batchCost: (b) => 0.5 + b / 8,
          }),
        ],
      },
      true,
    ],
    [
      'burst mode carries it',
      { burst: { kind: 'queue', threshold: 1 }, serves: [serve({ arrivals: poisson(1.5), slos })] },
      false,
    ],
    [
      'burst mode is there and never used',
      { burst: { kind: 'never' }, serves: [serve({ arrivals: poisson(1.5), slos })] },
      true,
    ],
    [
      'two serves together',
      { serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6) })] },
      true,
    ],
    [
      'a serve of a lower priority does not count',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.6), slos, priority: 1 }), serve({ name: 'B', arrivals: poisson(0.6) })],
      },
      false,
    ],
    [
      'a serve of a higher priority does',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6), priority: 1 })],
      },
      true,
    ],
    [
      'a serve without a deadline waits for those that have one',
      {
        order: 'edf',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6) })],
      },
      false,
    ],
    [
      'two serves with deadlines wait for each other',
      {
        order: 'edf',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6), slos })],
      },
      true,
    ],
    ['a peak above what is carried', { serves: [serve({ arrivals: diurnal(0.7, 0.9, 50), slos })] }, false],
    ['a recording ends', { serves: [serve({ arrivals: times(500, 0.5), slos })] }, false],
  ])('%s', (_, options, expected) => {
    expect(outcome(options).overload !== undefined).toBe(expected);
  });

  test('leaves no goodput within a limit, and a throughput as measured', () => {
    const throughput: Slo = { metric: 'throughput', limitPerSecond: 0.9, text: 'throughput', origin };
    const { serves } = run({
      serves: [serve({ arrivals: poisson(1.2), slos: [p99, goodput, throughput] })],
      duration: { kind: 'requests', count: 20_000 },
    });
    expect(first(serves).slos.map(({ verdict }) => verdict)).toEqual(['violated', 'violated', 'met']);
  });
});
