import { expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { first, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/* Whether a run reports that its chips fall behind. One chip completes one request per second. */

const p99 = latencySlo(0.99, 20);
const bursty = (low: number, high: number): Arrivals => ({
  kind: 'bursty',
  lowRatePerSecond: low,
  highRatePerSecond: high,
  meanLowSeconds: 90,
  meanHighSeconds: 30,
  origin,
});
const diurnal = (meanPerSecond: number, amplitude: number, periodSeconds: number): Arrivals => ({
  kind: 'diurnal',
  ratePerSecond: meanPerSecond,
  amplitude,
  periodSeconds,
  origin,
});

const measured = (arrivals: Arrivals, seconds: number) =>
  first(run({ serves: [serve({ arrivals, slos: [p99] })], duration: { kind: 'time', seconds } }).serves);

test.each<[string, Arrivals, number, boolean]>([
  ['random traffic far below saturation', poisson(0.5), 20_000, false],
  ['random traffic near saturation', poisson(0.95), 20_000, false],
  ['random traffic above saturation', poisson(1.2), 20_000, true],
  ['bursts above saturation that the quiet phases make up for', bursty(0.4, 1.6), 20_000, false],
  ['bursts with a mean above saturation', bursty(0.9, 2.5), 20_000, true],
  ['half a day whose peak the chip can carry', diurnal(0.6, 0.5, 20_000), 10_000, false],
  ['half a day that brings more requests than the chip completes', diurnal(0.9, 0.5, 20_000), 10_000, true],
  ['two days whose peaks overload the chip for a time', diurnal(0.8, 0.5, 20_000), 40_000, false],
])('%s', (_, arrivals, seconds, expected) => {
  const { backlog, counts } = measured(arrivals, seconds);
  expect(backlog !== undefined).toBe(expected);
  if (backlog === undefined) return;
  expect(backlog.completedRps).toBeCloseTo(1, 1);
  expect(backlog.arrivedRps).toBeGreaterThan(1.05);
  expect(counts.queued).toBeGreaterThan(300);
});

test('an objective that a run violates while its queue grows has both rates, also if no bound proves the overload', () => {
  // A queue threshold that is never reached: the bound assumes burst mode, which would be fast enough.
  const { serves } = run({
    burst: { kind: 'queue', threshold: 100_000 },
    serves: [serve({ arrivals: poisson(1.2), slos: [p99] })],
    duration: { kind: 'time', seconds: 20_000 },
  });
  const outcome = first(first(serves).slos);
  expect(outcome).toMatchObject({ verdict: 'violated' });
  expect(outcome.overload).toBeUndefined();
  expect(outcome.backlog?.completedRps).toBeCloseTo(1, 1);
  expect(outcome.backlog?.arrivedRps).toBeCloseTo(1.2, 1);
});
