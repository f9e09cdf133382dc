import { exactLog, exactPow } from '../exact-math.ts';
import { BUCKETS, SLOT_BUCKETS } from '../record/buckets.ts';
import { CELLS, cellEnd, cellStart, cellValue, quantileCell } from '../record/histogram.ts';
import { FINISHED, type ServeRecorder } from '../record/serve-recorder.ts';
import { type MeasuredPart, slotSums } from './measured-part.ts';
import type { Observations } from './observations.ts';
import {
  criticalShares,
  inflationOf,
  MANY_DEGREES,
  meanRange,
  quantileCeiling,
  type Range,
  type RatioEstimate,
  ratioEstimate,
  studentQuantile,
} from './statistics.ts';

/**
 * The number of independent observations from which we use moments. Our assumption: Markov's bound is 1.5 times a percentile
 * of an exponential tail, and it is above the percentile even if the estimated moment is only a fifth of the true one.
 */
const ENOUGH_FOR_MOMENTS = 200;

/** The latency histogram of the measured part. */
export class LatencyHistogram {
  readonly counts = new Float64Array(CELLS);
  readonly total: number;
  private readonly recorder: ServeRecorder;
  private readonly part: MeasuredPart;
  private readonly finished: Float64Array;

  constructor(recorder: ServeRecorder, part: MeasuredPart) {
    this.recorder = recorder;
    this.part = part;
    this.finished = slotSums(recorder, part, FINISHED);
    let sum = 0;
    const end = Math.min(BUCKETS, part.endSlot * SLOT_BUCKETS);
    for (let bucket = part.firstSlot * SLOT_BUCKETS; bucket < end; bucket++) {
      for (let cell = recorder.lowestCell; cell <= recorder.highestCell; cell++) {
        const count = recorder.latencies[bucket * CELLS + cell] as number;
        this.counts[cell] = (this.counts[cell] as number) + count;
        sum += count;
      }
    }
    this.total = sum;
  }

  /** The p-quantile in seconds. NaN: no request finished. */
  quantile(p: number): number {
    const cell = quantileCell(this.counts, 0, CELLS, this.total, p);
    return cell < 0 ? Number.NaN : cellValue(cell);
  }

  /**
   * The p-quantile, always on the correct side of `limit`, even if both are in the same cell. `isWithin`: whether the
   * quantile is at most `limit`, which the caller determines exactly from counted requests. `largest`: the largest value.
   */
  quantileAround(p: number, largest: number, limit: number, isWithin: boolean): number {
    const cell = quantileCell(this.counts, 0, CELLS, this.total, p);
    if (cell < 0) return Number.NaN;
    const value = Math.min(cellValue(cell), largest);
    if (value <= limit === isWithin) return value;
    // The value of the lowest cell is only an upper bound, and the limit is a smaller one.
    if (cell === 0 && isWithin) return limit;
    // The limit is in the same cell, or the late requests never finished.
    const other = isWithin ? cellStart(cell) : Math.min(cellStart(cell + 1), largest);
    return isWithin ? (Math.min(other, limit) + limit) / 2 : Math.max(limit, (limit + other) / 2);
  }

  /** The mean weight of a request, estimated with the slots as batches. Cells below `from` have the weight 0. */
  private estimate(from: number, weight: (cell: number) => number): RatioEstimate {
    const { recorder, part } = this;
    const weights = new Float64Array(CELLS);
    for (let cell = from; cell <= recorder.highestCell; cell++) weights[cell] = weight(cell);
    const sums = Float64Array.from(part.slotSeconds, (_, i) => {
      let sum = 0;
      const first = (part.firstSlot + i) * SLOT_BUCKETS;
      for (let bucket = first; bucket < first + SLOT_BUCKETS; bucket++) {
        for (let cell = from; cell <= recorder.highestCell; cell++) {
          sum += (recorder.latencies[bucket * CELLS + cell] as number) * (weights[cell] as number);
        }
      }
      return sum;
    });
    return ratioEstimate(sums, this.finished);
  }

  /** The proportion of finished requests above the cell of the p-quantile: `estimate` with weights of 1, in a quarter of its time. */
  private aboveQuantile(p: number): RatioEstimate {
    const { part } = this;
    const { latencies, highestCell } = this.recorder;
    const from = quantileCell(this.counts, 0, CELLS, this.total, p) + 1;
    const sums = new Float64Array(part.slotSeconds.length);
    const firstBucket = part.firstSlot * SLOT_BUCKETS;
    for (let i = 0; i < sums.length * SLOT_BUCKETS; i++) {
      const row = (firstBucket + i) * CELLS;
      let sum = 0;
      for (let at = row + from; at <= row + highestCell; at++) sum += latencies[at] as number;
      const slot = Math.floor(i / SLOT_BUCKETS);
      sums[slot] = (sums[slot] as number) + sum;
    }
    return ratioEstimate(sums, this.finished);
  }

