import { expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { LinearStepCost } from '../../../simulator/sequences/index.ts';
import { requestWork } from '../../../simulator/serving/index.ts';
import { origin, poisson } from './fixtures.ts';
import { constant, MILLISECOND, wide } from './token-fixtures.ts';

const cost = new LinearStepCost({ fixed: MILLISECOND });
const recorded = { kind: 'recorded' } as const;

function trace(outputTokens: number): Arrivals {
  const [timesSeconds, tokens] = [new Float64Array([0]), (count: number) => new Float32Array([count])];
  const path = 'day.csv';
  return {
    kind: 'trace',
    path,
    speedup: 1,
    timesSeconds,
    origin,
    promptTokens: tokens(100),
    outputTokens: tokens(outputTokens),
  };
}

/* The work of requests is kept by cost, so each test compares one request with another at the same cost. */
test('the work of a request depends on its tokens and on the limits, but not on the load', () => {
  const work = (out: number, sequences: number, rps = 10) =>
    requestWork({ inputTokens: constant(100), outputTokens: constant(out) }, poisson(rps), { ...wide, sequences }, cost)
      .meanSeconds;
  expect(work(40, 64)).toBeGreaterThan(work(20, 64));
  expect(work(20, 32)).toBeGreaterThan(work(20, 64));
  expect(work(20, 64, 20)).toBe(work(20, 64, 10));
});

test('the work of the requests of a trace depends on the trace', () => {
  const work = (out: number) =>
    requestWork({ inputTokens: recorded, outputTokens: recorded }, trace(out), wide, cost).meanSeconds;
  expect(work(40)).toBeGreaterThan(work(20));
});
