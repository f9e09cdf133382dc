import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arrivals, activities, type RunResult } from '../../../design/index.ts';
import { checkCausality, checkRun, checkWorkConserving } from '../../../simulator/serving/loop/invariants.ts';
import { Simulation } from '../../../simulator/serving/state/simulation.ts';
import { series } from '../../series.ts';
import { first, input, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

const arrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.double({ min: 0.05, max: 3, noNaN: true }).map((rate) => poisson(rate)),
  fc
    .double({ min: 0.05, max: 3, noNaN: true })
    .map((rate) => ({ kind: 'constant', ratePerSecond: rate, origin }) as const),
  fc.constant({
    kind: 'bursty',
    lowRatePerSecond: 0.1,
    highRatePerSecond: 4,
    meanLowSeconds: 10,
    meanHighSeconds: 5,
    origin,
  } as const),
);

const anyRun = fc
  .record({
    chips: fc.integer({ min: 1, max: 3 }),
    order: fc.constantFrom('fifo', 'edf', 'sjf', 'priority'),
    burst: fc.constantFrom(
      { kind: 'never' } as const,
      { kind: 'always' } as const,
      { kind: 'queue', threshold: 2 } as const,
      { kind: 'slack', guardFraction: 0.1, holdSeconds: 1 } as const,
      { kind: 'oracle' } as const,
    ),
    switchAt: fc.constantFrom('layer', 'request'),
    preemption: fc.constantFrom('none', 'layer'),
    switchLatencySeconds: fc.constantFrom(0, 0.02),
    seed: fc.nat(),
    duration: fc.constantFrom(
      { kind: 'requests', count: 700 } as const,
      { kind: 'time', seconds: 300 } as const,
      { kind: 'auto', maxRequests: 2000 } as const,
    ),
    each: fc.array(
      fc.record({
        arrivals,
        maxSize: fc.integer({ min: 1, max: 4 }),
        timeoutSeconds: fc.constantFrom(0, 0.7),
        limit: fc.constantFrom(2, 9),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ each, ...options }) => ({
    ...options,
    serves: each.map(({ arrivals: comes, maxSize, timeoutSeconds, limit }, n) =>
      serve({
        name: `Net${n}`,
        arrivals: comes,
        layers: 5,
        speedup: 1.7,
        batch: { maxSize, timeoutSeconds },
        batchCost: (size) => 0.5 + 0.5 * size,
        priority: n,
        slos: [latencySlo(0.99, limit)],
      }),
    ),
  }));

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** Checks that totals, shares and segments of a timeline agree. */
function checkTimeline({ timeline, seconds }: RunResult): void {
  const { totals, overview, segments } = timeline;
  for (const [chip, each] of totals.entries()) {
    expect(sum(Object.values(each)) / seconds).toBeCloseTo(1, 9);
    for (const [a, activity] of activities.entries()) {
      let shares = 0;
      for (let bucket = 0; bucket < overview.buckets; bucket++) {
        const length = Math.min(overview.bucketSeconds, seconds - bucket * overview.bucketSeconds);
        shares +=
          (overview.shares[(chip * overview.buckets + bucket) * activities.length + a] ?? 0) * Math.max(0, length);
      }
      // Shares have single precision.
      expect(Math.abs(shares - each[activity])).toBeLessThan(1e-4 * seconds);
      if (activity === 'idle' || segments.windowEndSeconds < seconds) continue;
      let kept = 0;
      for (let i = 0; i < segments.chip.length; i++) {
        if (segments.chip[i] === chip && segments.activity[i] === a)
          kept += (segments.endSeconds[i] ?? 0) - (segments.startSeconds[i] ?? 0);
      }
      expect(kept).toBeCloseTo(each[activity], 6);
    }
  }
  const ends = new Float64Array(totals.length);
  for (let i = 0; i < segments.chip.length; i++) {
    const chip = segments.chip[i] ?? 0;
    // A chip has one activity at a time, and segments are in order.
    expect(segments.startSeconds[i] ?? 0).toBeGreaterThanOrEqual((ends[chip] ?? 0) - 1e-9);
    ends[chip] = segments.endSeconds[i] ?? 0;
  }
}

describe('a random run', () => {
  test('satisfies all invariants, and its counts and timeline agree', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const result = run({ warmupFraction: 0, ...options });
        for (const { counts, breakdown, latency, series } of result.serves) {
          expect(counts.arrived).toBe(counts.completed + counts.queued + counts.running + counts.dropped);
          expect(sum(series.arrived)).toBe(counts.arrived);
          expect(sum(series.completed)).toBe(counts.completed);
          if (counts.completed === 0) continue;
          const { queueSeconds, batchingSeconds, switchSeconds, serviceSecondsByBound } = breakdown;
          const parts = queueSeconds + batchingSeconds + switchSeconds + sum(Object.values(serviceSecondsByBound));
          expect(parts / latency.mean).toBeCloseTo(1, 6);
          expect(latency.p50).toBeLessThanOrEqual(latency.p99);
          expect(latency.p99).toBeLessThanOrEqual(latency.max);
        }
        checkTimeline(result);
      }),
      { numRuns: series(60, 150), seed: 43 },
    );
  });

  test('gives the same result again', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        expect(run(options)).toEqual(run(options));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the timeline of a run that exceeds the budget of segments', () => {
  test('has exact totals, and one segment for each layer in a requested window', () => {
    const options = input({
      serves: [serve({ layers: 5, arrivals: poisson(0.8), slos: [latencySlo(0.99, 6)] })],
      burst: { kind: 'slack', guardFraction: 0.1, holdSeconds: 1 },
      duration: { kind: 'requests', count: 50_000 },
    });
    const whole = run(options);
    expect(whole.timeline.segments.windowEndSeconds).toBeLessThan(whole.seconds);
    checkTimeline(whole);
    expect(first(whole.timeline.totals).idle / whole.seconds).toBeCloseTo(
      0.2 + first(whole.timeline.totals).burst / whole.seconds,
      1,
    );
  });
});

