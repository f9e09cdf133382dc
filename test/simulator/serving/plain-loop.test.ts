import { describe, expect, test } from 'vitest';
import { Xoshiro128 } from '../../../bench/coverage/random.ts';
import type { Arrivals, BurstPolicy } from '../../../design/index.ts';
import { type RunInput, simulateRun } from '../../../simulator/serving/index.ts';
import { input, latencySlo, origin, serve } from './fixtures.ts';
import { type PlainRun, plainRun } from './plain-loop.ts';

/*
 * Compares the event loop with an independent one, request by request, on the same arrivals. The statistics of random traffic have their own
 * tests; here an error of a single request is visible.
 */

/** Poisson arrivals whose random numbers do not come from the simulator. */
function arrivalsOf(count: number, rate: number, seed: number): readonly number[] {
  const random = new Xoshiro128(seed);
  let now = 0;
  return Array.from({ length: count }, () => {
    now += random.exponential() / rate;
    return now;
  });
}

const trace = (times: readonly number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(times),
  origin,
});

/** Both loops: for each serve, the times of each request in the order of their ends. */
function compare(plain: PlainRun, options: Partial<RunInput>, arrivals?: Arrivals): number {
  const found = simulateRun(
    input({
      chips: plain.chips,
      order: plain.order,
      switchLatencySeconds: plain.switchSeconds,
      warmupFraction: 0,
      duration: { kind: 'auto', maxRequests: 1e6 },
      ...options,
      serves: plain.serves.map((own, at) =>
        serve({
          name: `S${at}`,
          model: at,
          layers: plain.layers,
          speedup: 1 / plain.ratio,
          arrivals: arrivals ?? trace(own.arrivals),
          batch: { maxSize: own.most, timeoutSeconds: own.timeout },
          batchCost: own.seconds,
          priority: own.priority,
          slos: Number.isFinite(own.deadline) ? [latencySlo(0.99, own.deadline)] : [],
        }),
      ),
    }),
    { window: { startSeconds: 0, endSeconds: 1e9 } },
  );
  const requests = found?.timeline.segments?.requests;
  if (requests === undefined) throw new Error('no requests');
  const expected = plainRun(plain);
  const seen: number[][][] = plain.serves.map(() => []);
  for (const [i, at] of requests.serve.entries()) {
    seen[at]?.push([requests.arrivalSeconds[i] ?? 0, requests.startSeconds[i] ?? 0, requests.endSeconds[i] ?? 0]);
  }
  for (const [at, own] of expected.entries()) {
    const latencies = own.map(([arrival, , end]) => end - arrival).sort((a, b) => a - b);
    const { latency } = found?.serves[at] ?? {};
    const mean = latencies.reduce((sum, seconds) => sum + seconds, 0) / own.length;
    expect(Math.abs((latency?.mean ?? 0) / mean - 1)).toBeLessThan(1e-9);
    expect(Math.abs((latency?.p99 ?? 0) / (latencies[Math.floor(0.99 * own.length)] ?? 0) - 1)).toBeLessThan(0.0079);
    expect(seen[at]?.length).toBe(own.length);
    const different = own.findIndex((times, i) =>
      times.some((time, part) => Math.abs(time - (seen[at]?.[i]?.[part] ?? -1)) > 1e-6),
    );
    expect(
      different < 0 ? null : { request: different, expected: own[different], seen: seen[at]?.[different] },
    ).toBeNull();
  }
  return expected.reduce((sum, own) => sum + own.length, 0);
}

const one = { most: 1, timeout: 0, seconds: (size: number) => size, priority: 0, deadline: Infinity };
const plain = { chips: 1, order: 'fifo', layers: 1, ratio: 0.5, switchSeconds: 0 } as const;
const growing = (size: number): number => 0.4 + 0.2 * size;
const COUNT = 3000;

