import { exactExp, exactLog } from '../exact-math.ts';

/*
 * Confidence intervals for means of correlated data. Queued requests are not independent: late requests come in groups. So
 * we divide the run into intervals of time, called batches here as in the literature. The differences between the batches
 * give the variance of the mean (batch means; Law and Kelton, Simulation Modeling and Analysis, section 9.5.3). All
 * operations are rounded exactly, so a verdict and the end of a run are the same on every platform.
 */

/**
 * P(Z <= x) of the standard normal distribution, from its series around 0. The absolute error is below 1e-15 for |x| <
 * 7.
 */
function normalBelow(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 400; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
    if (Math.abs(term) < 1e-18 * Math.abs(sum)) break;
  }
  return 0.5 + 0.3989422804014327 * exactExp((-x * x) / 2) * sum;
}

/** A run has few confidences, and a sweep has many intervals. The quantile takes as long as hundreds of requests. */
const quantiles = new Map<number, number>();
/** Our assumption: more than the confidences of a file with many scenarios. */
const mostQuantiles = 64;

/** The z for which P(|Z| <= z) equals the confidence. */
function normalQuantile(confidence: number): number {
  const known = quantiles.get(confidence);
  if (known !== undefined) return known;
  if (quantiles.size >= mostQuantiles) quantiles.clear();
  const found = bisectedQuantile(confidence);
  quantiles.set(confidence, found);
  return found;
}

function bisectedQuantile(confidence: number): number {
  let low = 0;
  let high = 7;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (2 * normalBelow(middle) - 1 < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The two-sided quantile of Student's t distribution, from Fisher's expansion around the normal quantile (Abramowitz and
 * Stegun 26.7.5). Its error is 1 % with 9 degrees of freedom and a confidence of 99.9 %.
 */
export function studentQuantile(confidence: number, degrees: number): number {
  const z = normalQuantile(confidence);
  const z2 = z * z;
  const g1 = (z * (z2 + 1)) / 4;
  const g2 = (z * (3 + z2 * (16 + 5 * z2))) / 96;
  const g3 = (z * (-15 + z2 * (17 + z2 * (19 + 3 * z2)))) / 384;
  const g4 = (z * (-945 + z2 * (-1920 + z2 * (1482 + z2 * (776 + 79 * z2))))) / 92160;
  const d = degrees;
  return z + (g1 + (g2 + (g3 + g4 / d) / d) / d) / d;
}

/** With this many degrees of freedom, Student's quantile equals the normal quantile. */
export const MANY_DEGREES = 1e9;

/**
 * A ratio of sums over batches, its variance, and its degrees of freedom (the number of independent batches minus one).
 */
export interface RatioEstimate {
  readonly value: number;
  readonly variance: number;
  readonly degrees: number;
}

/** With fewer groups than this, the estimate of their variance is too inaccurate. Our assumption. */
const FEWEST_GROUPS = 12;
/** With fewer degrees of freedom, Fisher's expansion of Student's quantile is too inaccurate. */
const FEWEST_DEGREES = 3;
/**
 * The largest correlation of neighbouring batches that we use. Our assumption: a few dozen batches cannot show a larger
 * one.
 */
const MOST_CORRELATION = 0.95;

function differences(x: Float64Array, n: Float64Array, value: number): Float64Array {
  return x.map((sum, i) => sum - value * (n[i] as number));
}

/**
 * The correlation between the deviations of neighbouring batches, never negative. A short series underestimates it by
 * (1 + 3 r) / batches (Marriott and Pope, Biometrika 41, 1954), so we add this amount.
 */
function neighbourCorrelation(x: Float64Array, n: Float64Array): number {
  const count = x.length;
  const sumN = sumOf(n);
  if (!(sumN > 0) || count < 4) return 0;
  const d = differences(x, n, sumOf(x) / sumN);
  let squares = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    squares += (d[i] as number) * (d[i] as number);
    if (i > 0) products += (d[i] as number) * (d[i - 1] as number);
  }
  if (squares === 0) return 0;
  const r = products / squares;
  return Math.min(MOST_CORRELATION, Math.max(0, r + (1 + 3 * r) / count));
}

function sumOf(column: Float64Array): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}

/**
 * sum(x) / sum(n) over batches. If the batches are shorter than the correlation time, they are too similar, and the variance
 * from their differences is too small. Two methods correct this, and the larger variance counts:
 *
 * - It joins two neighbouring batches, then four.
 * - It assumes a first-order autoregression. If neighbours have the correlation r, the variance is (1 + r) / (1 - r) times
 *   as large, and the number of independent batches is smaller by the same factor.
 */
