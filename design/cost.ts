import type { LayerKind } from './model.ts';

/** The two ways in which the chip can compute. */
export type Mode = 'base' | 'burst';

export const modes: readonly Mode[] = ['base', 'burst'];

/** The stage of the tile pipeline that sets a layer's pace. */
export type Bound = 'compute' | 'vector' | 'vmem' | 'cmem' | 'hbm' | 'quantizer';

export const bounds: readonly Bound[] = ['compute', 'vector', 'vmem', 'cmem', 'hbm', 'quantizer'];

/** What one layer costs, for one mode and batch size. Cycles are of the chip's clock. */
export interface LayerCost {
  readonly layer: string;
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
  readonly macs: number;
  readonly parameters: number;
  readonly energyJoules: number | null;
}
