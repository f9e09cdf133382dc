import { expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import { forecastsOf } from '../../../simulator/serving/judge/forecast.ts';
import { observationsOf } from '../../../simulator/serving/judge/observations.ts';
import { first, input, origin, poisson, serve } from './fixtures.ts';

/*
 * Whether bursts cause the tail of the latencies. With many bursts in one memory, the queue behaves like Brownian motion, and
 * its tail is that of a queue without bursts.
 */

const bursty = (low: number, high: number, quiet: number, busy: number): Arrivals => ({
  kind: 'bursty',
  lowRatePerSecond: low,
  highRatePerSecond: high,
  meanLowSeconds: quiet,
  meanHighSeconds: busy,
  origin,
});
const diurnal: Arrivals = { kind: 'diurnal', ratePerSecond: 0.1, amplitude: 0.5, periodSeconds: 1e5, origin };

test.each<[string, readonly Arrivals[], boolean]>([
  ['steady traffic', [poisson(0.8)], false],
  ['one burst in a memory, at a load of 0.5', [bursty(0.3, 1.1, 30, 10)], true],
  ['ten bursts in a memory, at a load of 0.8', [bursty(0.48, 1.76, 30, 10)], false],
  ['long bursts at a load of 0.8', [bursty(0.6, 2.6, 3600, 400)], true],
  ['ten bursts in a memory, with periodic traffic', [bursty(0.42, 1.54, 30, 10), diurnal], true],
])('the tail comes from bursts only if they are rare: %s', (_, arrivals, expected) => {
  const serves = arrivals.map((each, at) => serve({ name: `S${at}`, arrivals: each }));
  const observations = observationsOf(first(forecastsOf(input({ serves }))), 1e6);
  expect(observations.tailOfBursts(0.01)).toBe(expected);
});
