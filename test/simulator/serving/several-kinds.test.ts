import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { leastLatencySeconds, mostLatencySeconds } from '../../../simulator/latency-range.ts';
import { type ChipKind, leastLoad, RandomStream, type RunInput } from '../../../simulator/serving/index.ts';
import { first, input, latencySlo, origin, poisson, run, serve, table } from './fixtures.ts';

/* Several kinds of chip behind one queue. */

const trace = (times: readonly number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(times),
  origin,
});

interface KindOptions extends Partial<Omit<ChipKind, 'serves'>> {
  /** Seconds of one request, for each serve. */
  readonly seconds: readonly number[];
  readonly maxSize?: number;
}

/** A batch of b takes as long as (b + 1) / 2 requests. */
const batchCost = (size: number): number => (size + 1) / 2;

function kind({ seconds, maxSize = 1, ...rest }: KindOptions): ChipKind {
  return {
    npuName: 'Kind',
    chips: 1,
    canBurst: false,
    quantizedSource: 'on-chip',
    switchLatencySeconds: 0,
    residency: null,
    staticWatts: null,
    serves: seconds.map((one) => ({
      tables: Array.from({ length: maxSize }, (_, at) => table(at + 1, 2, one * batchCost(at + 1))),
    })),
    ...rest,
  };
}

function pool(kinds: readonly ChipKind[], options: Partial<RunInput> = {}): RunInput {
  const serves = (options.serves ?? [serve()]).map((one, at) => ({
    ...one,
    tables: kinds[0]?.serves[at]?.tables ?? [],
  }));
  const chips = kinds.reduce((sum, one) => sum + one.chips, 0);
  const canBurst = kinds.some((one) => one.canBurst);
  return input({ warmupFraction: 0, ...options, serves, kinds, chips, canBurst });
}

const replay = { duration: { kind: 'auto', maxRequests: 1000 }, warmupFraction: 0 } as const;

/**
 * A simulator of fifty lines: one network, first in first out, no timeouts. A batch starts as soon as a chip is free and requests wait. It takes the
 * free chip on which it ends first, or the first of them.
 */
function twin(times: readonly number[], chipSeconds: readonly number[], maxSize: number): readonly number[] {
  const free = chipSeconds.map(() => 0);
  const latencies: number[] = [];
  let next = 0;
  while (next < times.length) {
    const start = Math.max(Math.min(...free), times[next] ?? 0);
    const waiting = times.filter((time, at) => at >= next && time <= start).length;
    const size = Math.min(waiting, maxSize);
    const idle = chipSeconds.map((seconds, chip) => ((free[chip] ?? 0) <= start ? seconds : Number.POSITIVE_INFINITY));
    const chip = idle.indexOf(Math.min(...idle));
    const end = start + (chipSeconds[chip] ?? 0) * batchCost(size);
    for (let at = next; at < next + size; at++) latencies.push(end - (times[at] ?? 0));
    free[chip] = end;
    next += size;
  }
  return latencies;
}

describe('dispatch', () => {
  test.each([
    ['the faster chip first, although it is second in the file', [3, 2], [0, 10], [2, 2]],
    ['the slower one if the faster one is busy', [3, 2], [0, 1], [2, 3]],
    ['never wait for a faster chip that is busy', [30, 2], [0, 1, 2.5], [2, 30, 2]],
    ['of two equal chips, the first', [2, 2], [0, 0, 0], [2, 2, 4]],
    ['a later request overtakes one on a slow chip', [9, 2, 2], [0, 0, 0, 2], [2, 2, 9, 2]],
  ])('%s', (_, seconds, times, latencies) => {
    const kinds = seconds.map((one) => kind({ seconds: [one] }));
    const result = run(pool(kinds, { ...replay, serves: [serve({ arrivals: trace(times) })] }));
    const mean = latencies.reduce((sum, one) => sum + one, 0) / latencies.length;
    expect(first(result.serves).latency.mean).toBeCloseTo(mean, 9);
    expect(first(result.serves).latency.max).toBeCloseTo(Math.max(...latencies), 9);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))('agrees with a second simulator, seed %i', (seed) => {
    const random = new RandomStream(seed, 7);
    const counts = [1 + (seed % 3), 1 + (seed % 2), seed % 4 === 0 ? 2 : 1];
    const maxSize = seed % 5 === 0 ? 1 : 1 + (seed % 4);
    const kinds = counts.map((chips) => kind({ chips, seconds: [0.2 + 3 * random.uniform()], maxSize }));
    const chipSeconds = kinds.flatMap(({ chips, serves }) =>
      Array.from({ length: chips }, () => (serves[0]?.tables[0]?.seconds[0] ?? 0) * 2),
    );
    let now = 0;
    const times = Array.from({ length: 300 }, () => {
      now += random.exponential() * 0.3;
      return now;
    });
    const serves = [serve({ arrivals: trace(times), batch: { maxSize, timeoutSeconds: 0 } })];
    const result = run(pool(kinds, { ...replay, serves }));
    const expected = twin(times, chipSeconds, maxSize);
    const mean = expected.reduce((sum, one) => sum + one, 0) / expected.length;
    expect(first(result.serves).latency.mean).toBeCloseTo(mean, 6);
    expect(first(result.serves).latency.max).toBeCloseTo(Math.max(...expected), 6);
  });
});

