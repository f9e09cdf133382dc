import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { simulateRun } from '../../../simulator/serving/index.ts';
import { series } from '../../series.ts';
import { input, latencySlo, poisson, serve } from './fixtures.ts';

/* Compares the shortcuts in the prediction of the slack policy with a new prediction at each arrival and each start. */

const predictionPath = '../../../simulator/serving/policy/prediction.ts';
let thorough: (of: RunInput) => ReturnType<typeof simulateRun>;

beforeAll(async () => {
  vi.resetModules();
  vi.doMock(predictionPath, async (original) => ({
    ...(await original<typeof import('../../../simulator/serving/policy/prediction.ts')>()),
    holdsWith: () => false,
    stillHolds: () => false,
  }));
  const slow = await import('../../../simulator/serving/simulate-run.ts');
  thorough = (of) => slow.simulateRun(of);
});

afterAll(() => {
  vi.doUnmock(predictionPath);
  vi.resetModules();
});

describe('the shortcuts do not change the decisions of the slack policy', () => {
  test('for random loads, orders, batches and chips', () => {
    const each = fc.record({
      load: fc.double({ min: 0.2, max: 1.6, noNaN: true }),
      order: fc.constantFrom('fifo', 'edf', 'sjf', 'priority'),
      switchAt: fc.constantFrom('layer', 'request'),
      chips: fc.integer({ min: 1, max: 2 }),
      maxSize: fc.integer({ min: 1, max: 4 }),
      serves: fc.integer({ min: 1, max: 3 }),
      holdSeconds: fc.constantFrom(0, 2),
      seed: fc.nat(),
    });
    let bursts = 0;
    fc.assert(
      fc.property(each, ({ load, order, switchAt, chips, maxSize, serves, holdSeconds, seed }) => {
        const of = input({
          order,
          switchAt,
          chips,
          seed,
          burst: { kind: 'slack', guardFraction: 0.05, holdSeconds },
          switchLatencySeconds: 0.02,
          duration: { kind: 'requests', count: 1500 },
          serves: Array.from({ length: serves }, (_, n) =>
            serve({
              name: `Net${n}`,
              layers: 10,
              seconds: 1 + n,
              speedup: 1.8,
              batch: { maxSize, timeoutSeconds: 0 },
              batchCost: (size) => 0.5 + 0.5 * size,
              arrivals: poisson((load * chips * (1 + 0.2 * maxSize)) / serves / (1 + n)),
              priority: n,
              slos: [latencySlo(0.99, 8 * (1 + n))],
            }),
          ),
        });
        const quick = simulateRun(of);
        bursts += quick?.timeline.switches.total ?? 0;
        expect(quick).toEqual(thorough(of));
      }),
      { numRuns: series(40, 100), seed: 41 },
    );
    expect(bursts).toBeGreaterThan(1000);
  });
});
