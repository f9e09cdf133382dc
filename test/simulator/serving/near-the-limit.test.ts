import { expect, test } from 'vitest';
import { first, latencySlo, poisson, run, serve } from './fixtures.ts';

/*
 * A measured percentile is on the same side of the limit as the count of late requests, even if the limit and the percentile
 * are in the same cell of the histogram.
 */

test.each([
  ['a service time below the lowest cell of the histogram', 1e-9, 1e-8, 'met', 1e-9],
  ['a service time below the lowest cell that exceeds its limit', 1e-9, 0.9e-9, 'violated', 1e-9],
  ['a limit slightly above the service time, in the same cell', 1, 1.0001, 'met', 1],
  ['a limit slightly below the service time, in the same cell', 1, 0.9999, 'violated', 1],
] as const)('the percentile is on the right side of the limit: %s', (_, seconds, limit, verdict, value) => {
  const serves = [serve({ seconds, arrivals: poisson(1e-6 / seconds), slos: [latencySlo(0.9, limit)] })];
  const result = first(run({ serves, duration: { kind: 'requests', count: 50_000 } }).serves);
  const outcome = first(result.slos);
  expect(outcome.verdict).toBe(verdict);
  expect(outcome.measured.value <= limit).toBe(verdict === 'met');
  expect(Math.abs(outcome.measured.value / value - 1)).toBeLessThan(0.004);
});
