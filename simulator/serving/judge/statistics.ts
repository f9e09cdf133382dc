import { exactExp, exactLog } from '../exact-math.ts';

/*
 * Intervals for means of correlated data. Queued requests are not independent: a late one stands among late ones. So the run is cut
 * into batches of time, and the variance of the mean comes from how batches differ (batch means; Law and Kelton, Simulation
 * Modeling and Analysis, 9.5.3). Only exactly rounded operations: a verdict, and with it the end of a run, must not hang on a platform.
 */

/** P(Z <= x) of the standard normal, by its series around 0; good to 1e-15 absolutely for |x| < 7. */
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

/** z with P(|Z| <= z) = confidence. */
function normalQuantile(confidence: number): number {
  let low = 0;
  let high = 7;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (2 * normalBelow(middle) - 1 < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Two-sided Student t quantile by Fisher's expansion around the normal's (Abramowitz and Stegun 26.7.5): 1 % off at 9 degrees and 99.9 %. */
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

/** Student's quantile of so many degrees is the normal's. */
export const MANY_DEGREES = 1e9;

/** A ratio of sums over batches, its variance, and how many independent batches that was told by, less one. */
export interface RatioEstimate {
  readonly value: number;
  readonly variance: number;
  readonly degrees: number;
}

/** Fewer groups than this say too little about their own variance. */
const FEWEST_GROUPS = 12;
/** Below, Fisher's expansion of Student's quantile is no longer good. */
const FEWEST_DEGREES = 3;
/** So strongly do neighbours hang together at the most, as far as some dozen batches can tell. */
const MOST_CORRELATION = 0.95;

function differences(x: Float64Array, n: Float64Array, value: number): Float64Array {
  return x.map((sum, i) => sum - value * (n[i] as number));
}

/**
 * How alike neighbouring batches are: the correlation of a ratio's deviations in batches side by side, less what a short series
 * makes of it (Marriott and Pope, Biometrika 41, 1954: it comes out too small by (1 + 3 r) / batches). Never negative.
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
 * sum(x) / sum(n) over batches. Batches that are shorter than the correlation look too much alike, and the variance that their scatter
 * gives is too small. Two ways to see that, the larger variance counts: neighbours are joined, two and four at a time; and batches
 * that hang together by r from one to the next have (1 + r) / (1 - r) times the variance, and are that many times fewer
 * (a first-order autoregression).
 */
export function ratioEstimate(x: Float64Array, n: Float64Array): RatioEstimate {
  const sumN = sumOf(n);
  const value = sumOf(x) / sumN;
  const count = x.length;
  // A batch without a request says nothing about requests, and a single one with some nothing about its own scatter.
  let told = 0;
  for (const weight of n) if (weight > 0) told++;
  if (!(sumN > 0) || told < 2) return { value, variance: Number.POSITIVE_INFINITY, degrees: 1 };
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
  const degrees = Math.max(Math.min(FEWEST_DEGREES, told - 1), Math.floor(told / growth) - 1);
  return { value, variance: Math.max(variance, single * growth), degrees };
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Student interval of a mean; `widening` multiplies its lower half. */
export function meanRange(estimate: RatioEstimate, confidence: number, widening = 1): Range {
  const half = studentQuantile(confidence, estimate.degrees) * Math.sqrt(estimate.variance);
  // Also by Infinity: then 0 would be no number.
  if (half === 0) return { low: estimate.value, high: estimate.value };
  return { low: estimate.value - half * widening, high: estimate.value + half };
}

/**
 * Wilson's interval of a proportion of `count` requests, as if there were only as many independent ones as their variance says:
 * `inflation` is that variance over the independent one. Holds up where none, or all, were hit.
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
 * Between which shares of a sample a true share `q` comes to lie, in as many independent trials as `effective`: normal, with the skewness that few
 * trials give it (Cornish and Fisher's first term). `low` is -Infinity where so few trials rule nothing out: then none may be hit.
 */
export function criticalShares(q: number, effective: number, t: number): Range {
  const half = t * Math.sqrt((q * (1 - q)) / effective);
  const skew = (Math.max(0, t * t - 1) * Math.max(0, 1 - 2 * q)) / (6 * effective);
  const low = q - half + skew;
  return { low: half < q && low > 0 ? low : Number.NEGATIVE_INFINITY, high: q + half + skew };
}

/*
 * How far below the truth a run of few memories can be. Reflected Brownian motion that was simulated for 1 to 64 memories, 10,000 times and more each,
 * shows at least 1 / (1 + u / 2)^2 of its mean, and at least 1 / (1 + 2 u) of its 99th percentile, with u = z / sqrt(memories), at 90 to 99.95 % to within
 * a few per cent (bench/coverage.ts holds both on queues). Both have the slope of the normal approximation for many memories.
 */

/** The most that a mean can be, over what a run of so many independent observations measured; z is the normal quantile of the confidence. */
export function meanCeiling(observations: number, z: number): number {
  const root = 1 + z / Math.sqrt(observations) / 2;
  return root * root;
}

/**
 * The same for a percentile of a tail that falls like an exponential, `q` of the requests beyond it. At a lower load fewer requests wait at all, and the
 * percentile lies earlier in that tail, where a share changes less from one latency to the next: P(wait > x) is about load^2 exp(-x / scale). Beyond a
 * hundredth a run of few memories has not seen the percentile at all; then it grows like the exponential's own. Infinity where hardly more requests than
 * `q` wait.
 */
export function quantileCeiling(q: number, observations: number, z: number, load: number): number {
  const u = z / Math.sqrt(observations);
  const scales = exactLog((load * load) / q);
  if (scales < 0.5) return Number.POSITIVE_INFINITY;
  // The error of the share over what the share changes for a relative change of the percentile: 2 at a hundredth, close to saturation.
  const slope = Math.max(1, (0.92 * (1 - q)) / (Math.sqrt(q) * scales));
  if (q >= 0.01) return 1 + slope * u;
  return 1 + Math.min(slope * u, quantileCeiling(0.01, observations, z, load) * (exactLog(q) / exactLog(0.01)) - 1);
}

/** Variance of an estimated proportion over that of independent trials; NaN where none or all were hit. */
export function inflationOf(estimate: RatioEstimate, count: number): number {
  const independent = (estimate.value * (1 - estimate.value)) / count;
  return independent > 0 ? estimate.variance / independent : Number.NaN;
}
