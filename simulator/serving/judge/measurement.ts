import { exactLog, exactPow } from '../exact-math.ts';
import { BUCKETS, SLOT_BUCKETS, SLOTS } from '../record/buckets.ts';
import { CELLS, cellEnd, cellStart, cellValue, quantileCell } from '../record/histogram.ts';
import { DROPPED, FINISHED, LATE, type ServeRecorder, SUMS } from '../record/serve-recorder.ts';
import type { Sight } from './sight.ts';
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

/** The part of a run that statistics count: slots first .. end - 1, the last one perhaps cut short. */
export interface Measured {
  readonly firstSlot: number;
  readonly endSlot: number;
  readonly warmupSeconds: number;
  readonly endSeconds: number;
  readonly bucketSeconds: number;
  /** Seconds of each slot. */
  readonly slotSeconds: Float64Array;
}

/**
 * The part of a run behind the warm-up of some serves. In a recording each recorder leaves out requests one by one (`fraction` null). Otherwise the first
 * slots are left out, those in which that fraction of the requests arrived.
 */
export function measuredPart(
  endSeconds: number,
  bucketSeconds: number,
  serves: readonly { readonly recorder: ServeRecorder }[],
  fraction: number | null,
): Measured {
  const width = bucketSeconds * SLOT_BUCKETS;
  const endSlot = Math.max(1, Math.min(SLOTS, Math.ceil(endSeconds / width - 1e-9)));
  const from = serves.reduce((least, { recorder }) => Math.min(least, recorder.countsFromSeconds), endSeconds);
  const skipped = fraction === null ? Math.floor(from / width) : warmupSlots(serves, endSlot, fraction);
  const firstSlot = Math.min(endSlot - 1, skipped);
  const warmupSeconds = fraction === null ? from : firstSlot * width;
  const slotSeconds = new Float64Array(endSlot - firstSlot);
  for (let i = 0; i < slotSeconds.length; i++) {
    slotSeconds[i] =
      Math.min(endSeconds, (firstSlot + i + 1) * width) - Math.max(warmupSeconds, (firstSlot + i) * width);
  }
  return { firstSlot, endSlot, warmupSeconds, endSeconds, bucketSeconds, slotSeconds };
}

/** Slots leave out no more requests than so many times the warm-up that was asked for. */
const MOST_LEFT_OUT = 2;

function warmupSlots(
  serves: readonly { readonly recorder: ServeRecorder }[],
  endSlot: number,
  warmupFraction: number,
): number {
  if (warmupFraction === 0) return 0;
  const arrived = new Float64Array(endSlot);
  for (const { recorder } of serves) {
    for (let b = 0; b < endSlot * SLOT_BUCKETS; b++) {
      const slot = Math.floor(b / SLOT_BUCKETS);
      arrived[slot] = (arrived[slot] as number) + (recorder.arrived[b] as number);
    }
  }
  const wanted = warmupFraction * total(arrived);
  let slots = 0;
  let before = 0;
  while (slots < endSlot && before < wanted) before += arrived[slots++] as number;
  // Where a slot holds a large part of the requests, rather too few are left out than too many.
  return before > MOST_LEFT_OUT * wanted ? slots - 1 : slots;
}

/** One kind of sum per measured slot. */
export function slotSums(recorder: ServeRecorder, part: Measured, sum: number): Float64Array {
  return Float64Array.from(part.slotSeconds, (_, i) => recorder.sums[(part.firstSlot + i) * SUMS + sum] as number);
}

export function total(column: Float64Array): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}

/** Bucket column added up per measured slot. */
export function slotTotals(column: Float64Array, part: Measured): Float64Array {
  return Float64Array.from(part.slotSeconds, (_, i) => {
    let sum = 0;
    for (let b = (part.firstSlot + i) * SLOT_BUCKETS; b < (part.firstSlot + i + 1) * SLOT_BUCKETS && b < BUCKETS; b++) {
      sum += column[b] as number;
    }
    return sum;
  });
}

/** The latency histogram of the measured part. */
export class LatencyHistogram {
  readonly counts = new Float64Array(CELLS);
  readonly total: number;
  private readonly recorder: ServeRecorder;
  private readonly part: Measured;
  private readonly finished: Float64Array;

