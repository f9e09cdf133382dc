import { describe, expect, test } from 'vitest';
import type { Arrivals, Slo, SloOutcome } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/*
 * The verdicts of a run that did not observe all of its traffic, and the verdicts that follow from the input alone. Service
 * takes one second.
 */

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
const closed = (clients: number): Arrivals => ({
  kind: 'closed',
  clients,
  requestsPerQuery: 1,
  thinkSeconds: 0,
  origin,
});
const times = (count: number, gap: number): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from({ length: count }, (_, i) => i * gap),
  origin,
});

function verdictOn(arrivals: readonly Arrivals[], slo: Slo, seconds: number, options: Partial<RunInput> = {}): string {
  const serves = arrivals.map((each, at) => serve({ name: `S${at}`, arrivals: each, slos: at === 0 ? [slo] : [] }));
  const result = run({ serves, duration: { kind: 'time', seconds }, warmupFraction: 0, ...options });
  const { verdict, undecided } = first(first(result.serves).slos);
  return undecided ?? verdict;
}

describe('a limit far above the measured latency', () => {
  test.each<[string, readonly Arrivals[], Slo, number, string]>([
    ['largest latency of random traffic', [poisson(0.5)], max, 1e4, 'unbounded-maximum'],
    [
      'largest latency of a constant rate with random traffic of another serve',
      [constant(0.2), poisson(0.2)],
      max,
      1e4,
      'unbounded-maximum',
    ],
    ['largest latency of a constant rate', [constant(0.5)], max, 1e4, 'met'],
    ['largest latency of constant rates that repeat', [constant(0.2), constant(0.3)], max, 1e4, 'met'],
    [
      'largest latency of rates that never repeat',
      [constant(0.2), constant(0.2 * Math.SQRT2)],
      max,
      1e4,
      'unbounded-maximum',
    ],
    ['a percentile of a few requests at a constant rate', [constant(0.5)], p99, 20, 'met'],
    ['a percentile of a few requests of one client', [closed(1)], p99, 20, 'met'],
    ['a percentile of a few random requests', [poisson(0.5)], p99, 20, 'short-run'],
    ['largest latency of one period of constant rates', [constant(0.2), constant(0.3)], max, 15, 'unbounded-maximum'],
    ['largest latency of recorded traffic', [times(1000, 2)], max, 1e4, 'met'],
    ['largest latency of a closed loop of one client', [closed(1)], max, 1e4, 'met'],
    ['largest latency of a closed loop of several clients', [closed(8)], max, 1e4, 'unbounded-maximum'],

    ['a part of a day', [diurnal(0.5, 0.9, 86_400)], p99, 5000, 'part-of-a-period'],
    ['most of a day', [diurnal(0.5, 0.3, 86_400)], p99, 60_000, 'part-of-a-period'],
    ['a day', [diurnal(0.5, 0.3, 86_400)], p99, 86_400, 'met'],
    ['the last day of a day and a half', [diurnal(0.5, 0.3, 86_400)], p99, 130_000, 'met'],
    ['a day with a constant rate', [diurnal(0.5, 0, 86_400)], p99, 5000, 'met'],
    ['many short periods', [diurnal(0.5, 0.3, 100)], p99, 20_050, 'met'],
    ['the mean of a part of a day', [diurnal(0.5, 0.9, 86_400)], mean, 5000, 'part-of-a-period'],
    ['goodput of a part of a day', [diurnal(0.5, 0.9, 86_400)], goodput, 5000, 'part-of-a-period'],

    ['a few long busy phases below saturation', [bursty(0.1, 0.9, 6000, 2000)], p99, 40_000, 'few-bursts'],
    ['a few rare bursts above saturation', [bursty(0.3, 2, 3800, 200)], p99, 40_000, 'few-bursts'],
    ['long phases with almost the same rate', [bursty(0.4, 0.45, 6000, 2000)], p99, 40_000, 'met'],
    ['long phases with a low load', [bursty(0.01, 0.04, 6000, 2000)], p99, 400_000, 'met'],
    [
      'a serve without bursts, with bursts of another serve',
      [poisson(0.2), bursty(0.1, 2, 3800, 200)],
      p99,
      40_000,
      'few-bursts',
    ],
    ['many bursts', [bursty(0.3, 1.5, 30, 10)], p99, 400_000, 'met'],

    ['two memories of a queue close to saturation', [poisson(0.97)], p99, 6000, 'short-run'],
  ])('gets its verdict only if the run observed enough: %s', (_, arrivals, slo, seconds, expected) => {
    expect(verdictOn(arrivals, slo, seconds)).toBe(expected);
  });
});