describe('a violated invariant throws an error that reports a bug', () => {
  const broken = (spoil: (sim: Simulation) => void, check: (sim: Simulation) => void = checkRun) => {
    const sim = new Simulation(input({ seed: 4711 }), 1, {});
    spoil(sim);
    return () => check(sim);
  };
  const recorder = (sim: Simulation) => first(sim.serves).recorder;

  test.each([
    [
      'a request is lost',
      (sim: Simulation) => recorder(sim).totalArrived++,
      /requests in = done \+ queued \+ running \+ dropped/,
    ],
    [
      'a waiting time is not counted',
      (sim: Simulation) => {
        recorder(sim).totalQueuedSeconds += 5;
      },
      /Little's law/,
    ],
    [
      'a chip is busy for longer than the run',
      (sim: Simulation) => {
        sim.timeline.totals[1] = 3;
      },
      /busy time <= time/,
    ],
    [
      'the weights exceed the scratchpad',
      (sim: Simulation) => {
        sim.weights.usedBytes[0] = 9;
      },
      /scratchpad capacity/,
    ],
  ])('%s', (_, spoil, law) => {
    expect(broken(spoil)).toThrow(law);
    expect(broken(spoil)).toThrow(/seed 4711, input \{/);
  });

  test('a chip is idle while a request waits', () => {
    const spoil = (sim: Simulation) => {
      first(sim.serves).queue.push();
    };
    expect(broken(spoil, checkWorkConserving)).toThrow(/work conservation/);
  });

  test('a request starts before it arrived', () => {
    const check = (sim: Simulation) => {
      const batch = sim.batches.take(first(sim.serves), 1);
      batch.requests[0] = 2;
      checkCausality(sim, batch);
    };
    expect(broken(() => {}, check)).toThrow(/arrival <= start <= finish/);
  });
});
