import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* The slack policy with queues of hundreds of batches. A full batch takes 1 s in base mode, and limits are in seconds. */

interface Served {
  readonly limit: number;
  readonly arrivals: Arrivals;
}

function deep(served: readonly Served[], speedup: number, options: Partial<RunInput>): RunInput {
  return input({
    burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 5 },
    warmupFraction: 0,
    serves: served.map(({ limit, arrivals }, n) =>
      serve({
        name: `Net${n}`,
        model: n,
        priority: n,
        layers: 10,
        speedup,
        batch: { maxSize: 8, timeoutSeconds: 0 },
        batchCost: (size) => 0.1 + (0.9 * size) / 8,
        arrivals,
        slos: [latencySlo(0.99, limit)],
      }),
    ),
    ...options,
  });
}

/** The largest share of late requests of a network. */
function largestLateShare(of: RunInput): number {
  return Math.max(...run(of).serves.map(({ goodputRps, completedRps }) => 1 - goodputRps / completedRps));
}

/** `batches` full batches that all arrive at `seconds`. */
const atOnce = (batches: number, seconds = 0): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: new Float64Array(8 * batches).fill(seconds),
  origin,
});

describe('burst mode starts early enough for the last request of a deep queue', () => {
  // Burst mode saves a tenth of the time, so it has to start long before the last 64 batches.
  test.each<[string, readonly Served[], Partial<RunInput>]>([
    ['in the order of arrival', [{ limit: 250, arrivals: atOnce(258) }], { order: 'fifo' }],
    ['with switches between batches', [{ limit: 250, arrivals: atOnce(258) }], { switchAt: 'request' }],
    ['on two chips', [{ limit: 250, arrivals: atOnce(516) }], { chips: 2 }],
    [
      'of the latest deadline',
      [
        { limit: 125, arrivals: atOnce(100) },
        { limit: 250, arrivals: atOnce(158) },
      ],
      { order: 'edf' },
    ],
    [
      'that arrived last',
      [
        { limit: 250, arrivals: atOnce(129) },
        { limit: 250, arrivals: atOnce(129) },
      ],
      { order: 'fifo' },
    ],
    [
      'of the least urgent network',
      [
        { limit: 250, arrivals: atOnce(100) },
        { limit: 180, arrivals: atOnce(158) },
      ],
      { order: 'priority' },
    ],
    [
      'of the network that runs last',
      [
        { limit: 150, arrivals: atOnce(100) },
        { limit: 250, arrivals: atOnce(158) },
      ],
      { order: 'sjf' },
    ],
  ])('%s', (_, served, options) => {
    expect(largestLateShare(deep(served, 1.1, options))).toBe(0);
    expect(largestLateShare(deep(served, 1.1, { ...options, burst: { kind: 'never' } }))).toBeGreaterThan(0);
  });

  test('when no request arrives any more', () => {
    const duration = { kind: 'requests', count: 20_000 } as const;
    for (const seed of [1, 2, 3]) {
      const one = [{ limit: 250, arrivals: poisson(8 * 1.2) }];
      const three = [200, 250, 300].map((limit) => ({ limit, arrivals: poisson((8 * 1.2) / 3) }));
      expect(largestLateShare(deep(one, 1.5, { seed, duration }))).toBe(0);
      expect(largestLateShare(deep(three, 1.5, { seed, duration, order: 'edf' }))).toBe(0);
    }
  });
});

describe('a deep queue in time', () => {
  test('needs no burst', () => {
    const served = [{ limit: 300, arrivals: atOnce(250) }];
    expect(run(deep(served, 1.1, {})).serves[0]?.burstShare).toBe(0);
  });

  test('needs no burst for a network that waits behind it and has time', () => {
    const served = [
      { limit: 1000, arrivals: atOnce(200) },
      { limit: 120, arrivals: atOnce(100) },
    ];
    for (const order of ['edf', 'priority'] as const) {
      expect(run(deep(served, 1.1, { order })).serves.map(({ burstShare }) => burstShare)).toEqual([0, 0]);
    }
  });
});