describe('with a warm-up, periodic traffic is judged over the last whole periods of a run', () => {
  const day = 86_400;
  const outcomeOf = (seconds: number, arrivals = [diurnal(0.5, 0.3, day)], slo: Slo = p99) => {
    const serves = arrivals.map((each, at) => serve({ name: `S${at}`, arrivals: each, slos: at === 0 ? [slo] : [] }));
    const result = run({ serves, duration: { kind: 'time', seconds }, warmupFraction: 0.05 });
    const { verdict, undecided, needsSeconds = 0 } = first(first(result.serves).slos);
    return { said: undecided ?? verdict, needsSeconds, measured: (result.seconds - result.warmupSeconds) / day };
  };

  test.each([
    [1, 'part-of-a-period', 0.953],
    [1.08, 'met', 1],
    [1.5, 'met', 1],
    [1.99, 'met', 1],
    [2, 'met', 1],
    [2.2, 'met', 2],
    [5, 'met', 4],
  ])('a run of %d periods: %s', (periods, said, measured) => {
    const found = outcomeOf(periods * day);
    expect(found.said).toBe(said);
    expect(found.measured).toBeCloseTo(measured, 1);
  });

  test.each<[string, readonly Arrivals[], Slo]>([
    ['a period', [diurnal(0.5, 0.3, day)], p99],
    ['a mean over a period', [diurnal(0.5, 0.9, day)], mean],
    ['bursts', [bursty(0.3, 1.5, 3800, 200)], p99],
    ['the memory of a queue close to saturation', [poisson(0.97)], p99],
    ['periods of one serve and bursts of another', [diurnal(0.1, 0.3, 50_000), bursty(0.1, 1.5, 3800, 200)], p99],
  ])('the shortest duration that a verdict needs is enough for %s', (_, arrivals, slo) => {
    const { needsSeconds, said } = outcomeOf(500, [...arrivals], slo);
    expect(['part-of-a-period', 'few-bursts', 'short-run']).toContain(said);
    expect(['met', 'straddles']).toContain(outcomeOf(needsSeconds, [...arrivals], slo).said);
    expect(['part-of-a-period', 'few-bursts', 'short-run']).toContain(
      outcomeOf(0.6 * needsSeconds, [...arrivals], slo).said,
    );
  });
});

test('bursts do not affect a percentile if few of the requests beyond it are in bursts', () => {
  // About 0.3 % of the requests arrive in bursts. They affect p99.9, but not p90.
  const arrivals = [bursty(0.3, 3, 9900, 3)];
  expect(verdictOn(arrivals, latencySlo(0.9, 50), 60_000)).toBe('met');
  expect(verdictOn(arrivals, latencySlo(0.999, 50), 60_000)).toBe('few-bursts');
});

test('a part of a period violates a limit if the rest of the period cannot compensate for it', () => {
  // In the first half of the sine, more requests arrive than the chip can serve. A whole period has 500 requests on
  // average.
  expect(verdictOn([diurnal(0.5, 1, 1000)], latencySlo(0.99, 1.01), 450)).toBe('violated');
  expect(verdictOn([diurnal(0.5, 1, 1000)], latencySlo(0.3, 100), 450)).toBe('part-of-a-period');
});

