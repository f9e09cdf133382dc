import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BurstPolicy } from '../../../design/index.ts';
import { type RunInput, type ServeInput, simulateRun } from '../../../simulator/serving/index.ts';
import { series } from '../../series.ts';
import { first, input, latencySlo, origin, poisson, serve } from './fixtures.ts';

/*
 * A run stores each segment and request inside a requested window. The rest of its result does not depend on the
 * window.
 */

const LAYERS = 5;

const network = fc.record({
  seconds: fc.double({ min: 0.2, max: 2, noNaN: true }),
  load: fc.double({ min: 0.05, max: 1, noNaN: true }),
  maxSize: fc.integer({ min: 1, max: 8 }),
  timeoutSeconds: fc.constantFrom(0, 0, 0.7),
  deadline: fc.constantFrom(1.5, 4, 12, Number.POSITIVE_INFINITY),
  priority: fc.integer({ min: 0, max: 2 }),
  // Arrivals at multiples of the same time, so that they coincide with other arrivals and with the ends of batches.
  even: fc.boolean(),
});

const policy: fc.Arbitrary<BurstPolicy> = fc.oneof(
  fc.constant({ kind: 'never' } as const),
  fc.constant({ kind: 'always' } as const),
  fc.record({
    kind: fc.constant('slack' as const),
    guardFraction: fc.constantFrom(0, 0.05, 0.4),
    holdSeconds: fc.constantFrom(0, 1, 20),
  }),
);

/** Each layer has a place for one copy or for both. There is room for `spare` further second copies. */
function residency(models: number, spare: number, layerBytes: number): NonNullable<RunInput['residency']> {
  const of = (bytes: number) => Array.from({ length: models }, () => new Float64Array(LAYERS).fill(bytes));
  const usedBytes = models * LAYERS * layerBytes;
  return {
    capacityBytes: usedBytes + spare * 50,
    placed: Array.from({ length: models }, () => new Uint8Array(LAYERS).fill(1)),
    baseBytes: of(100),
    burstBytes: of(50),
    shares: of(1),
    usedBytes,
    activationBytes: 0,
  };
}

/** A layer whose weights must be converted or fetched takes longer. */
function pricedByState(input: ServeInput): ServeInput {
  const tables = input.tables.map((table) => ({
    ...table,
    seconds: table.seconds.map((seconds, cell) => seconds * (1 + 0.2 * (cell % 3))),
  }));
  return { ...input, tables };
}

test('a window changes only the stored segments and requests', () => {
  let bursts = 0;
  fc.assert(
    fc.property(
      fc.array(network, { minLength: 1, maxLength: 5 }),
      policy,
      fc.constantFrom('fifo', 'edf', 'sjf', 'priority'),
      fc.record({
        switchLatencySeconds: fc.constantFrom(0, 0.01, 0.5),
        quantizedSource: fc.constantFrom('on-chip', 'stored'),
        utilization: fc.double({ min: 0.3, max: 1.4, noNaN: true }),
        spare: fc.constantFrom(-1, 0, 3, 1000),
        chips: fc.integer({ min: 1, max: 2 }),
        preemption: fc.constantFrom('none', 'layer'),
        seed: fc.nat(),
      }),
      fc.constantFrom(
        { kind: 'requests', count: 10_000 } as const,
        { kind: 'time', seconds: 5_000 } as const,
        { kind: 'auto', maxRequests: 20_000 } as const,
      ),
      (networks, burst, order, more, duration) => {
        const { utilization, spare, ...options } = more;
        const all = networks.reduce((sum, { load }) => sum + load, 0);
        const of = input({
          ...options,
          order,
          burst,
          duration,
          residency:
            spare < 0 ? null : residency(networks.length, spare, more.quantizedSource === 'stored' ? 150 : 100),
          serves: networks.map(({ seconds, load, maxSize, timeoutSeconds, deadline, priority, even }, model) => {
            const rate = (utilization * load) / all / seconds;
            return pricedByState(
              serve({
                model,
                layers: LAYERS,
                seconds: even ? 1 : seconds,
                batchCost: (size) => 0.5 + 0.5 * size,
                batch: { maxSize, timeoutSeconds },
                priority,
                arrivals: even
                  ? { kind: 'constant', ratePerSecond: Math.max(0.01, Math.round(rate * 10) / 10), origin }
                  : poisson(rate),
                slos: deadline < Number.POSITIVE_INFINITY ? [latencySlo(0.99, deadline)] : [],
              }),
            );
          }),
        });
        const asked = simulateRun(of, { window: { startSeconds: 100, endSeconds: 140 } });
        const plain = simulateRun(of);
        if (asked === undefined || plain === undefined) throw new Error('the run was cancelled');
        const { segments: _asked, ...timeline } = asked.timeline;
        const { segments: _plain, ...own } = plain.timeline;
        expect({ ...plain, timeline: own }).toEqual({ ...asked, timeline });
        if (burst.kind === 'slack') bursts += plain.timeline.switches.total;
      },
    ),
    { numRuns: series(20, 40), seed: 42 },
  );
  expect(bursts).toBeGreaterThan(300);
});

test('a full queue drops requests, and the counts still add up', () => {
  const overloaded = input({
    serves: [serve({ arrivals: poisson(20), seconds: 1, slos: [latencySlo(0.99, 4)] })],
    duration: { kind: 'time', seconds: 60_000 },
  });
  const { arrived, completed, queued, running, dropped } = first(simulateRun(overloaded)?.serves ?? []).counts;
  expect(dropped).toBeGreaterThan(1000);
  expect(arrived).toBe(completed + queued + running + dropped);
});
