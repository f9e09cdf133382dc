import type { Batch } from './batch.ts';

/** What a chip is about. */
export const IDLE_CHIP = 0;
export const SWITCHING_CHIP = 1;
export const COMPUTING_CHIP = 2;

/**
 * One NPU. What it runs is a span: a stretch of layers in one mode without a stop. It is one event, however many layers it has: where
 * something has to happen at a border inside, the stop moves there, and running sums tell when that is.
 */
export class Chip {
  readonly index: number;
  /** Its place among the events. */
  readonly slot: number;
  phase = IDLE_CHIP;
  /** Whether its arrays are in burst mode; while switching, whether they will be. */
  burst: boolean;
  batch: Batch | null = null;
  spanStart = 0;
  /** When the batch ends if nothing more happens to it; while switching, when that is done. */
  spanEnd = 0;
  /** First layer of the span, and the layer that it stops before. */
  spanFrom = 0;
  spanStop = 0;
  /** Row of running sums, and the profile's kind; -1: sums made for this span alone. */
  spanOffset = 0;
  spanKind = 0;
  /** Whether it shall go into burst mode where the span stops. */
  wantsBurst = false;
  /** Whether a more urgent batch shall take its place where the span stops. */
  wantsPreemption = false;
  /** Since when the base plan has held; Infinity while it does not (slack policy). */
  holdsSince = Number.POSITIVE_INFINITY;
  /** Seconds per activity in the present bucket. */
  readonly activitySeconds: Float64Array;

  constructor(index: number, slot: number, burst: boolean, activities: number) {
    this.index = index;
    this.slot = slot;
    this.burst = burst;
    this.activitySeconds = new Float64Array(activities);
  }
}
