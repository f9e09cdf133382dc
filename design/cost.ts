import type { LayerKind } from './model.ts';
import type { MemoryNames } from './npu.ts';
import type { Origin } from './origin.ts';

/** The two ways in which the chip can compute. */
export type Mode = 'base' | 'burst';

export const modes: readonly Mode[] = ['base', 'burst'];

/**
 * What takes the most time of a layer: a stage of the tile pipeline, or `dispatch`, the fixed costs before and after it (the start of the operator and
 * transfers over the host link), which overlap with no stage.
 */
export type Bound = 'compute' | 'vector' | 'vmem' | 'cmem' | 'hbm' | 'quantizer' | 'dispatch';

export const bounds: readonly Bound[] = ['compute', 'vector', 'vmem', 'cmem', 'hbm', 'quantizer', 'dispatch'];

/** The stage that would bound a layer if the bounding stage were free, and the ratio of the two times. */
export interface RunnerUp {
  readonly bound: Bound;
  readonly ratio: number;
}

/**
 * The reason why burst mode gains less than a factor of two. `folds`: the array has as many folds as in base mode, or more than half.
 * `fill`: the number of folds halves, but loading, filling and draining do not. `stage`: another stage bounds the layer. `unpacked`: the arrays do one multiplication per element. `no-products`: there is nothing to multiply.
 * `overlap`: the first load and the last store do not overlap with computation.
 */
export type GainLimit = 'folds' | 'fill' | 'stage' | 'unpacked' | 'no-products' | 'overlap';

export const gainLimits: readonly GainLimit[] = ['folds', 'fill', 'stage', 'unpacked', 'no-products', 'overlap'];

/** The gain of a layer in burst mode. */
export interface BurstGain {
  /** Time in base mode divided by time in burst mode, with the weights in the same place. */
  readonly factor: number;
  /** null if the factor is two, within half a percent. */
  readonly limit: GainLimit | null;
  /** The reason with the numbers of this layer, as a clause. Empty without a reason. */
  readonly reason: string;
}

/** The cost of one layer for one mode and batch size. Cycles are clock cycles of the chip. */
export interface LayerCost {
  readonly layer: string;
  /** The place of the layer in the text. */
  readonly origin: Origin;
  readonly kind: LayerKind;
  /** The matrix product of the layer: M rows of activations, reduction K, N outputs, `groups` of them. 0 if there is none. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
  /** The kind of array on which the layer runs. Absent on a chip with one kind, and for a layer without products. */
  readonly array?: string;
  readonly macs: number;
  readonly parameters: number;
  readonly computeCycles: number;
  readonly vectorCycles: number;
  /** Cycles of the slowest memory. */
  readonly memoryCycles: number;
  /** Cycles in which HBM moves the bytes of the layer. May be more than `cycles` if some of them moved before the layer started. */
  readonly hbmCycles: number;
  readonly quantizeCycles: number;
  /** Cycles of the layer with overlapped stages. */
  readonly cycles: number;
  readonly bound: Bound;
  /** null if no other stage has work. */
  readonly runnerUp: RunnerUp | null;
  /** null in base mode, and for a layer that takes no time. */
  readonly gain: BurstGain | null;
  /** MACs of the layer divided by the MACs that the arrays could do in `cycles` in this mode. */
  readonly utilization: number;
  readonly hbmBytes: number;
  readonly cmemBytes: number;
  readonly vmemBytes: number;
  readonly weightBytes: number;
  /** Whether all weights stay in the large scratchpad between requests, and the share that stays. */
  readonly resident: boolean;
  readonly residentShare: number;
  /** Weights that arrived while earlier layers ran. */
  readonly prefetchedBytes: number;
  /** MACs per byte of HBM traffic. Infinity without HBM traffic. */
  readonly operationalIntensity: number;
  /** One sentence: what bounds the layer and by how much. In burst mode also why the gain is below two, if it is. */
  readonly explanation: string;
  readonly energyJoules: number | null;
}

export interface ModelCost {
  readonly model: string;
  readonly npu: string;
  /** The names of the memories of the chip. Default: HBM, and no unified buffer. */
  readonly memories?: MemoryNames;
  readonly mode: Mode;
  readonly batch: number;
  /** The sizes of the parts in which the batch runs. One part if it is not divided. */
  readonly parts: readonly number[];
  readonly layers: readonly LayerCost[];
  readonly cycles: number;
  readonly seconds: number;
  /** The ridge of the roofline: from this number of MACs per byte of HBM traffic, the peak of the arrays is the limit instead of HBM. */
  readonly ridgeMacsPerHbmByte: number;
  readonly macs: number;
  readonly parameters: number;
  readonly energyJoules: number | null;
}
