import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../../design/index.ts';
import { type RunInput, simulateRun } from '../../../simulator/serving/index.ts';
import { input, latencySlo, poisson, serve } from './fixtures.ts';
import { tokenServe } from './token-fixtures.ts';

/*
 * A sweep runs thousands of designs and draws none. Its runs leave out what only plots need, and reuse the arrays of the run before. Neither may
 * change a number.
 */

const slos = [latencySlo(0.99, 3), latencySlo(0.5, 1.5)];
const requests = (count: number) => ({ duration: { kind: 'requests', count } as const });

const cases: Readonly<Record<string, Partial<RunInput>>> = {
  'light load': { ...requests(3000), serves: [serve({ arrivals: poisson(0.3), slos })] },
  'overload, where the buckets double': { ...requests(3000), serves: [serve({ arrivals: poisson(4), slos })] },
  'two chips in burst mode': {
    ...requests(2000),
    chips: 2,
    burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
  },
  'several networks': {
    ...requests(2000),
    order: 'edf',
    serves: [0, 1, 2].map((model) => serve({ name: `N${model}`, arrivals: poisson(0.25), slos, model })),
  },
  'a language model in burst mode': {
    ...requests(1000),
    burst: { kind: 'queue', threshold: 1 },
    serves: [tokenServe({ limits: { sequences: 1 }, base: { fixed: 5e9 }, burst: { fixed: 2e9 } }, { slos })],
  },
  'a length that the verdicts decide': { duration: { kind: 'auto', maxRequests: 200_000 } },
};

/** Everything except what plots need. */
function numbersOf(run: RunResult | undefined): unknown {
  if (run === undefined) throw new Error('the run was cancelled');
  const { timeline, series: _, wattsOverTime: __, ...rest } = run;
  const serves = rest.serves.map(({ series: _, distribution: __, accuracyOverTime: ___, tokens, ...numbers }) => ({
    ...numbers,
    tokens: tokens === undefined ? undefined : { ...tokens, kvOverTime: undefined, series: undefined },
  }));
  return { ...rest, serves, switches: timeline.switches.total };
}

/** Seconds in which each chip is busy in base mode, in burst mode, or switches. A run for its measures counts conversions as burst mode. */
function busySeconds(run: RunResult | undefined): readonly number[] {
  return (run?.timeline.totals ?? []).flatMap(({ base, burst, quantizing, switching }) => [
    base,
    burst + quantizing,
    switching,
  ]);
}

describe('a run for its measures only', () => {
  test.each(Object.entries(cases))('%s: the same numbers as with plots', (_, options) => {
    const whole = simulateRun(input(options));
    const bare = simulateRun(input(options), { measuresOnly: true });
    expect(numbersOf(bare)).toEqual(numbersOf(whole));
    const seconds = busySeconds(whole);
    expect(busySeconds(bare)).toEqual(seconds.map((one) => expect.closeTo(one, 6)));
    expect(Math.max(...seconds)).toBeGreaterThan(0);
    expect(bare?.timeline.segments.startSeconds.length).toBe(0);
    expect(bare?.serves[0]?.series.arrived.length).toBe(0);
    expect(bare?.serves[0]?.tokens?.kvOverTime.values.length ?? 0).toBe(0);
    expect(whole?.serves[0]?.series.arrived.length).toBeGreaterThan(0);
  });

  test('a run gives the same result after other runs, finished or cancelled, in the arrays that they used', () => {
    const [first] = Object.values(cases);
    const before = simulateRun(input(first));
    for (const options of Object.values(cases)) simulateRun(input(options), { measuresOnly: true });
    let polls = 0;
    const long = input({ ...cases['overload, where the buckets double'], ...requests(50_000) });
    expect(simulateRun(long, { isCancelled: () => polls++ > 1 })).toBe(undefined);
    expect(polls).toBeGreaterThan(2);
    expect(simulateRun(input(first))).toEqual(before);
  });
});
