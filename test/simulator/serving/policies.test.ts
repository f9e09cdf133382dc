import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BurstPolicy, RunResult } from '../../../design/index.ts';
import type { RunInput, ServeInput } from '../../../simulator/serving/index.ts';
import { isNightly, series } from '../../series.ts';
import { first, latencySlo, origin, poisson, run, type ServeOptions, serve } from './fixtures.ts';

/*
 * Burst policies with a network of ten layers. It takes 1 s in base mode and 0.55 s in burst mode, and its deadline is
 * 8 s.
 */

const slack: BurstPolicy = { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 };
const never: BurstPolicy = { kind: 'never' };
const always: BurstPolicy = { kind: 'always' };
const oracle: BurstPolicy = { kind: 'oracle' };

function net(rate: number, options: ServeOptions = {}): ServeInput {
  return serve({ layers: 10, speedup: 1 / 0.55, arrivals: poisson(rate), slos: [latencySlo(0.99, 8)], ...options });
}

function under(burst: BurstPolicy, rate: number, options: Partial<RunInput> = {}): RunResult {
  return run({
    serves: [net(rate)],
    burst,
    switchLatencySeconds: 0.01,
    duration: { kind: 'requests', count: series(12_000, 30_000) },
    warmupFraction: 0,
    ...options,
  });
}

function attainment(result: RunResult): number {
  let inTime = 0;
  let came = 0;
  for (const { goodputRps, counts } of result.serves) {
    inTime += goodputRps * result.seconds;
    came += counts.arrived;
  }
  return inTime / came;
}

const share = (result: RunResult) => first(result.serves).burstShare;
const accuracy = (result: RunResult) => first(result.serves).accuracy ?? Number.NaN;
const loads = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.3, 1.5] as const;