test.each([
  ['never', 'fifo'],
  ['always', 'edf'],
  ['slack', 'fifo'],
  ['slack', 'sjf'],
  ['queue', 'priority'],
  ['oracle', 'fifo'],
] as const)('two kinds with the same times give the run of equal chips: %s, %s', (policy, order) => {
  const burst =
    policy === 'slack'
      ? ({ kind: 'slack', guardFraction: 0.05, holdSeconds: 2 } as const)
      : policy === 'queue'
        ? ({ kind: 'queue', threshold: 4 } as const)
        : ({ kind: policy } as const);
  const serves = [
    serve({ layers: 2, arrivals: poisson(1.1), slos: [latencySlo(0.99, 5)] }),
    serve({ layers: 2, name: 'B', arrivals: poisson(0.9), slos: [latencySlo(0.9, 9)], model: 1 }),
  ];
  const options = {
    serves,
    burst,
    order,
    switchLatencySeconds: 0.01,
    duration: { kind: 'requests', count: 8000 },
  } as const;
  const equal = run({ ...options, warmupFraction: 0, chips: 3 });
  const own = { canBurst: true, switchLatencySeconds: 0.01 };
  const kinds = [1, 2].map((chips) => ({ ...kind({ ...own, chips, seconds: [1, 1] }) }));
  const mixed = run(pool(kinds, options));
  // A batch may run on another idle chip of the same speed, which changes no time but the rounding of a prediction.
  for (const [at, { latency, counts, burstShare }] of equal.serves.entries()) {
    expect(mixed.serves[at]?.counts).toEqual(counts);
    expect(mixed.serves[at]?.latency.mean).toBeCloseTo(latency.mean, 1);
    expect(mixed.serves[at]?.burstShare).toBeCloseTo(burstShare, 1);
  }
});

test('the breakdown, the utilization and the energy use the kind of each chip', () => {
  const joules = (each: number, one: ChipKind): ChipKind => ({
    ...one,
    serves: one.serves.map(({ tables }) => ({
      tables: tables.map((t) => ({ ...t, joules: new Float64Array(t.layerCount * 6).fill(each / t.layerCount) })),
    })),
  });
  const kinds = [
    joules(10, kind({ npuName: 'Slow', seconds: [4], staticWatts: 1 })),
    joules(3, kind({ npuName: 'Fast', seconds: [1], staticWatts: 5, chips: 2 })),
  ];
  const result = run(pool(kinds, { ...replay, serves: [serve({ arrivals: trace([0, 0, 0, 8, 8, 8]) })] }));
  const [only] = result.serves;
  // Each of the two groups runs one request of 4 s and two of 1 s; the run ends at 12 s.
  expect(result.seconds).toBe(12);
  expect(only?.breakdown.serviceSecondsByBound.compute).toBeCloseTo(2, 9);
  expect(only?.breakdown.queueSeconds).toBe(0);
  expect(result.timeline.totals.map(({ base }) => base)).toEqual([8, 2, 2]);
  expect(result.averageWatts).toBeCloseTo(1 + 2 * 5 + (2 * 10 + 4 * 3) / 12, 9);
  expect(only?.energyJoulesPerRequest).toBeCloseTo((2 * 10 + 4 * 3) / 6 + (11 * 12) / 6, 9);
  expect(result.kinds).toEqual([
    { npu: 'Slow', chips: 1 },
    { npu: 'Fast', chips: 2 },
  ]);
});

