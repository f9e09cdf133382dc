import { exactExp, exactLog } from '../exact-math.ts';

/*
 * The early-stopping rule of LoadGen (mlcommons/inference, loadgen/early_stopping.cc and its document). A run with t late
 * queries passes the percentile p if t or fewer late queries would have a probability below 1 - confidence for a system that
 * meets p exactly. The rule assumes independent queries, but queued queries are correlated. We report it in addition to our
 * own verdict, because submitters of MLPerf results know it.
 */

/** ln Gamma(x) for x >= 1, from Stirling's series after a shift to x >= 16. */
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

/** P(Binomial(n, q) <= t). It adds the terms from the largest one downwards. */
function binomialAtMost(n: number, q: number, t: number): number {
  if (t >= n) return 1;
  // The terms grow up to the mode of the distribution. For a t above the mode, add the terms of the other tail.
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

/**
 * The smallest number h of queries in time, so that h + t queries with t late ones pass the percentile p at a
 * confidence.
 */
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