describe('slack', () => {
  test('does not use burst mode for a delay by a batch timeout', () => {
    const patient = (timeoutSeconds: number) =>
      under(slack, 0.02, {
        serves: [net(0.02, { batch: { maxSize: 4, timeoutSeconds } })],
        duration: { kind: 'requests', count: 2000 },
      });
    // 1 s in base mode, 0.55 s in burst mode, deadline 8 s. A batch that waits for 7.2 s is in time only in burst mode.
    // A batch
    // that waits for 9 s is never in time.
    expect(share(patient(7.2))).toBeGreaterThan(0.5);
    expect(share(patient(9))).toBeLessThan(0.01);
  });

  test('does not use burst mode for a guard time that no mode meets, if base mode meets the limit', () => {
    const patient = (burst: BurstPolicy, timeoutSeconds: number) =>
      under(burst, 0.02, {
        serves: [net(0.02, { batch: { maxSize: 4, timeoutSeconds }, batchCost: () => 1 })],
        duration: { kind: 'requests', count: 2000 },
      });
    // The guard starts at 7.2 s. After a wait of 6.8 s, base mode ends at 7.8 s and burst mode at 7.35 s. After a wait of
    // 6.5 s, base mode ends at 7.5 s, and burst mode before the guard.
    const wary: BurstPolicy = { kind: 'slack', guardFraction: 0.1, holdSeconds: 2 };
    // Sometimes one batch delays another so much that base mode would miss the limit.
    expect(share(patient(wary, 6.8))).toBeLessThan(0.05);
    expect(attainment(patient(wary, 6.8))).toBeGreaterThanOrEqual(attainment(patient(never, 6.8)));
    expect(share(patient(wary, 6.5))).toBeGreaterThan(0.5);
  });

  test.each([0.001, 0.01, 0.05])('does not use burst mode at a very low load: %d', (rate) => {
    const result = under(slack, rate, { duration: { kind: 'requests', count: 5000 } });
    expect(share(result)).toBe(0);
    expect(result.timeline.switches.total).toBe(0);
    expect(accuracy(result)).toBe(0.8);
  });

  test.each(['layer', 'request'] as const)('uses burst mode more at a higher load, switching at %ss', (switchAt) => {
    const shares = loads.map((rate) => share(under(slack, rate, { switchAt })));
    for (const [i, value] of shares.entries()) {
      // The random error of a share with one seed.
      expect(value).toBeGreaterThanOrEqual((shares[i - 1] ?? 0) - 0.01);
    }
    expect(shares.at(-1)).toBeGreaterThan(0.5);
  });

  test.each([
    ['layer', 'fifo', 1],
    ['request', 'fifo', 1],
    ['layer', 'edf', 4],
    ['layer', 'fifo', 4],
  ] as const)(
    'switching at %ss, %s, batches of %d: not worse than `never` and not better than `oracle`',
    (switchAt, order, maxSize) => {
      for (const load of isNightly ? loads : ([0.3, 0.8, 1, 1.3] as const)) {
        const batch = { maxSize, timeoutSeconds: 0 };
        // A batch of four takes as long as 2.5 single requests, so batching increases the saturation by a factor of 1.6.
        const batchCost = (size: number) => 0.5 + 0.5 * size;
        const serves = [net(maxSize === 1 ? load : load * 1.6, { batch, batchCost })];
        const options = { switchAt, order, serves };
        const base = attainment(under(never, 0, options));
        const own = attainment(under(slack, 0, options));
        const best = attainment(under(oracle, 0, options));
        // 0.5 % of 12,000 requests is more than the random difference between runs of the same traffic.
        expect(own).toBeGreaterThanOrEqual(base - 0.005);
        expect(best).toBeGreaterThanOrEqual(own - 0.005);
      }
    },
  );

  /**
   * Ten layers with the given `seconds` of each cell: three for base mode, then burst mode with resident, converted and
   * fetched weights.
   */
  function conversion(load: number, seconds: readonly number[]): Partial<RunInput> {
    const layers = 10;
    const cells = Float64Array.from({ length: layers * seconds.length }, (_, i) => seconds[i % seconds.length] ?? 0);
    return {
      serves: [
        net(load, {
          tables: [{ batch: 1, layerCount: layers, seconds: cells, bound: new Uint8Array(cells.length), joules: null }],
        }),
      ],
      residency: {
        capacityBytes: 1000,
        placed: [new Uint8Array(layers).fill(1)],
        baseBytes: [new Float64Array(layers).fill(100)],
        burstBytes: [new Float64Array(layers).fill(50)],
        shares: [new Float64Array(layers).fill(1)],
        usedBytes: 1000,
        activationBytes: 0,
      },
    };
  }

  test.each([0.9, 1.1, 1.3, 1.5])(
    'the oracle switches even if this takes three times as long as a batch: load %d',
    (load) => {
      const dear = conversion(load, [0.1, 0.1, 0.1, 0.055, 0.3, 0.055]);
      const own = attainment(under(slack, 0, dear));
      expect(attainment(under(oracle, 0, dear))).toBeGreaterThanOrEqual(own - 0.005);
      expect(own).toBeGreaterThanOrEqual(attainment(under(never, 0, dear)) - 0.005);
    },
  );

  // The chip fetches the weights in bf16 and quantizes them at each use, so burst mode is slower at each load.
  test.each([0.8, 0.95, 1.1])('the oracle stays in base mode if burst mode is slower: load %d', (load) => {
    const slow = conversion(load, [0.1, 0.1, 0.1, 0.15, 0.3, 0.15]);
    const base = attainment(under(never, 0, slow));
    expect(attainment(under(oracle, 0, slow))).toBeGreaterThanOrEqual(base - 0.005);
    expect(attainment(under(slack, 0, slow))).toBeGreaterThanOrEqual(base - 0.005);
  });

  test('has a higher accuracy than `always`, and meets the deadlines if the load allows it', () => {
    for (const load of loads) {
      const own = under(slack, load);
      const whole = under(always, load);
      expect(accuracy(own)).toBeGreaterThanOrEqual(accuracy(whole));
      if (load <= 1.1) {
        expect(accuracy(own)).toBeGreaterThan(accuracy(whole) + 0.01);
        expect(attainment(own)).toBeGreaterThan(0.99);
      }
    }
    expect(attainment(under(never, 1.1))).toBeLessThan(0.2);
  });

  test('uses burst mode for fewer layers if it switches at layers', () => {
    const byLayer = under(slack, 0.85, { switchAt: 'layer' });
    const byRequest = under(slack, 0.85, { switchAt: 'request' });
    expect(first(byLayer.timeline.totals).burst).toBeLessThan(first(byRequest.timeline.totals).burst);
    expect(attainment(byLayer)).toBeGreaterThanOrEqual(attainment(byRequest) - 0.005);
  });

  test('a longer hold time gives fewer switches and more burst mode', () => {
    const held = [0, 1, 4, 16].map((holdSeconds) => under({ kind: 'slack', guardFraction: 0.05, holdSeconds }, 0.9));
    for (let i = 1; i < held.length; i++) {
      const [before, after] = [held[i - 1], held[i]];
      if (before === undefined || after === undefined) throw new Error('the test runs four hold times');
      expect(after.timeline.switches.total).toBeLessThan(before.timeline.switches.total);
      expect(first(after.timeline.totals).burst).toBeGreaterThan(first(before.timeline.totals).burst);
    }
  });

  test('a larger guard uses burst mode earlier', () => {
    const shares = [0, 0.1, 0.3, 0.6].map((guardFraction) =>
      share(under({ kind: 'slack', guardFraction, holdSeconds: 0 }, 0.9)),
    );
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBeGreaterThan(shares[0] ?? 1);
  });

  test('uses burst mode without a queue if base mode alone misses the deadline', () => {
    const result = under({ ...slack, holdSeconds: 0 }, 0.01, {
      serves: [net(0.01, { slos: [latencySlo(0.99, 0.8)] })],
      duration: { kind: 'requests', count: 500 },
    });
    expect(share(result)).toBe(1);
    expect(attainment(result)).toBeCloseTo(1, 9);
    // Few layers are enough. They must save 0.2 s and the time of the switch, and each layer saves 45 %.
    expect(first(result.timeline.totals).base).toBeGreaterThan(100);
  });

  test('does not use burst mode if burst mode misses the deadline too', () => {
    const result = under(slack, 0.01, {
      serves: [net(0.01, { slos: [latencySlo(0.99, 0.5)] })],
      duration: { kind: 'requests', count: 500 },
    });
    expect(share(result)).toBe(0);
  });

  test('is the same as `never` without a deadline', () => {
    expect(share(under(slack, 0.95, { serves: [net(0.95, { slos: [] })] }))).toBe(0);
  });

  test('is the same as `never` without a burst mode', () => {
    for (const burst of [slack, always, oracle]) expect(share(under(burst, 0.95, { canBurst: false }))).toBe(0);
  });

  test('uses the deadline of each serve in a common queue', () => {
    const tight = net(0.3, { name: 'tight', slos: [latencySlo(0.99, 2.5)] });
    const loose = net(0.4, { name: 'loose', slos: [latencySlo(0.99, 60)] });
    const inTime = (burst: BurstPolicy) => {
      const result = under(burst, 0, { serves: [tight, loose], order: 'edf' });
      return result.serves.map((each) => (each.goodputRps * result.seconds) / each.counts.arrived);
    };
    const [tightNever = 1, looseNever = 0] = inTime(never);
    const [tightSlack = 0, looseSlack = 0] = inTime(slack);
    expect(looseNever).toBeGreaterThan(0.999);
    expect(looseSlack).toBeGreaterThan(0.999);
    expect(tightSlack).toBeGreaterThan(tightNever);
    expect(tightSlack).toBeGreaterThan(0.99);
  });
});