describe('bounds', () => {
  test('the load of one network is its rate divided by the sum of the rates of the chips', () => {
    const kinds = [kind({ seconds: [2], chips: 3 }), kind({ seconds: [0.5] })];
    const design = pool(kinds, { serves: [serve({ arrivals: poisson(2) })] });
    expect(leastLoad(design)).toBeCloseTo(2 / (3 / 2 + 1 / 0.5), 12);
  });

  test.each([
    // Each network on the chip that is fast for it: both chips work all the time.
    ['specialists', [1, 10], [10, 1], [1, 1], 1],
    // Network A needs 1 s on either chip, so only the sum counts.
    ['equal chips', [1, 2], [1, 2], [0.5, 0.5], 0.75],
    // All of A on the first chip: 0.6 s per second. B: 1.2 s per second, shared so that both have the same load.
    ['one network shared', [1, 1], [9, 1], [0.6, 1.2], 0.9],
  ])('the load of two networks is the solution of a linear program: %s', (_, one, other, rates, load) => {
    const kinds = [kind({ seconds: one }), kind({ seconds: other })];
    const serves = rates.map((rate, at) => serve({ name: `N${at}`, model: at, arrivals: poisson(rate) }));
    expect(leastLoad(pool(kinds, { serves }))).toBeCloseTo(load, 9);
    // Trying all divisions of both networks finds no smaller load.
    let best = Number.POSITIVE_INFINITY;
    for (let a = 0; a <= 100; a++) {
      for (let b = 0; b <= 100; b++) {
        const share = (at: number, part: number, seconds: readonly number[]) =>
          (rates[at] ?? 0) * part * (seconds[at] ?? 0);
        const firstChip = share(0, a / 100, one) + share(1, b / 100, one);
        const second = share(0, 1 - a / 100, other) + share(1, 1 - b / 100, other);
        best = Math.min(best, Math.max(firstChip, second));
      }
    }
    expect(best).toBeGreaterThanOrEqual(load - 1e-9);
    expect(best).toBeLessThan(load + 0.02);
  });

  test('overload is certain only above the sum of the rates', () => {
    const kinds = [kind({ seconds: [2] }), kind({ seconds: [1] })];
    const at = (rate: number) =>
      first(run(pool(kinds, { serves: [serve({ arrivals: poisson(rate), slos: [latencySlo(0.99, 50)] })] })).serves);
    expect(at(1.6).slos[0]?.overload?.saturationRps).toBeCloseTo(1.5, 9);
    expect(at(1.2).slos[0]?.overload).toBeUndefined();
  });

  test('limits of the latency include the fastest and the slowest chip', () => {
    const kinds = [kind({ seconds: [2] }), kind({ seconds: [1] }), kind({ seconds: [7] })];
    const design = pool(kinds, { serves: [serve({ arrivals: trace([0, 1, 1]) })] });
    expect(leastLatencySeconds(design, first(design.serves))).toBe(1);
    expect(mostLatencySeconds(design, 0)).toBe(20);
  });
});

describe('burst', () => {
  const chips = [
    kind({ npuName: 'Plain', seconds: [1] }),
    kind({ npuName: 'Bursting', seconds: [1], canBurst: true, switchLatencySeconds: 0.25 }),
  ];

  test.each([
    ['always', { kind: 'always' }],
    ['queue', { kind: 'queue', threshold: 2 }],
    ['slack', { kind: 'slack', guardFraction: 0.05, holdSeconds: 1 }],
    ['oracle', { kind: 'oracle' }],
  ] as const)('%s: only the chip with a burst mode uses it', (_, burst) => {
    const serves = [serve({ layers: 2, arrivals: poisson(2.3), slos: [latencySlo(0.9, 3)] })];
    const result = run(pool(chips, { burst, serves, duration: { kind: 'requests', count: 4000 } }));
    const [plain, bursting] = result.timeline.totals;
    expect(plain?.burst).toBe(0);
    expect(plain?.switching).toBe(0);
    expect(bursting?.burst).toBeGreaterThan(0);
    expect(first(result.serves).burstShare).toBeGreaterThan(0.3);
  });

  test('slack predicts with the times of each chip', () => {
    // A request that is alone meets 3.4 s on either chip; of three at once, the third waits for the fast chip and needs burst mode only there.
    const kinds = [
      kind({ npuName: 'Slow', seconds: [3], canBurst: true }),
      kind({ npuName: 'Fast', seconds: [1.8], canBurst: true }),
    ];
    const at = (times: readonly number[], limit: number) => {
      const burst = { kind: 'slack', guardFraction: 0, holdSeconds: 0 } as const;
      const serves = [serve({ layers: 2, arrivals: trace(times), slos: [latencySlo(0.99, limit)] })];
      return run(pool(kinds, { ...replay, burst, serves })).timeline.totals.map((one) => one.burst);
    };
    expect(at([0, 0], 3.4)).toEqual([0, 0]);
    expect(at([0, 0, 0], 3.7)).toEqual([0, 0]);
    const [slow, fast] = at([0, 0, 0], 3.4);
    expect(slow).toBe(0);
    expect(fast).toBeGreaterThan(0);
  });
});