describe('a run with duration: auto', () => {
  const auto = (maxRequests: number) => ({ duration: { kind: 'auto', maxRequests }, warmupFraction: 0.05 }) as const;

  test.each([
    ['measures one period if its budget is one and a half', 1.5, 'met'],
    ['measures five periods if its budget is 5.9', 5.9, 'met'],
    ['measures a part of a period if its budget is smaller than one', 0.9, 'part-of-a-period'],
  ])('%s', (_, periods, expected) => {
    expect(verdictOn([diurnal(0.5, 0.3, 20_000)], p99, 0, auto(10_000 * periods))).toBe(expected);
  });
});

describe('overload', () => {
  const outcome = (options: Partial<RunInput>): SloOutcome =>
    first(first(run({ duration: { kind: 'requests', count: 2000 }, ...options }).serves).slos);
  const slos = [p99];

  test('an overload of 0.1 % violates each latency limit, and the outcome has both rates', () => {
    const found = outcome({ serves: [serve({ arrivals: poisson(1.001), slos })] });
    expect(found).toMatchObject({ verdict: 'violated', overload: { offeredRps: 1.001, saturationRps: 1 } });
    expect(found.undecided).toBeUndefined();
  });

  test.each<[string, Partial<RunInput>, boolean]>([
    ['random traffic at exactly the saturation rate', { serves: [serve({ arrivals: poisson(1), slos })] }, true],
    ['a constant rate at exactly the saturation rate', { serves: [serve({ arrivals: constant(1), slos })] }, false],
    ['two chips', { chips: 2, serves: [serve({ arrivals: poisson(1.5), slos })] }, false],
    [
      'a rate that full batches can serve, but single requests cannot',
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
      'a rate that full batches cannot serve',
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
      'a rate that burst mode can serve',
      { burst: { kind: 'queue', threshold: 1 }, serves: [serve({ arrivals: poisson(1.5), slos })] },
      false,
    ],
    [
      'a chip with a burst mode that is never used',
      { burst: { kind: 'never' }, serves: [serve({ arrivals: poisson(1.5), slos })] },
      true,
    ],
    [
      'two serves whose sum is above saturation',
      { serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6) })] },
      true,
    ],
    [
      'a serve with a lower priority, which does not compete',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.6), slos, priority: 1 }), serve({ name: 'B', arrivals: poisson(0.6) })],
      },
      false,
    ],
    [
      'a serve with a higher priority, which competes',
      {
        order: 'priority',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6), priority: 1 })],
      },
      true,
    ],
    [
      'a serve without a deadline, which waits for those with one',
      {
        order: 'edf',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6) })],
      },
      false,
    ],
    [
      'two serves with deadlines, which wait for each other',
      {
        order: 'edf',
        serves: [serve({ arrivals: poisson(0.6), slos }), serve({ name: 'B', arrivals: poisson(0.6), slos })],
      },
      true,
    ],
    ['a peak above saturation', { serves: [serve({ arrivals: diurnal(0.7, 0.9, 50), slos })] }, false],
    ['recorded traffic, which ends', { serves: [serve({ arrivals: times(500, 0.5), slos })] }, false],
  ])('the outcome shows overload exactly if it is certain: %s', (_, options, expected) => {
    expect(outcome(options).overload !== undefined).toBe(expected);
  });

  test('overload violates a goodput, but not a throughput', () => {
    const throughput: Slo = { metric: 'throughput', limitPerSecond: 0.9, text: 'throughput', origin };
    const { serves } = run({
      serves: [serve({ arrivals: poisson(1.2), slos: [p99, goodput, throughput] })],
      duration: { kind: 'requests', count: 20_000 },
    });
    expect(first(serves).slos.map(({ verdict }) => verdict)).toEqual(['violated', 'violated', 'met']);
  });
});
