import type { Mode } from '../design/index.ts';

/**
 * The interface between hardware and serving: the time of each layer of a network for one batch size, for each mode and each
 * state of its weights. `hardware/` computes the times, and `serving/` knows the state of the weights.
 *
 * - `resident`: the weights are in the large scratchpad in the format of the mode.
 * - `convert`: the weights are resident in base precision. In burst mode, the quantization unit converts them to int8 during
 *   the layer (source `on-chip`).
 * - `fetch`: the weights are not resident in this format. The chip fetches them from HBM during the layer, in the format that
 *   HBM has for this mode (`on-chip`: base precision, quantized on arrival; `off-chip`, `stored`: int8). They stay resident if
 *   they have a place.
 *
 * A layer without weights takes the same time in all three states.
 */
export type WeightState = 'resident' | 'convert' | 'fetch';

export const weightStates: readonly WeightState[] = ['resident', 'convert', 'fetch'];

/**
 * The index of a cell: first by layer, then by mode (0 base, 1 burst), then by state of the weights. In base mode, `convert`
 * is the same as `fetch`.
 */
export function cellIndex(layer: number, mode: Mode, state: WeightState): number {
  return (layer * 2 + (mode === 'base' ? 0 : 1)) * 3 + (state === 'resident' ? 0 : state === 'convert' ? 1 : 2);
}

/** The cost of each layer of a network for one batch size. */
export interface ServiceTable {
  readonly batch: number;
  readonly layerCount: number;
  /** Seconds of each cell. */
  readonly seconds: Float64Array;
  /** For each cell, an index of `bounds` of design/: the resource that limits the layer. */
  readonly bound: Uint8Array;
  /** Dynamic energy of each cell in joules. null: the chip has no energy figures. */
  readonly joules: Float64Array | null;
}

/** The layers whose weights have a place in the large scratchpad, and the size of these weights. */
export interface ResidencyPlan {
  readonly capacityBytes: number;
  /** For each network and layer: 1 if the weights have a place, so they stay resident from request to request. */
  readonly placed: readonly Uint8Array[];
  /** For each network and layer: bytes in base format. */
  readonly baseBytes: readonly Float64Array[];
  /** For each network and layer: bytes in burst format. The columns are empty if the chip has no burst mode. */
  readonly burstBytes: readonly Float64Array[];
  /** The total size of the resident weights. Never above the capacity. */
  readonly usedBytes: number;
  /**
   * The size that is left for activations if all weights of these networks have their place, in both formats. 0: they do not
   * all have a place.
   */
  readonly activationBytes?: number;
}