  constructor(recorder: ServeRecorder, part: Measured) {
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

  quantile(p: number): number {
    const cell = quantileCell(this.counts, 0, CELLS, this.total, p);
    return cell < 0 ? Number.NaN : cellValue(cell);
  }

  /**
   * The p-quantile, given whether it is at most `limit`, which counting tells exactly: never on the other side of the limit, though both may lie in
   * one cell. `largest` is the largest value counted.
   */
  quantileAround(p: number, largest: number, limit: number, isWithin: boolean): number {
    const cell = quantileCell(this.counts, 0, CELLS, this.total, p);
    if (cell < 0) return Number.NaN;
    const value = Math.min(cellValue(cell), largest);
    if (value <= limit === isWithin) return value;
    // In the lowest cell there is only a bound, and the limit is a tighter one.
    if (cell === 0 && isWithin) return limit;
    // The limit lies in the same cell, or what is late never finished.
    const other = isWithin ? cellStart(cell) : Math.min(cellStart(cell + 1), largest);
    return isWithin ? (Math.min(other, limit) + limit) / 2 : Math.max(limit, (limit + other) / 2);
  }

  /** A weight of each cell from `from` on, per request, with the slots for batches. */
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

  /** Requests above each quantile's cell as a proportion of those that finished. */
  private aboveQuantile(p: number): RatioEstimate {
    return this.estimate(quantileCell(this.counts, 0, CELLS, this.total, p) + 1, () => 1);
  }

  /** How much more the proportion above the p-quantile varies than if requests were independent. */
  inflation(p: number): { readonly inflation: number; readonly degrees: number } {
    if (this.total === 0) return { inflation: Number.NaN, degrees: 1 };
    const estimate = this.aboveQuantile(p);
    return { inflation: inflationOf(estimate, this.total), degrees: estimate.degrees };
  }

  /**
   * Interval of the p-quantile: the sample's quantiles at the shares between which 1 - p comes to lie (Woodruff, J. Am. Stat. Assoc. 47, 1952), of no more
   * independent requests than the run has seen. Where these are so few that none of them may lie beyond the quantile, its upper end is what a queue of
   * that memory can hide, and no less than the largest latency unless the scatter confirms the memory. `serviceSeconds`: the part of a latency that
   * does not queue.
   */
  quantileRange(p: number, confidence: number, sight: Sight, largest: number, serviceSeconds: number): Range {
    if (this.total === 0) return { low: Number.NaN, high: Number.NaN };
    const q = 1 - p;
    const { inflation, degrees } = this.inflation(p);
    const scattered = this.total / (inflation > 1 ? inflation : 1);
    const seen = sight.ofTail(q);
    const effective = Math.min(scattered, seen);
    const shares = criticalShares(q, effective, studentQuantile(confidence, degrees));
    const lowCell = shares.high < 1 ? quantileCell(this.counts, 0, CELLS, this.total, 1 - shares.high) : -1;
    const low = lowCell < 0 ? 0 : cellStart(lowCell);
    // Fewer requests than it takes of independent ones to meet one beyond the quantile: the sample does not know the tail.
    const none = { low, high: Number.POSITIVE_INFINITY };
    if (exactPow(p, this.total) > 1 - confidence || sight.lacks(q) !== null) return none;
    const woodruff =
      shares.low > 0
        ? cellEnd(quantileCell(this.counts, 0, CELLS, this.total, 1 - shares.low))
        : Number.POSITIVE_INFINITY;
    const queued = Math.max(0, this.quantile(p) - serviceSeconds);
    const z = studentQuantile(confidence, MANY_DEGREES);
    const hidden = queuedCeiling(this.quantile(p), queued, q, quantileCeiling(q, effective, z, sight.load), sight);
    const confirmed = scattered >= seen / 2 && !sight.tailOfBursts(q);
    if (confirmed && Math.min(woodruff, hidden) < Number.POSITIVE_INFINITY)
      return { low, high: Math.min(woodruff, hidden) };
    if (woodruff < Number.POSITIVE_INFINITY) return { low, high: woodruff };
    // Where hardly a request waits there is no tail to extrapolate, and the sample has met requests beyond the quantile.
    const reached = hidden < Number.POSITIVE_INFINITY ? Math.max(largest, hidden) : largest;
    return { low, high: seen < ENOUGH_FOR_MOMENTS ? reached : Math.min(reached, this.markovBound(p, confidence)) };
  }

  /**
   * P(T > x) <= E[T^k] / x^k whatever the distribution: no quantile lies beyond the x where that is 1 - p. A moment is a mean over all
   * requests, and needs far fewer of them than a share of rare ones. Two powers, our choice: the fourth for tails that fall slowly, the
   * sixteenth for latencies that a policy holds below a deadline; each at the confidence that two chances to be wrong require. High powers are all
   * but the largest latency alone, unless many are like it: the sixteenth counts only where it is known within a half.
   */
  private markovBound(p: number, confidence: number): number {
    const shared = (1 + confidence) / 2;
    // In units of the longest: a sixteenth power of seconds would leave the range of numbers.
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
 * What a percentile can be if the queue can be `factor` times as long. A policy may hold latencies high up, at a deadline: what lies beyond is a queue of
 * the best mode, whose percentile theory knows. Twice that is our assumption: it leaves queues without such a policy as they were measured.
 */
function queuedCeiling(value: number, queued: number, q: number, factor: number, sight: Sight): number {
  if (factor === Number.POSITIVE_INFINITY) return factor;
  return value + (factor - 1) * Math.min(queued, 2 * sight.waitSeconds * -exactLog(q));
}

/**
 * Observations from which a moment is trusted. Our assumption: Markov's bound is half as large again as a percentile of an exponential tail, and stays
 * above it even if the moment is estimated at a fifth of the truth.
 */
const ENOUGH_FOR_MOMENTS = 200;

export interface LateProportion {
  readonly late: number;
  readonly requests: number;
  /** Whether the share of late requests is below, or above, all that a true share of 1 - p makes likely. */
  readonly finding: 'fewer' | 'more' | 'between';
}

/**
 * Requests over a limit (-1: the deadline, else one of the recorder's other limits), of all that had their chance: finished, dropped, and
 * those still inside that are already over it, held against the share that the percentile `p` allows.
 */
export function lateProportion(
  recorder: ServeRecorder,
  part: Measured,
  histogram: LatencyHistogram,
  limitIndex: number,
  overdue: number,
  p: number,
  confidence: number,
  sight: Sight,
): LateProportion {
  const finished = slotSums(recorder, part, FINISHED);
  const dropped = slotSums(recorder, part, DROPPED);
  const limits = recorder.otherLimits.length;
  const over =
    limitIndex < 0
      ? slotSums(recorder, part, LATE)
      : finished.map((_, i) => recorder.over[(part.firstSlot + i) * limits + limitIndex] as number);
  const late = over.map((count, i) => count + (dropped[i] as number));
  const tried = finished.map((count, i) => count + (dropped[i] as number));
  const last = late.length - 1;
  late[last] = (late[last] as number) + overdue;
  tried[last] = (tried[last] as number) + overdue;
  const requests = total(tried);
  const lateCount = total(late);
  if (requests === 0) return { late: 0, requests, finding: 'between' };
  const estimate = ratioEstimate(late, tried);
  let inflation = inflationOf(estimate, requests);
  let { degrees } = estimate;
  if (Number.isNaN(inflation) || lateCount < FEW_LATE) {
    // Too few to tell how late requests cluster: those beyond the percentile tell.
    const tail = histogram.inflation(p);
    if (!Number.isNaN(tail.inflation)) {
      inflation = Math.max(Number.isNaN(inflation) ? 1 : inflation, tail.inflation);
      degrees = Math.min(degrees, tail.degrees);
    }
  }
  const lacks = sight.lacks(1 - p);
  const seen = sight.ofTail(1 - p);
  // At saturation nothing is too late by chance: latencies grow for as long as the run does. What is late in a part of a period is late in the whole.
  const limited = seen > 0 && lacks !== 'part-of-a-period';
  const effective = Math.min(requests / (inflation > 1 ? inflation : 1), limited ? seen : Number.POSITIVE_INFINITY);
  const shares = criticalShares(1 - p, effective, studentQuantile(confidence, degrees));
  // Of a part of a period only what breaks the whole of it counts: the late requests so far, among all that a period brings.
  const share = lacks === 'part-of-a-period' ? lateCount / Math.max(requests, sight.requestsPerPeriod) : estimate.value;
  const finding = lacks === null && share < shares.low ? 'fewer' : share > shares.high ? 'more' : 'between';
  return { late: lateCount, requests, finding };
}

/** Below this many late requests their own scatter over the batches is no measure. */
const FEW_LATE = 100;
