import { BUCKETS, SLOT_BUCKETS, SLOTS } from './buckets.ts';
import { CELLS, cellMiddle, cellStart, quantileCell } from './histogram.ts';
import { DROPPED, FINISHED, LATE, type ServeRecorder, SUMS } from './serve-recorder.ts';
import { inflationOf, proportionRange, type Range, type RatioEstimate, ratioEstimate } from './statistics.ts';

/** The part of a run that statistics count: slots first .. end - 1, the last one perhaps cut short. */
export interface Measured {
  readonly firstSlot: number;
  readonly endSlot: number;
  readonly warmupSeconds: number;
  readonly endSeconds: number;
  /** Seconds of each slot. */
  readonly slotSeconds: Float64Array;
}

export function measuredPart(endSeconds: number, bucketSeconds: number, warmupFraction: number): Measured {
  const width = bucketSeconds * SLOT_BUCKETS;
  const endSlot = Math.max(1, Math.min(SLOTS, Math.ceil(endSeconds / width - 1e-9)));
  const firstSlot = Math.min(endSlot - 1, Math.ceil(warmupFraction * endSlot - 1e-9));
  const slotSeconds = new Float64Array(endSlot - firstSlot);
  for (let i = 0; i < slotSeconds.length; i++) {
    slotSeconds[i] = Math.min(width, endSeconds - (firstSlot + i) * width);
  }
  return { firstSlot, endSlot, warmupSeconds: firstSlot * width, endSeconds, slotSeconds };
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

  constructor(recorder: ServeRecorder, part: Measured) {
    this.recorder = recorder;
    this.part = part;
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
    return cell < 0 ? Number.NaN : cellMiddle(cell);
  }

  /** Requests above each quantile's cell, per slot, as a proportion of those that finished. */
  private aboveQuantile(p: number): RatioEstimate {
    const limit = quantileCell(this.counts, 0, CELLS, this.total, p);
    const { recorder, part } = this;
    const above = Float64Array.from(part.slotSeconds, (_, i) => {
      let count = 0;
      const first = (part.firstSlot + i) * SLOT_BUCKETS;
      for (let bucket = first; bucket < first + SLOT_BUCKETS; bucket++) {
        for (let cell = limit + 1; cell <= recorder.highestCell; cell++) {
          count += recorder.latencies[bucket * CELLS + cell] as number;
        }
      }
      return count;
    });
    return ratioEstimate(above, slotSums(this.recorder, this.part, FINISHED));
  }

  /** How much more the proportion above the p-quantile varies than if requests were independent. */
  inflation(p: number): { readonly inflation: number; readonly degrees: number } {
    if (this.total === 0) return { inflation: Number.NaN, degrees: 1 };
    const estimate = this.aboveQuantile(p);
    return { inflation: inflationOf(estimate, this.total), degrees: estimate.degrees };
  }

  /** Interval of the p-quantile: the quantiles at the ends of its proportion's interval (Woodruff, 1952). */
  quantileRange(p: number, confidence: number): Range {
    if (this.total === 0) return { low: Number.NaN, high: Number.NaN };
    const { inflation, degrees } = this.inflation(p);
    const above = proportionRange(1 - p, this.total, Number.isNaN(inflation) ? 1 : inflation, degrees, confidence);
    const low = quantileCell(this.counts, 0, CELLS, this.total, 1 - above.high);
    const high = quantileCell(this.counts, 0, CELLS, this.total, 1 - above.low);
    return { low: cellStart(low), high: cellStart(high + 1) };
  }
}

export interface LateProportion {
  readonly value: number;
  readonly range: Range;
  readonly late: number;
  readonly requests: number;
}

/**
 * Requests over a limit (-1: the deadline, else one of the recorder's other limits), of all that had their chance: finished, dropped, and those still inside that are already over it.
 * `fraction` is the percentile in question, whose own correlation stands in where too few are over the limit to tell.
 */
export function lateProportion(
  recorder: ServeRecorder,
  part: Measured,
  histogram: LatencyHistogram,
  limitIndex: number,
  overdue: number,
  fraction: number,
  confidence: number,
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
  if (requests === 0) return { value: Number.NaN, range: { low: 0, high: 1 }, late: 0, requests };
  const estimate = ratioEstimate(late, tried);
  const lateCount = total(late);
  let inflation = inflationOf(estimate, requests);
  let degrees = estimate.degrees;
  if (Number.isNaN(inflation) || lateCount < FEW_LATE) {
    const tail = histogram.inflation(fraction);
    if (!Number.isNaN(tail.inflation)) {
      inflation = Math.max(Number.isNaN(inflation) ? 1 : inflation, tail.inflation);
      degrees = Math.min(degrees, tail.degrees);
    }
  }
  if (Number.isNaN(inflation)) inflation = 1;
  const range = proportionRange(estimate.value, requests, inflation, degrees, confidence);
  return { value: estimate.value, range, late: lateCount, requests };
}

/** Below this many late requests their own scatter over the batches is no measure. */
const FEW_LATE = 100;
