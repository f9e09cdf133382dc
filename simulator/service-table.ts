import type { Mode } from '../design/index.ts';

/**
 * The face between hardware and serving: how long each layer of a model takes for one batch size, by mode and by where its
 * weights are when it starts. Serving keeps the state; hardware prices it.
 *
 * - `resident`: in the large scratchpad, in the format that the mode computes in.
 * - `convert`: resident in base precision; burst computes while the quantization unit turns them into int8 (source `on-chip`).
 * - `fetch`: not there in that format: streamed from HBM during the layer, in the format that HBM holds for this mode
 *   (`on-chip`: base precision, quantized on the way in; `off-chip`, `stored`: int8). They stay if they have a place.
 *
 * A layer without weights costs the same in all three.
 */
export type WeightState = 'resident' | 'convert' | 'fetch';

export const weightStates: readonly WeightState[] = ['resident', 'convert', 'fetch'];

/**
 * Index of a cell: layer-major, then mode (0 base, 1 burst), then weight state. In base mode `convert` equals `fetch`.
 */
export function cellIndex(layer: number, mode: Mode, state: WeightState): number {
  return (layer * 2 + (mode === 'base' ? 0 : 1)) * 3 + (state === 'resident' ? 0 : state === 'convert' ? 1 : 2);
}

export interface ServiceTable {
  readonly batch: number;
  readonly layerCount: number;
  /** Seconds per cell. */
  readonly seconds: Float64Array;
  /** Index into design's `bounds` per cell: the stage that sets the pace. */
  readonly bound: Uint8Array;
  /** Joules per cell, dynamic only; null where the chip has no energy figures. */
  readonly joules: Float64Array | null;
}

/** Which layers' weights have a place in the large scratchpad, and what they take there. */
export interface ResidencyPlan {
  readonly capacityBytes: number;
  /** Per model: 1 where the layer's weights have a place of their own, kept from request to request. */
  readonly placed: readonly Uint8Array[];
  /** Per model and layer, bytes in base format. */
  readonly baseBytes: readonly Float64Array[];
  /** Per model and layer, bytes in burst format; zero-length where the chip has no burst mode. */
  readonly burstBytes: readonly Float64Array[];
  /** Bytes kept in all; never above the capacity. */
  readonly usedBytes: number;
  /**
   * What is left for activations when all these models' weights have their place, in both formats: 0 where they have
   * not.
   */
  readonly activationBytes?: number;
}