  /** The variance of the proportion above the p-quantile, divided by its variance with independent requests. */
  inflation(p: number): { readonly inflation: number; readonly degrees: number } {
    if (this.total === 0) return { inflation: Number.NaN, degrees: 1 };
    const estimate = this.aboveQuantile(p);
    return { inflation: inflationOf(estimate, this.total), degrees: estimate.degrees };
  }

  /**
   * The confidence interval of the p-quantile. Its ends are quantiles of the sample. They belong to the smallest and largest
   * share of requests that a sample shows beyond the true quantile (Woodruff, Journal of the American Statistical
   * Association 47, 1952). The number of independent requests is at most the number of independent observations of the run.
   *
   * If this number is so small that the sample may have no request beyond the quantile, the upper end comes from the memory
   * of the queue instead. Unless the measured variance confirms the memory, the upper end is at least the largest latency.
   *
   * `serviceSeconds`: the part of a latency that is not waiting.
   */
  quantileRange(
    p: number,
    confidence: number,
    observations: Observations,
    largest: number,
    serviceSeconds: number,
  ): Range {
    if (this.total === 0) return { low: Number.NaN, high: Number.NaN };
    const q = 1 - p;
    const { inflation, degrees } = this.inflation(p);
    const scattered = this.total / (inflation > 1 ? inflation : 1);
    const seen = observations.ofTail(q);
    const effective = Math.min(scattered, seen);
    const shares = criticalShares(q, effective, studentQuantile(confidence, degrees));
    const lowCell = shares.high < 1 ? quantileCell(this.counts, 0, CELLS, this.total, 1 - shares.high) : -1;
    const low = lowCell < 0 ? 0 : cellStart(lowCell);
    // Even independent requests would be too few to include one beyond the quantile, so the sample contains no information about
    // the tail.
    const none = { low, high: Number.POSITIVE_INFINITY };
    if (exactPow(p, this.total) > 1 - confidence || observations.noUpperEnd(q) !== null) return none;
    const woodruff =
      shares.low > 0
        ? cellEnd(quantileCell(this.counts, 0, CELLS, this.total, 1 - shares.low))
        : Number.POSITIVE_INFINITY;
    const queued = Math.max(0, this.quantile(p) - serviceSeconds);
    const z = studentQuantile(confidence, MANY_DEGREES);
    const hidden = queuedCeiling(
      this.quantile(p),
      queued,
      q,
      quantileCeiling(q, effective, z, observations.load),
      observations,
    );
    const confirmed = scattered >= seen / 2 && !observations.tailOfBursts(q);
    if (confirmed && Math.min(woodruff, hidden) < Number.POSITIVE_INFINITY)
      return { low, high: Math.min(woodruff, hidden) };
    if (woodruff < Number.POSITIVE_INFINITY) return { low, high: woodruff };
    // If hardly any request waits (`hidden` is Infinity), there is no tail to extrapolate. The sample then includes
    // requests
    // beyond the quantile.
    const reached = hidden < Number.POSITIVE_INFINITY ? Math.max(largest, hidden) : largest;
    return { low, high: seen < ENOUGH_FOR_MOMENTS ? reached : Math.min(reached, this.markovBound(p, confidence)) };
  }

  /**
   * An upper bound of the p-quantile from Markov's inequality. For each distribution, P(T > x) <= E[T^k] / x^k, so the
   * p-quantile is at most the x for which the right side is 1 - p. A moment is a mean over all requests, so it needs far
   * fewer requests than the share of rare ones.
   *
   * We use two powers (our assumption): the fourth for tails that decrease slowly, and the sixteenth for latencies that a
   * policy keeps below a deadline. Each uses half of the allowed error probability. A high power depends almost only on the
   * largest latency, unless many latencies are near it. So the sixteenth counts only if its relative error is below one half.
   */
  private markovBound(p: number, confidence: number): number {
    const shared = (1 + confidence) / 2;
    // In units of the largest latency, because the sixteenth power of a time in seconds can exceed the range of a number.
    const unit = cellStart(this.recorder.highestCell + 1);
    const bound = (squarings: number, mostSpread: number) => {
      const moment = this.estimate(this.recorder.lowestCell, (cell) => {
        let power = cellStart(cell + 1) / unit;
        for (let i = 0; i < squarings; i++) power *= power;
        return power;
      });
      const { high } = meanRange(moment, shared);
      if (high > mostSpread * moment.value) return Number.POSITIVE_INFINITY;
      let x = high / (1 - p);
      for (let i = 0; i < squarings; i++) x = Math.sqrt(x);
      return x * unit;
    };
    return Math.min(bound(2, Number.POSITIVE_INFINITY), bound(4, 1.5));
  }
}

/**
 * The largest possible percentile if the true queue can be `factor` times as long as the measured one. A policy can keep
 * latencies just below a deadline. Latencies above it come from a queue in the best mode, and theory gives the percentile of
 * this queue. We use at most twice this percentile (our assumption). Without such a policy, this limit has no effect.
 */
function queuedCeiling(value: number, queued: number, q: number, factor: number, observations: Observations): number {
  if (factor === Number.POSITIVE_INFINITY) return factor;
  return value + (factor - 1) * Math.min(queued, 2 * observations.waitSeconds * -exactLog(q));
}