describe('the loop serves each request at the same time as an independent loop', () => {
  test.each([0.5, 0.9, 0.99])('one network at load %d', (load) => {
    compare({ ...plain, serves: [{ ...one, arrivals: arrivalsOf(COUNT, load, 1) }] }, {});
  });

  test.each(['fifo', 'edf', 'sjf', 'priority'] as const)('two networks, three chips, %s', (order) => {
    const serves = [
      { ...one, arrivals: arrivalsOf(COUNT, 0.9, 2), deadline: 9, priority: 1, most: 3, seconds: growing },
      { ...one, arrivals: arrivalsOf(COUNT, 1.2, 3), deadline: 4, seconds: (size: number) => 1.5 * size },
    ];
    compare({ ...plain, chips: 3, order, serves }, {});
  });

  test.each([
    [0.3, 1, 'fifo'],
    [1, 1, 'fifo'],
    [1, 2, 'edf'],
    [2.4, 1, 'priority'],
  ] as const)('batches that wait to fill, at rate %d, %d chips, %s', (rate, chips, order) => {
    const serves = [
      { ...one, arrivals: arrivalsOf(COUNT, rate, 4), most: 4, timeout: 1.7, seconds: growing, deadline: 5 },
      {
        ...one,
        arrivals: arrivalsOf(COUNT, rate / 3, 5),
        most: 2,
        timeout: 0.6,
        seconds: growing,
        deadline: 3,
        priority: 2,
      },
    ];
    compare({ ...plain, chips, order, serves }, {});
  });

  test('all requests at the start', () => {
    const serves = [{ ...one, arrivals: Array.from({ length: 1000 }, () => 0), most: 8, timeout: 3, seconds: growing }];
    compare({ ...plain, chips: 3, serves }, {});
  });

  test.each([
    [1, 0, 1, 1],
    [8, 0, 4, 1],
    [8, 0.7, 4, 2],
    [5, 2.5, 1, 2],
  ])('a closed loop of %d clients that pause for %d s, batches of %d, %d chips', (clients, think, most, chips) => {
    const arrivals = Array.from({ length: clients }, () => 0);
    const requests = 2000;
    compare(
      { ...plain, chips, serves: [{ ...one, arrivals, most, seconds: growing, think, requests }] },
      { duration: { kind: 'requests', count: requests } },
      { kind: 'closed', clients, requestsPerQuery: 1, thinkSeconds: think, origin },
    );
  });

  const cases: readonly (readonly [string, Omit<PlainRun, 'serves' | 'chips' | 'order'>, BurstPolicy])[] = (
    [true, false] as const
  ).flatMap((atLayers) => {
    const own = { layers: 8, ratio: 0.55, switchSeconds: 0.03 };
    const at = atLayers ? 'layer' : 'request';
    return [
      [`queue(3), switch at ${at}`, { ...own, burst: { atLayers, threshold: 3 } }, { kind: 'queue', threshold: 3 }],
      [
        `slack with a guard, switch at ${at}`,
        { ...own, burst: { atLayers, guard: 0.2, hold: 1.3 } },
        { kind: 'slack', guardFraction: 0.2, holdSeconds: 1.3 },
      ],
      [
        `slack without hold, switch at ${at}`,
        { ...own, burst: { atLayers, guard: 0.05, hold: 0 } },
        { kind: 'slack', guardFraction: 0.05, holdSeconds: 0 },
      ],
    ] as const;
  });
  test.each(cases.flatMap((one) => [0.5, 0.9, 1.2].map((load) => [...one, load] as const)))(
    'burst mode, %s',
    (_, own, burst, load) => {
      for (const most of [1, 3]) {
        const rate = most === 1 ? load : 2.4 * load;
        const serves = [
          {
            ...one,
            arrivals: arrivalsOf(COUNT, rate, 6),
            most,
            seconds: most === 1 ? one.seconds : growing,
            deadline: 8,
          },
        ];
        compare({ ...plain, ...own, serves }, { burst, switchAt: own.burst?.atLayers === true ? 'layer' : 'request' });
      }
    },
  );
});
