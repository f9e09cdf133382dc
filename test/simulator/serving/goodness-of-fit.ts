/**
 * Kolmogorov's distance between a sample and a distribution, times the square root of the sample size. It exceeds 1.95 with
 * probability 1/1000.
 */
export function kolmogorov(sample: readonly number[], below: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const expected = below(sorted[i] as number);
    distance = Math.max(distance, expected - i / n, (i + 1) / n - expected);
  }
  return distance * Math.sqrt(n);
}

/** Pearson's statistic, and the value that it exceeds with probability 1/1000 (Wilson and Hilferty, 1931). */
export function chiSquare(
  observed: readonly number[],
  expected: readonly number[],
): { statistic: number; limit: number } {
  let statistic = 0;
  for (const [i, count] of observed.entries())
    statistic += (count - (expected[i] as number)) ** 2 / (expected[i] as number);
  const degrees = observed.length - 1;
  const limit = degrees * (1 - 2 / (9 * degrees) + 3.09 * Math.sqrt(2 / (9 * degrees))) ** 3;
  return { statistic, limit };
}
