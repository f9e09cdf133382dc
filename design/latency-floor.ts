import { formatSeconds } from './quantity-text.ts';

/**
 * Percentiles of latency come out of a histogram whose lowest cell ends here, in seconds: 60 ns. A percentile at or below it is only known to lie in
 * that cell, so it is reported as an upper bound. Means and maxima are exact.
 */
export const latencyFloorSeconds = 2 ** -24 * (1 + 1 / 128);

/** A percentile of latency as text: "15.2 ms", or "at most 60.1 ns" where it is an upper bound. */
export function formatPercentileSeconds(seconds: number, digits = 3): string {
  const text = formatSeconds(seconds, digits);
  return seconds > 0 && seconds <= latencyFloorSeconds ? `at most ${text}` : text;
}
