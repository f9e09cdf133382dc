/*
 * Whether a table of many cells is what a perfect method would give. Each cell counts failures among some seeds, and a method that keeps its word
 * fails with at most the stated chance. Of many cells some are unlucky, so all are judged together: Holm's method (Scand. J. Statist. 6, 1979) on
 * exact binomial tails keeps the chance that a perfect method is called faulty anywhere below the stated level.
 */

/** P(Binomial(trials, chance) >= failures). */
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

/** The counts that a method which fails with at most `chance` would not give, at a family-wise `level`. */
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
