import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BurstPolicy, RunResult } from '../../../design/index.ts';
import type { RunInput, ServeInput } from '../../../simulator/serving/index.ts';
import { isNightly } from '../../series.ts';
import { first, latencySlo, origin, poisson, run, type ServeOptions, serve } from './fixtures.ts';

/* Burst policies under experiment: a network of ten layers that takes a second in base and 0.55 s in burst, to be done within eight. */

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
    duration: { kind: 'requests', count: 30_000 },
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
  test('does not burst for what a batch timeout has cost', () => {
    const patient = (timeoutSeconds: number) =>
      under(slack, 0.02, {
        serves: [net(0.02, { batch: { maxSize: 4, timeoutSeconds } })],
        duration: { kind: 'requests', count: 2000 },
      });
    // A second in base, 0.55 in burst, to be done within eight: a batch that waits for 7.2 is in time with burst only, one that waits for 9 never.
    expect(share(patient(7.2))).toBeGreaterThan(0.5);
    expect(share(patient(9))).toBeLessThan(0.01);
  });

  test('does not burst for a guard that no mode keeps, where base keeps the limit', () => {
    const patient = (burst: BurstPolicy, timeoutSeconds: number) =>
      under(burst, 0.02, {
        serves: [net(0.02, { batch: { maxSize: 4, timeoutSeconds }, batchCost: () => 1 })],
        duration: { kind: 'requests', count: 2000 },
      });
    // The guard begins at 7.2. After 6.8 of waiting base ends at 7.8, burst at 7.35; after 6.5 base at 7.5, burst before the guard.
    const wary: BurstPolicy = { kind: 'slack', guardFraction: 0.1, holdSeconds: 2 };
    // Now and then one batch holds another up, and the limit is in danger.
    expect(share(patient(wary, 6.8))).toBeLessThan(0.05);
    expect(attainment(patient(wary, 6.8))).toBeGreaterThanOrEqual(attainment(patient(never, 6.8)));
    expect(share(patient(wary, 6.5))).toBeGreaterThan(0.5);
  });

  test.each([0.001, 0.01, 0.05])('does not burst as the load goes to nothing: %d', (rate) => {
    const result = under(slack, rate, { duration: { kind: 'requests', count: 5000 } });
    expect(share(result)).toBe(0);
    expect(result.timeline.switches.total).toBe(0);
    expect(accuracy(result)).toBe(0.8);
  });

  test.each(['layer', 'request'] as const)('bursts more the higher the load, switching at %ss', (switchAt) => {
    const shares = loads.map((rate) => share(under(slack, rate, { switchAt })));
    for (const [i, value] of shares.entries()) {
      // What one seed's chance may take back, of a share.
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
    'switching at %ss, %s, batches of %d: never worse than never, not better than the oracle',
    (switchAt, order, maxSize) => {
      for (const load of isNightly ? loads : ([0.3, 0.8, 1, 1.3] as const)) {
        const batch = { maxSize, timeoutSeconds: 0 };
        // Four cost as much as two and a half: batching carries 1.6 times the load.
        const batchCost = (size: number) => 0.5 + 0.5 * size;
        const serves = [net(maxSize === 1 ? load : load * 1.6, { batch, batchCost })];
        const options = { switchAt, order, serves };
        const base = attainment(under(never, 0, options));
        const own = attainment(under(slack, 0, options));
        const best = attainment(under(oracle, 0, options));
        // One in two hundred of 30000 requests is beyond what chance leaves between runs of the same traffic.
        expect(own).toBeGreaterThanOrEqual(base - 0.005);
        expect(best).toBeGreaterThanOrEqual(own - 0.005);
      }
    },
  );

  /** Ten layers whose cells cost `seconds`: base thrice, then burst with its weights in place, converted, fetched. */
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
        usedBytes: 1000,
      },
    };
  }

  test.each([0.9, 1.1, 1.3, 1.5])(
    'a change that costs a batch thrice its time is not refused by the oracle: load %d',
    (load) => {
      const dear = conversion(load, [0.1, 0.1, 0.1, 0.055, 0.3, 0.055]);
      const own = attainment(under(slack, 0, dear));
      expect(attainment(under(oracle, 0, dear))).toBeGreaterThanOrEqual(own - 0.005);
      expect(own).toBeGreaterThanOrEqual(attainment(under(never, 0, dear)) - 0.005);
    },
  );

  // Weights that stream in bf16 and pass the quantizer each time: no load is carried better in burst mode.
  test.each([0.8, 0.95, 1.1])('where burst is the slower mode the oracle stays in base: load %d', (load) => {
    const slow = conversion(load, [0.1, 0.1, 0.1, 0.15, 0.3, 0.15]);
    const base = attainment(under(never, 0, slow));
    expect(attainment(under(oracle, 0, slow))).toBeGreaterThanOrEqual(base - 0.005);
    expect(attainment(under(slack, 0, slow))).toBeGreaterThanOrEqual(base - 0.005);
  });

  test('keeps its accuracy above always, and the deadlines, wherever load allows', () => {
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

  test('at layers fewer layers burst than at requests', () => {
    const byLayer = under(slack, 0.85, { switchAt: 'layer' });
    const byRequest = under(slack, 0.85, { switchAt: 'request' });
    expect(first(byLayer.timeline.totals).burst).toBeLessThan(first(byRequest.timeline.totals).burst);
    expect(attainment(byLayer)).toBeGreaterThanOrEqual(attainment(byRequest) - 0.005);
  });

  test('the longer it holds, the fewer changes, and the more burst', () => {
    const held = [0, 1, 4, 16].map((holdSeconds) => under({ kind: 'slack', guardFraction: 0.05, holdSeconds }, 0.9));
    for (let i = 1; i < held.length; i++) {
      const [before, after] = [held[i - 1], held[i]];
      if (before === undefined || after === undefined) throw new Error('four were run');
      expect(after.timeline.switches.total).toBeLessThan(before.timeline.switches.total);
      expect(first(after.timeline.totals).burst).toBeGreaterThan(first(before.timeline.totals).burst);
    }
  });

  test('a wider guard bursts earlier', () => {
    const shares = [0, 0.1, 0.3, 0.6].map((guardFraction) =>
      share(under({ kind: 'slack', guardFraction, holdSeconds: 0 }, 0.9)),
    );
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBeGreaterThan(shares[0] ?? 1);
  });

  test('what base cannot make alone bursts even in an empty system', () => {
    const result = under({ ...slack, holdSeconds: 0 }, 0.01, {
      serves: [net(0.01, { slos: [latencySlo(0.99, 0.8)] })],
      duration: { kind: 'requests', count: 500 },
    });
    expect(share(result)).toBe(1);
    expect(attainment(result)).toBeCloseTo(1, 9);
    // Few layers are enough: a second less 0.2, and the change's own time, at 45 % each.
    expect(first(result.timeline.totals).base).toBeGreaterThan(100);
  });

  test('what burst cannot make either asks for nothing', () => {
    const result = under(slack, 0.01, {
      serves: [net(0.01, { slos: [latencySlo(0.99, 0.5)] })],
      duration: { kind: 'requests', count: 500 },
    });
    expect(share(result)).toBe(0);
  });

  test('without a deadline it is never', () => {
    expect(share(under(slack, 0.95, { serves: [net(0.95, { slos: [] })] }))).toBe(0);
  });

  test('a chip without a burst mode is never', () => {
    for (const burst of [slack, always, oracle]) expect(share(under(burst, 0.95, { canBurst: false }))).toBe(0);
  });

  test('each deadline in one queue counts for itself', () => {
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

describe('controls', () => {
  test('always bursts from the first request, and changes nothing', () => {
    const result = under(always, 0.5);
    expect(share(result)).toBe(1);
    expect(accuracy(result)).toBeCloseTo(0.7, 12);
    expect(result.timeline.switches.total).toBe(0);
  });

  test('queue(n) bursts less the longer the queue that it waits for', () => {
    const shares = [1, 2, 4, 8, 16].map((threshold) => share(under({ kind: 'queue', threshold }, 0.9)));
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeLessThan(shares[i - 1] ?? 0);
  });

  test('queue(0) is always', () => {
    expect(share(under({ kind: 'queue', threshold: 0 }, 0.5))).toBe(1);
  });
});

describe('a change of mode', () => {
  test.each([slack, { kind: 'queue', threshold: 3 }, oracle] as const)(
    '$kind: costs its time, there and back',
    (burst) => {
      const { timeline } = under(burst, 0.9, { duration: { kind: 'requests', count: 2000 } });
      const { total, toBurst } = timeline.switches;
      expect(total).toBeGreaterThan(10);
      // There, back, there: no two of a kind in a row.
      for (const [i, direction] of toBurst.entries()) expect(direction).toBe(i % 2 === 0 ? 1 : 0);
      expect(first(timeline.totals).switching).toBeCloseTo(total * 0.01, 6);
    },
  );
});

describe('the future', () => {
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

  test.each([slack, never, always, { kind: 'queue', threshold: 2 }] as const)('$kind does not read it', (burst) => {
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
  });
});
