import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arrivals, Duration } from '../../../design/index.ts';
import { simulateRun } from '../../../simulator/serving/index.ts';
import { input, latencySlo, origin, poisson, serve } from './fixtures.ts';

/* A run for which nobody asked for a window takes the lane for simple queues once its segments are recorded; with a window it never does. */

const rate = fc.double({ min: 0.1, max: 1.3, noNaN: true });
const arrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  rate.map(poisson),
  rate.map((ratePerSecond) => ({ kind: 'constant', ratePerSecond, origin }) as const),
  rate.map(
    (ratePerSecond) => ({ kind: 'diurnal', ratePerSecond, amplitude: 0.9, periodSeconds: 900, origin }) as const,
  ),
  // Times in pairs: ties of arrivals with one another and with the ends of services.
  fc.constant({
    kind: 'trace',
    path: 'x.csv',
    speedup: 1,
    timesSeconds: Float64Array.from({ length: 30_000 }, (_, i) => 3 * Math.floor(i / 2)),
    origin,
  } as const),
);
const duration: fc.Arbitrary<Duration> = fc.constantFrom(
  { kind: 'requests', count: 30_000 },
  { kind: 'time', seconds: 100_000 },
  { kind: 'auto', maxRequests: 40_000 },
);

describe('the lane for simple queues', () => {
  test('does what the general loop does, to the last bit', () => {
    fc.assert(
      fc.property(arrivals, duration, fc.constantFrom('never', 'always'), fc.nat(), (comes, ends, policy, seed) => {
        const of = input({
          serves: [serve({ arrivals: comes, layers: 3, slos: [latencySlo(0.99, 4)] })],
          burst: { kind: policy },
          duration: ends,
          seed,
        });
        const asked = simulateRun(of, { window: { startSeconds: -2, endSeconds: -1 } });
        const lane = simulateRun(of);
        if (asked === undefined || lane === undefined) throw new Error('nobody cancelled it');
        const { segments: _none, ...timeline } = asked.timeline;
        const { segments, ...own } = lane.timeline;
        expect({ ...lane, timeline: own }).toEqual({ ...asked, timeline });
        expect(segments.startSeconds.length).toBeGreaterThan(3000);
      }),
      { numRuns: 40 },
    );
  });

  test('under overload, until requests are dropped', () => {
    const of = input({
      serves: [serve({ arrivals: poisson(20), seconds: 1, slos: [latencySlo(0.99, 4)] })],
      duration: { kind: 'time', seconds: 60_000 },
      switchLatencySeconds: 1,
    });
    const asked = simulateRun(of, { window: { startSeconds: -2, endSeconds: -1 } });
    const lane = simulateRun(of);
    expect(lane?.serves[0]?.counts.dropped).toBeGreaterThan(1000);
    expect(lane?.serves).toEqual(asked?.serves);
  });
});
