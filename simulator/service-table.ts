import type { Mode } from '../design/index.ts';

/**
 * The interface between hardware and serving: the time of each layer of a network for one batch size, for each mode and each
 * state of its weights. `hardware/` computes the times, and `serving/` tracks the state of the weights.
 *
 * - `resident`: in the large scratchpad, in the format of the mode.
 * - `convert`: there in the format of base mode; burst mode computes while the quantization unit converts them (source `on-chip`).
 * - `fetch`: not there in that format: they stream from HBM, which has them in the format of each mode. They stay if they have a place.
 *
 * The state is that of all weights of the model that have a place. Weights without a place stream in every state. A layer without weights may
 * differ between states too, because HBM has more or less time to fetch the weights of later layers while it runs.
 */
export type WeightState = 'resident' | 'convert' | 'fetch';

export const weightStates: readonly WeightState[] = ['resident', 'convert', 'fetch'];

/** Cells of one layer: two modes with three states each. */
export const CELLS_PER_LAYER = 6;

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
  /** For each model and layer: 1 if at least a part of the weights stays from request to request. */
  readonly placed: readonly Uint8Array[];
  /** For each model and layer: the share of the weights that stays, 0 to 1. */
  readonly shares: readonly Float64Array[];
  /** For each model and layer: bytes in base format. */
  readonly baseBytes: readonly Float64Array[];
  /** For each network and layer: bytes in burst format. The columns are empty if the chip has no burst mode. */
  readonly burstBytes: readonly Float64Array[];
  /** The total size of the resident weights. Never above the capacity. */
  readonly usedBytes: number;
  /** Bytes for activations. */
  readonly activationBytes: number;
  /** Bytes for tiles and activations in a unified buffer. Otherwise absent. */
  readonly vmemBytes?: number;
}
