import type { ChipKind } from '../kinds.ts';
import type { Batch } from './batch.ts';

/** The phases of a chip. */
export const IDLE_CHIP = 0;
export const SWITCHING_CHIP = 1;
export const COMPUTING_CHIP = 2;

/**
 * One NPU. It runs a span: consecutive layers of its batch in one mode. A span is one event, even if it has many layers. To
 * do something at a layer border inside the span, the simulator moves the end of the span to that border. It computes the
 * time of the border from running sums.
 */
export class Chip {
  readonly index: number;
  /** Its kind, as an index of `kindsOf`. */
  readonly kind: number;
  /** Whether it has a burst mode. */
  readonly canBurst: boolean;
  /** Seconds of a switch between its modes. */
  readonly switchSeconds: number;
  /** Its slot in the event queue. */
  readonly slot: number;
  phase = IDLE_CHIP;
  /** Whether its arrays are in burst mode. During a switch: whether they will be in burst mode after it. */
  burst: boolean;
  batch: Batch | null = null;
  spanStart = 0;
  /** The time when the batch ends if the span is not cut. During a switch: the time when the switch ends. */
  spanEnd = 0;
  /** The first layer of the span, and the layer before which it stops. */
  spanFrom = 0;
  spanStop = 0;
  /** Offset of the running sums, and the kind of profile. Kind -1: the sums were computed only for this span. */
  spanOffset = 0;
  spanKind = 0;
  /** Whether it switches to burst mode at the end of the span. */
  wantsBurst = false;
  /** Whether a more urgent batch can replace its batch at the end of the span. */
  wantsPreemption = false;
  /** Slack policy: the time since when base mode meets all deadlines. Infinity: it does not meet them now. */
  holdsSince = Number.POSITIVE_INFINITY;
  /** Seconds per activity in the current bucket. */
  readonly activitySeconds: Float64Array;

  constructor(
    index: number,
    slot: number,
    burst: boolean,
    activities: number,
    kind: number,
    { canBurst, switchLatencySeconds }: Pick<ChipKind, 'canBurst' | 'switchLatencySeconds'>,
  ) {
    this.index = index;
    this.kind = kind;
    this.canBurst = canBurst;
    this.switchSeconds = switchLatencySeconds;
    this.slot = slot;
    this.burst = burst && canBurst;
    this.activitySeconds = new Float64Array(activities);
  }
}
