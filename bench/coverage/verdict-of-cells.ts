/*
 * Tests whether a perfect method could give the results of a table of many cells. Each cell counts failures over several seeds. A
 * correct method fails with at most the stated probability. But among many cells, some are unlucky, so one test covers all cells.
 * We use Holm's method (Scandinavian Journal of Statistics 6, 1979) with exact binomial tails. It keeps the probability that a
 * perfect method fails in any cell below the stated level.
 */

/** The probability P(Binomial(trials, chance) >= failures). */
export function binomialTail(trials: number, chance: number, failures: number): number {
  if (failures <= 0) return 1;
  let log = 0;
  for (let i = 0; i < failures; i++) log += Math.log((trials - i) / (i + 1));
  let term = Math.exp(log + failures * Math.log(chance) + (trials - failures) * Math.log(1 - chance));
  let sum = 0;
  for (let k = failures; k <= trials; k++) {
    sum += term;
    term *= ((trials - k) / (k + 1)) * (chance / (1 - chance));
    if (term < 1e-18 * sum) break;
  }
  return sum;
}

export interface Count {
  readonly name: string;
  readonly trials: number;
  readonly failures: number;
}

/**
 * The cells with more failures than a method with the failure probability `chance` would show, at a family-wise
 * `level`.
 */
export function unlikely(counts: readonly Count[], chance: number, level: number): readonly Count[] {
  const ranked = counts
    .map((count) => ({ count, tail: binomialTail(count.trials, chance, count.failures) }))
    .toSorted((a, b) => a.tail - b.tail);
  const found: Count[] = [];
  for (const [place, { count, tail }] of ranked.entries()) {
    if (tail > level / (ranked.length - place)) break;
    found.push(count);
  }
  return found;
}
