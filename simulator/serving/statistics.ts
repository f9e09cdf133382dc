import { exactExp } from './exact-math.ts';

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
export function normalQuantile(confidence: number): number {
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

/** A ratio of sums over batches, and the variance that batches of growing size make it have. */
export interface RatioEstimate {
  readonly value: number;
  readonly variance: number;
  readonly degrees: number;
}

/** Fewer groups than this say too little about their own variance. */
const FEWEST_GROUPS = 12;

/**
 * sum(x) / sum(n) over batches. Batches that are shorter than the correlation look too much alike, and their variance is too small: so
 * neighbours are joined, two and four at a time, and the largest variance counts; where it still grows with the length of the
 * batches, the growth is carried on as the geometric series that an exponential correlation makes.
 */
export function ratioEstimate(x: Float64Array, n: Float64Array): RatioEstimate {
  let sumX = 0;
  let sumN = 0;
  for (let i = 0; i < x.length; i++) {
    sumX += x[i] as number;
    sumN += n[i] as number;
  }
  const value = sumX / sumN;
  let groups = x.length;
  if (!(sumN > 0) || groups < 2) return { value, variance: Number.POSITIVE_INFINITY, degrees: 1 };
  const variances: number[] = [];
  let degrees = groups - 1;
  for (let join = 1; join <= 4; join *= 2) {
    groups = Math.floor(x.length / join);
    if (join > 1 && groups < FEWEST_GROUPS) break;
    let squares = 0;
    for (let group = 0; group < groups; group++) {
      const end = group === groups - 1 ? x.length : (group + 1) * join;
      let difference = 0;
      for (let i = group * join; i < end; i++) difference += (x[i] as number) - value * (n[i] as number);
      squares += difference * difference;
    }
    variances.push(((groups / (groups - 1)) * squares) / (sumN * sumN));
    degrees = groups - 1;
  }
  const [one = 0, two = one, four = two] = variances;
  let variance = Math.max(one, two, four);
  if (four > two && two > one) {
    const ratio = Math.min(0.75, (four - two) / (two - one));
    variance = four + ((four - two) * ratio) / (1 - ratio);
  }
  return { value, variance, degrees };
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Student interval of a mean. */
export function meanRange(estimate: RatioEstimate, confidence: number): Range {
  const half = studentQuantile(confidence, estimate.degrees) * Math.sqrt(estimate.variance);
  return { low: estimate.value - half, high: estimate.value + half };
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

/** Variance of an estimated proportion over that of independent trials; NaN where none or all were hit. */
export function inflationOf(estimate: RatioEstimate, count: number): number {
  const independent = (estimate.value * (1 - estimate.value)) / count;
  return independent > 0 ? estimate.variance / independent : Number.NaN;
}