export function ratioEstimate(x: Float64Array, n: Float64Array): RatioEstimate {
  const sumN = sumOf(n);
  const value = sumOf(x) / sumN;
  const count = x.length;
  // A batch without requests gives no information, and one batch with requests gives none about the variance.
  let filled = 0;
  for (const weight of n) if (weight > 0) filled++;
  if (!(sumN > 0) || filled < 2) return { value, variance: Number.POSITIVE_INFINITY, degrees: 1 };
  const d = differences(x, n, value);
  let variance = 0;
  let single = 0;
  for (let join = 1; join <= 4; join *= 2) {
    const groups = Math.floor(count / join);
    if (join > 1 && groups < FEWEST_GROUPS) break;
    let squares = 0;
    for (let group = 0; group < groups; group++) {
      const end = group === groups - 1 ? count : (group + 1) * join;
      let difference = 0;
      for (let i = group * join; i < end; i++) difference += d[i] as number;
      squares += difference * difference;
    }
    const joined = ((groups / (groups - 1)) * squares) / (sumN * sumN);
    if (join === 1) single = joined;
    variance = Math.max(variance, joined);
  }
  const r = neighbourCorrelation(x, n);
  const growth = (1 + r) / (1 - r);
  const degrees = Math.max(Math.min(FEWEST_DEGREES, filled - 1), Math.floor(filled / growth) - 1);
  return { value, variance: Math.max(variance, single * growth), degrees };
}

/** A range of values, usually a confidence interval. An end can be infinite. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Student's confidence interval of a mean. `widening` multiplies its lower half. */
export function meanRange(estimate: RatioEstimate, confidence: number, widening = 1): Range {
  const half = studentQuantile(confidence, estimate.degrees) * Math.sqrt(estimate.variance);
  // `widening` can be Infinity, and 0 times Infinity is NaN.
  if (half === 0) return { low: estimate.value, high: estimate.value };
  return { low: estimate.value - half * widening, high: estimate.value + half };
}

/**
 * Wilson's confidence interval of a proportion of `count` requests. `inflation`: the variance of the proportion divided by
 * its variance with independent requests. The interval uses `count / inflation` independent requests. It is also valid for
 * a measured proportion of 0 or 1.
 */
export function proportionRange(
  value: number,
  count: number,
  inflation: number,
  degrees: number,
  confidence: number,
): Range {
  const t = studentQuantile(confidence, degrees);
  const effective = count / Math.max(1, inflation);
  if (!(effective > 0)) return { low: 0, high: 1 };
  const t2 = (t * t) / effective;
  const centre = (value + t2 / 2) / (1 + t2);
  const half = Math.sqrt(value * (1 - value) * t2 + (t2 * t2) / 4) / (1 + t2);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * The range of shares that a sample of `effective` independent trials shows if the true share is `q`. It is the normal range
 * with a correction for the skewness of few trials (the first term of Cornish and Fisher). `low` is -Infinity if a share of 0
 * is possible.
 */
export function criticalShares(q: number, effective: number, t: number): Range {
  const half = t * Math.sqrt((q * (1 - q)) / effective);
  const skew = (Math.max(0, t * t - 1) * Math.max(0, 1 - 2 * q)) / (6 * effective);
  const low = q - half + skew;
  return { low: half < q && low > 0 ? low : Number.NEGATIVE_INFINITY, high: q + half + skew };
}

/*
 * How far a short run can be below the true value. The length of a run is measured in memories of its queue, see
 * queue-memory.ts. We simulated reflected Brownian motion for 1 to 64 memories, at least 10,000 times each. With
 * u = z / sqrt(memories), such a run shows at least 1 / (1 + u / 2)^2 of the true mean, and at least 1 / (1 + 2 u) of the
 * true 99th percentile. This agrees within a few per cent for confidences from 90 to 99.95 %. bench/coverage.ts checks both
 * formulas on queues. For many memories, both have the slope of the normal approximation.
 */

/**
 * The largest possible true mean, divided by the measured mean of a run with this number of independent observations. z is
 * the normal quantile of the confidence.
 */
export function meanCeiling(observations: number, z: number): number {
  const root = 1 + z / Math.sqrt(observations) / 2;
  return root * root;
}

/**
 * Like `meanCeiling`, for a percentile of an exponential tail. `q`: the share of requests beyond the percentile. At a lower
 * load, fewer requests wait, and the percentile is earlier in the tail, where the share changes less with the latency:
 * P(wait > x) is about load^2 exp(-x / scale). If `q` is below 1/100, a run of few memories does not include the percentile,
 * so the result grows like that of an exponential distribution. Infinity if hardly more requests than `q` wait.
 */
export function quantileCeiling(q: number, observations: number, z: number, load: number): number {
  const u = z / Math.sqrt(observations);
  const scales = exactLog((load * load) / q);
  if (scales < 0.5) return Number.POSITIVE_INFINITY;
  // The error of the share, divided by the change of the share for a relative change of the percentile. It is 2 for q =
  // 1/100
  // close to saturation.
  const slope = Math.max(1, (0.92 * (1 - q)) / (Math.sqrt(q) * scales));
  if (q >= 0.01) return 1 + slope * u;
  return 1 + Math.min(slope * u, quantileCeiling(0.01, observations, z, load) * (exactLog(q) / exactLog(0.01)) - 1);
}

/**
 * The variance of an estimated proportion, divided by the variance with independent trials. NaN for a proportion of 0
 * or 1.
 */
export function inflationOf(estimate: RatioEstimate, count: number): number {
  const independent = (estimate.value * (1 - estimate.value)) / count;
  return independent > 0 ? estimate.variance / independent : Number.NaN;
}
