import { BUCKETS, SLOT_BUCKETS, SLOTS } from '../record/buckets.ts';
import { type ServeRecorder, SUMS } from '../record/serve-recorder.ts';
import { slotsBeforePeriods } from '../whole-periods.ts';

/** The part of a run that the statistics include: the slots firstSlot .. endSlot - 1. The last slot can be incomplete. */
export interface MeasuredPart {
  readonly firstSlot: number;
  readonly endSlot: number;
  readonly warmupSeconds: number;
  readonly endSeconds: number;
  readonly bucketSeconds: number;
  /** Seconds of each slot. */
  readonly slotSeconds: Float64Array;
}

/**
 * The part of a run after the warm-up of some serves. With recorded traffic, `fraction` is null and each recorder excludes
 * single requests. Otherwise the warm-up consists of the first slots, in which `fraction` of the requests arrived, and with
 * periodic traffic of all slots before the last whole periods. `periodSeconds` is 0 for other traffic.
 */
export function measuredPart(
  endSeconds: number,
  bucketSeconds: number,
  serves: readonly { readonly recorder: ServeRecorder }[],
  fraction: number | null,
  periodSeconds: number,
): MeasuredPart {
  const width = bucketSeconds * SLOT_BUCKETS;
  const endSlot = Math.max(1, Math.min(SLOTS, Math.ceil(endSeconds / width - 1e-9)));
  const from = serves.reduce((least, { recorder }) => Math.min(least, recorder.countsFromSeconds), endSeconds);
  const skipped =
    fraction === null
      ? Math.floor(from / width)
      : slotsBeforePeriods(endSeconds, width, warmupSlots(serves, endSlot, fraction), periodSeconds);
  const firstSlot = Math.min(endSlot - 1, skipped);
  const warmupSeconds = fraction === null ? from : firstSlot * width;
  const slotSeconds = new Float64Array(endSlot - firstSlot);
  for (let i = 0; i < slotSeconds.length; i++) {
    slotSeconds[i] =
      Math.min(endSeconds, (firstSlot + i + 1) * width) - Math.max(warmupSeconds, (firstSlot + i) * width);
  }
  return { firstSlot, endSlot, warmupSeconds, endSeconds, bucketSeconds, slotSeconds };
}

/** The warm-up slots contain at most this many times the requested number of warm-up requests. Our assumption. */
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
  // If one slot contains many requests, excluding too few is better than excluding too many.
  return before > MOST_LEFT_OUT * wanted ? slots - 1 : slots;
}

/** One kind of sum, for each measured slot. */
export function slotSums(recorder: ServeRecorder, part: MeasuredPart, sum: number): Float64Array {
  const sums = new Float64Array(part.slotSeconds.length);
  for (let i = 0; i < sums.length; i++) sums[i] = recorder.sums[(part.firstSlot + i) * SUMS + sum] as number;
  return sums;
}

/** The sum of a column. */
export function total(column: Float64Array): number {
  let sum = 0;
  for (const value of column) sum += value;
  return sum;
}

/** The sum of a column of buckets, for each measured slot. */
export function slotTotals(column: Float64Array, part: MeasuredPart): Float64Array {
  const totals = new Float64Array(part.slotSeconds.length);
  for (let i = 0; i < totals.length; i++) {
    let sum = 0;
    for (let b = (part.firstSlot + i) * SLOT_BUCKETS; b < (part.firstSlot + i + 1) * SLOT_BUCKETS && b < BUCKETS; b++) {
      sum += column[b] as number;
    }
    totals[i] = sum;
  }
  return totals;
}
