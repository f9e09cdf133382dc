import { describe, expect, test } from 'vitest';
import { comparedTexts, formatPercentileSeconds, latencyFloorSeconds, sloMargin } from '../../../design/index.ts';
import { first, latencySlo, poisson, run, serve } from './fixtures.ts';

/*
 * The lowest cell of the histogram contains all very short latencies. They are reported as upper bounds, never as measured
 * values above a limit.
 */

const seconds = 1e-9;
const result = (limitSeconds: number, service = seconds) =>
  first(
    run({ serves: [serve({ seconds: service, arrivals: poisson(100), slos: [latencySlo(0.99, limitSeconds)] })] })
      .serves,
  );

describe('a percentile in the lowest cell of the histogram', () => {
  test('is not longer than the longest request', () => {
    const { latency, series } = result(1e-8);
    expect(latency.p50).toBe(latency.max);
    expect(latency.p999).toBe(latency.max);
    expect(latency.max).toBeCloseTo(seconds, 13);
    expect(series.p99Seconds.every((p99, bucket) => !(p99 > (series.maxSeconds[bucket] ?? 0)))).toBe(true);
  });

  test('has a confidence interval that starts at 0', () => {
    const { low, high } = first(result(1e-8).slos).measured;
    expect(low).toBe(0);
    expect(high).toBe(latencyFloorSeconds);
  });

  test.each<[string, number, number, string, string]>([
    ['within a limit in the same cell', seconds, 1e-8, 'met', 'at most 1 ns'],
    ['within a limit above the cell', seconds, 1e-6, 'met', 'at most 1 ns'],
    ['over a limit in the same cell', seconds, 5e-10, 'violated', 'at most 1 ns'],
    ['in a higher cell', 1e-7, 1e-6, 'met', '99.9 ns'],
  ])('%s', (_, service, limit, verdict, text) => {
    const outcome = first(result(limit, service).slos);
    expect(outcome.verdict).toBe(verdict);
    expect(comparedTexts(outcome).measured).toBe(text);
  });

  test('exceeds a limit by an unknown amount', () => {
    expect(sloMargin(first(result(5e-10).slos))).toBe('above the limit');
  });
});

test.each([
  [latencyFloorSeconds, 'at most 60.1 ns'],
  [2e-9, 'at most 2 ns'],
  [6.02e-8, '60.2 ns'],
  [0, '0 s'],
  [Number.NaN, '–'],
])('the text of a percentile of %d s', (value, text) => {
  expect(formatPercentileSeconds(value)).toBe(text);
});
