import { formatSeconds } from './quantity-text.ts';

/**
 * The end of the lowest cell of the latency histogram, in seconds: 60 ns. The exact value of a percentile in this cell is
 * unknown, so it is reported as an upper bound. Means and maxima are exact.
 */
export const latencyFloorSeconds = 2 ** -24 * (1 + 1 / 128);

/** A percentile of latency as text: "15.2 ms", or "at most 60.1 ns" where it is an upper bound. */
export function formatPercentileSeconds(seconds: number, digits = 3): string {
  const text = formatSeconds(seconds, digits);
  return seconds > 0 && seconds <= latencyFloorSeconds ? `at most ${text}` : text;
}
