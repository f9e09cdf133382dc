import { describe, expect, test } from 'vitest';
import type { Arrivals, Caveat, Slo, Verdict } from '../../design/index.ts';
import { leastLatencySeconds, mostLatencySeconds } from '../../simulator/latency-range.ts';
import type { RunInput } from '../../simulator/serving/index.ts';
import { first, input, latencySlo, origin, run, type ServeOptions, serve } from './serving/fixtures.ts';

function trace(times: readonly number[]): Arrivals {
  return { kind: 'trace', path: 't.csv', speedup: 1, timesSeconds: Float64Array.from(times), origin };
}

const rows: Caveat = { code: 'trace-rows', origin, text: 'Rows.', effect: { kind: 'more-requests', count: 2 } };
const slack = { kind: 'slack', guardFraction: 0.05, holdSeconds: 1e-3 } as const;
const latency = (statistic: Extract<Slo, { metric: 'latency' }>['statistic'], limitSeconds: number): Slo => ({
  metric: 'latency',
  statistic,
  limitSeconds,
  text: 'x',
  origin,
});
const mean = (limit: number) => latency({ kind: 'mean' }, limit);
const max = (limit: number) => latency({ kind: 'max' }, limit);

describe('the range of latencies of a trace with missing rows', () => {
  const times = [0, 0.5, 10, 10];
  const of = (changes: ServeOptions = {}, changed: Partial<RunInput> = {}) =>
    input({ serves: [serve({ arrivals: trace(times), ...changes })], ...changed });
  const two = { maxSize: 2, timeoutSeconds: 0 };
  const cost = (size: number) => (size === 1 ? 1 : 1.5);

  test.each<[string, RunInput, number, number, number]>([
    // The second request waits for 0.5 s, and the fourth for 1 s. No request is faster than 1 s, or 0.5 s in burst mode.
    ['one at a time, nothing missing', of({}, { canBurst: false }), 0, 1, 2],
    ['each missing request adds 1 s', of({}, { canBurst: false }), 3, 1, 5],
    ['a burst mode that is never used', of(), 0, 0.5, 2],
    [
      'a request alone costs the most, and one more request can fill its batch',
      of({ batch: two, batchCost: cost }),
      0,
      0.5,
      3,
    ],
    ['with a timeout', of({ batch: { ...two, timeoutSeconds: 0.25 }, batchCost: cost }), 0, 0.5, 3.75],
    ['the largest cost is that of a request in a batch of two', of({ batch: two, batchCost: (n) => n * n }), 0, 0.5, 6],
    ['a policy that can use burst mode', of({}, { burst: slack }), 0, 0.5, Number.POSITIVE_INFINITY],
    ['another order', of({}, { order: 'sjf' }), 0, 0.5, Number.POSITIVE_INFINITY],
    ['preemption', of({}, { preemption: 'layer' }), 0, 0.5, Number.POSITIVE_INFINITY],
    ['two networks', input({ serves: [first(of().serves), serve()] }), 0, 0.5, Number.POSITIVE_INFINITY],
    ['random traffic', input(), 0, 0.5, Number.POSITIVE_INFINITY],
  ])('%s', (_, given, missing, least, most) => {
    expect(leastLatencySeconds(given, first(given.serves))).toBeCloseTo(least, 12);
    expect(mostLatencySeconds(given, missing)).toBeCloseTo(most, 12);
  });

  // The simulator itself is the reference: no latency of a run with more requests may leave the range.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'contains all latencies of the runs to which requests are added, seed %i',
    (seed) => {
      let state = seed * 7919;
      const random = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
      const burstOf = (size: number) => Array.from({ length: size }, () => random() * 3);
      const batch = { maxSize: 1 + (seed % 4), timeoutSeconds: seed % 3 === 0 ? 0.2 : 0 };
      const recorded = [...burstOf(30), 0].sort((a, b) => a - b);
      const options = { seconds: 0.1, batchCost: (size: number) => 0.6 + 0.4 * size, batch };
      const chips = 1 + (seed % 2);
      const known = input({ chips, canBurst: false, serves: [serve({ ...options, arrivals: trace(recorded) })] });
      for (let missing = 0; missing <= 5; missing++) {
        const most = mostLatencySeconds(known, missing);
        const least = leastLatencySeconds(known, first(known.serves));
        for (let tried = 0; tried < 20; tried++) {
          const arrivals = trace([...recorded, ...burstOf(missing)].sort((a, b) => a - b));
          const slos = [max(1)];
          const whole = run({
            chips,
            canBurst: false,
            warmupFraction: 0,
            duration: { kind: 'auto', maxRequests: 1000 },
            serves: [serve({ ...options, arrivals, slos })],
          });
          const { latency: seen } = first(whole.serves);
          expect(seen.max).toBeLessThanOrEqual(most + 1e-9);
          expect(seen.mean).toBeGreaterThanOrEqual(least - 1e-9);
        }
      }
    },
  );
});

describe('a verdict on a trace with missing rows', () => {
  // A request each 10 s, of 1 s: each latency is 1 s. With two missing requests, at most 3 s.
  const recorded = Array.from({ length: 100 }, (_, index) => index * 10);
  const verdictOf = (slo: Slo, changed: Partial<RunInput> = {}): Verdict | undefined => {
    const serves = [serve({ arrivals: trace(recorded), slos: [slo] })];
    const given = {
      serves,
      warmupFraction: 0,
      duration: { kind: 'auto', maxRequests: 1000 },
      caveats: [rows],
      canBurst: false,
    } as const;
    const result = run({ ...given, ...changed });
    expect(result.caveats).toContain(rows);
    return first(result.serves).slos[0]?.verdict;
  };

  test.each<[string, Slo, Partial<RunInput>, Verdict]>([
    ['no request can be so fast: percentile', latencySlo(0.5, 0.9), {}, 'violated'],
    ['no request can be so fast: mean', mean(0.9), {}, 'violated'],
    ['no request can be so fast: max', max(0.9), {}, 'violated'],
    ['all requests are so fast: percentile', latencySlo(0.99, 3.1), {}, 'met'],
    ['all requests are so fast: mean', mean(3.1), {}, 'met'],
    ['all requests are so fast: max', max(3.1), {}, 'met'],
    ['a missing request could be slower', max(2.9), {}, 'undecided'],
    ['a policy could use burst mode', max(3.1), { canBurst: true, burst: slack }, 'undecided'],
    // In burst mode, a request takes 0.5 s.
    ['too fast for burst mode as well', latencySlo(0.5, 0.4), { canBurst: true, burst: slack }, 'violated'],
    [
      'a caveat with an unknown effect',
      max(3.1),
      { caveats: [rows, { ...rows, effect: { kind: 'any' } }] },
      'undecided',
    ],
  ])('%s', (_, slo, changed, expected) => {
    expect(verdictOf(slo, changed)).toBe(expected);
  });
});
