import { exactExp, exactLog } from '../exact-math.ts';

/*
 * LoadGen's early stopping (mlcommons/inference, loadgen/early_stopping.cc and its document): after a run with t late queries a
 * percentile p is taken as met if, were it exactly met, so few late ones among so many would be rarer than 1 - confidence. It takes
 * queries for independent, which queued ones are not: offered beside our own verdict, as MLPerf's submitters know it.
 */

/** ln Gamma(x) for x >= 1, by Stirling's series behind a shift to x >= 16. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 16) {
    shift += exactLog(y);
    y++;
  }
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
  return (y - 0.5) * exactLog(y) - y + 0.9189385332046728 + series - shift;
}

/** P(Binomial(n, q) <= t), summed from the largest term downwards. */
function binomialAtMost(n: number, q: number, t: number): number {
  if (t >= n) return 1;
  // Terms grow up to the mode; beyond it the sum is taken of the other tail.
  if (t > (n + 1) * q) return 1 - binomialAtMost(n, 1 - q, n - t - 1);
  const logTerm = logGamma(n + 1) - logGamma(t + 1) - logGamma(n - t + 1) + t * exactLog(q) + (n - t) * exactLog(1 - q);
  let term = 1;
  let sum = 1;
  for (let k = t; k > 0; k--) {
    term *= (k * (1 - q)) / ((n - k + 1) * q);
    sum += term;
    if (term < 1e-18 * sum) break;
  }
  return exactExp(logTerm) * sum;
}

/** h(t): with t late queries, the fewest in time, so that h + t queries in all pass percentile p at a confidence. */
export function earlyStoppingInTime(late: number, percentile: number, confidence: number): number {
  const passes = (inTime: number) => binomialAtMost(inTime + late, 1 - percentile, late) <= 1 - confidence;
  let high = 1;
  while (!passes(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return high;
}