describe('simple policies', () => {
  test('`always` uses burst mode from the first request, without a switch', () => {
    const result = under(always, 0.5);
    expect(share(result)).toBe(1);
    expect(accuracy(result)).toBeCloseTo(0.7, 12);
    expect(result.timeline.switches.total).toBe(0);
  });

  test('`queue(n)` uses burst mode less for a larger n', () => {
    const shares = [1, 2, 4, 8, 16].map((threshold) => share(under({ kind: 'queue', threshold }, 0.9)));
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeLessThan(shares[i - 1] ?? 0);
  });

  test('`queue(0)` is the same as `always`', () => {
    expect(share(under({ kind: 'queue', threshold: 0 }, 0.5))).toBe(1);
  });
});

describe('a switch', () => {
  test.each([slack, { kind: 'queue', threshold: 3 }, oracle] as const)(
    '$kind: takes its time in both directions',
    (burst) => {
      const { timeline } = under(burst, 0.9, { duration: { kind: 'requests', count: 2000 } });
      const { total, toBurst } = timeline.switches;
      expect(total).toBeGreaterThan(10);
      // The switches alternate between the two directions.
      for (const [i, direction] of toBurst.entries()) expect(direction).toBe(i % 2 === 0 ? 1 : 0);
      expect(first(timeline.totals).switching).toBeCloseTo(total * 0.01, 6);
    },
  );
});

describe('future arrivals', () => {
  const early = fc.array(fc.double({ min: 0.05, max: 1.5, noNaN: true }), { minLength: 20, maxLength: 40 });
  const late = fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), { minLength: 1, maxLength: 30 });

  function trace(gaps: readonly number[]): ServeInput {
    let now = 0;
    const times = gaps.map((gap) => {
      now += gap;
      return now;
    });
    const timesSeconds = Float64Array.from(times);
    return net(0, {
      arrivals: { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds, origin },
      slos: [latencySlo(0.99, 3)],
    });
  }

  function historyUntil(result: RunResult, seconds: number): string {
    const { segments } = result.timeline;
    const lines: string[] = [];
    for (let i = 0; i < segments.startSeconds.length; i++) {
      if ((segments.endSeconds[i] as number) > seconds) continue;
      lines.push(
        `${segments.startSeconds[i]} ${segments.endSeconds[i]} ${segments.activity[i]} ${segments.firstLayer[i]}-${segments.lastLayer[i]}`,
      );
    }
    return lines.join('\n');
  }

  test.each([slack, never, always, { kind: 'queue', threshold: 2 }] as const)(
    'have no effect on earlier decisions of $kind',
    (burst) => {
      fc.assert(
        fc.property(early, late, late, fc.constantFrom('layer', 'request'), (common, one, other, switchAt) => {
          const until = common.reduce((sum, gap) => sum + gap, 0);
          const options = { switchAt, duration: { kind: 'requests', count: 1000 } } as const;
          const a = under(burst, 0, { ...options, serves: [trace([...common, ...one])] });
          const b = under(burst, 0, { ...options, serves: [trace([...common, ...other])] });
          expect(historyUntil(a, until)).toBe(historyUntil(b, until));
        }),
        { numRuns: 25 },
      );
    },
  );
});
