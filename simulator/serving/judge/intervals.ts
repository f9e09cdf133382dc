import type { Interval, TimeIntervals, TimeStatistic } from '../../../design/index.ts';
import { servedAccuracy } from './accuracy-verdict.ts';
import { meanLatency, percentileRange } from './latency-verdict.ts';
import { largestLatency, type MeasuredServe } from './measured-serve.ts';
import { measuredRate } from './rate-verdict.ts';

/*
 * The confidence intervals of all measures of a run, without objectives. Each is equal to the interval of an objective on the same
 * measure, for any limit.
 */

const fractions: Readonly<Record<Exclude<TimeStatistic, 'mean' | 'max'>, number>> = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  'p99.9': 0.999,
};

/** The intervals of a time: seconds. */
export function timeIntervals(measured: MeasuredServe): TimeIntervals {
  const largest = largestLatency(measured);
  const percentile = (statistic: keyof typeof fractions) => percentileRange(fractions[statistic], largest, measured);
  return {
    mean: plain(meanLatency(measured)),
    p50: percentile('p50'),
    p90: percentile('p90'),
    p95: percentile('p95'),
    p99: percentile('p99'),
    'p99.9': percentile('p99.9'),
    // A longer run can see a larger one.
    max: { low: largest, high: Number.POSITIVE_INFINITY },
  };
}

/** The interval of a rate: requests per second, or tokens per second if the recorder counts tokens. */
export function rateInterval(metric: 'throughput' | 'goodput', measured: MeasuredServe): Interval {
  return plain(measuredRate(metric, measured));
}

/** The interval of the served accuracy: a fraction of 1. */
export function accuracyInterval(measured: MeasuredServe): Interval {
  return servedAccuracy(0, measured).range;
}

function plain({ low, high }: Interval): Interval {
  return { low, high };
}
