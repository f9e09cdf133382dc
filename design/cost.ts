import type { LayerKind } from './model.ts';
import type { Origin } from './origin.ts';

/** The two ways in which the chip can compute. */
export type Mode = 'base' | 'burst';

export const modes: readonly Mode[] = ['base', 'burst'];

/** The stage of the tile pipeline that sets a layer's pace. */
export type Bound = 'compute' | 'vector' | 'vmem' | 'cmem' | 'hbm' | 'quantizer';

export const bounds: readonly Bound[] = ['compute', 'vector', 'vmem', 'cmem', 'hbm', 'quantizer'];

/** The stage that would set a layer's pace if the one that does were free, and how many times as long the latter takes. */
export interface RunnerUp {
  readonly bound: Bound;
  readonly ratio: number;
}

/**
 * What keeps burst's gain below two. `folds`: the array has as many folds to go through, or more than half. `fill`: folds halve,
 * loading, filling and draining do not. `stage`: another stage sets the pace. `stream`: weights still come in base precision.
 * `unpacked`: the arrays multiply one pair per element. `no-products`: there is nothing to multiply. `overlap`: first load, last store.
 */
export type GainLimit = 'folds' | 'fill' | 'stage' | 'stream' | 'unpacked' | 'no-products' | 'overlap';

export const gainLimits: readonly GainLimit[] = [
  'folds',
  'fill',
  'stage',
  'stream',
  'unpacked',
  'no-products',
  'overlap',
];

/** What a layer gains in burst mode. */
export interface BurstGain {
  /** Base mode's time over burst's, weights in the same place. */
  readonly factor: number;
  /** null where the factor is two, to half a percent. */
  readonly limit: GainLimit | null;
  /** The limit in this layer's figures, a clause; empty without one. */
  readonly reason: string;
}

/** What one layer costs, for one mode and batch size. Cycles are of the chip's clock. */
export interface LayerCost {
  readonly layer: string;
  /** Where the layer was written. */
  readonly origin: Origin;
  readonly kind: LayerKind;
  /** The matrix product that the layer becomes: M rows of activations, K reduction, N outputs, `groups` of them; 0 where there is none. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
  readonly macs: number;
  readonly parameters: number;
  readonly computeCycles: number;
  readonly vectorCycles: number;
  /** The slowest memory's cycles. */
  readonly memoryCycles: number;
  readonly hbmCycles: number;
  readonly quantizeCycles: number;
  /** What the layer takes, stages overlapped. */
  readonly cycles: number;
  readonly bound: Bound;
  /** null where no other stage has work. */
  readonly runnerUp: RunnerUp | null;
  /** null in base mode, and for what takes no time of its own. */
  readonly gain: BurstGain | null;
  /** MACs done over MACs that the arrays could have done in `cycles` in this mode. */
  readonly utilization: number;
  readonly hbmBytes: number;
  readonly cmemBytes: number;
  readonly vmemBytes: number;
  readonly weightBytes: number;
  /** Whether the weights stay in the large scratchpad between requests. */
  readonly resident: boolean;
  /** MACs per byte of HBM traffic; Infinity where HBM is not touched. */
  readonly operationalIntensity: number;
  /** One sentence: what bounds the layer and by how much, and in burst mode why the gain is below two where it is. */
  readonly explanation: string;
  readonly energyJoules: number | null;
}

export interface ModelCost {
  readonly model: string;
  readonly npu: string;
  readonly mode: Mode;
  readonly batch: number;
  readonly layers: readonly LayerCost[];
  readonly cycles: number;
  readonly seconds: number;
  /** The roofline's ridge: MACs per byte of HBM traffic from which the arrays' peak, not HBM, is the limit. */
  readonly ridgeMacsPerHbmByte: number;
  readonly macs: number;
  readonly parameters: number;
  readonly energyJoules: number | null;
}
