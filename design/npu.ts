import type { Origin } from './origin.ts';
import { bytesPerElement, type Precision } from './precision.ts';

/** Which operand stays in the processing elements while the others stream past (Chen et al., ISCA 2016, section III). */
export type Dataflow = 'weight-stationary' | 'output-stationary' | 'input-stationary';

/**
 * When the stationary operand of the next fold is loaded. `exposed`: after the fold before it has drained (SCALE-Sim's timing).
 * `hidden`: while the fold before it computes (double-buffered weights, as in the TPU and in Gemmini).
 */
export type PreloadTiming = 'hidden' | 'exposed';

/**
 * Where the second multiplication of a processing element goes in a mode that packs two of them:
 * `reduction` doubles the effective rows (ceil(K / 2R) folds), `columns` the effective columns, `none` packs nothing.
 */
export type Packing = 'none' | 'reduction' | 'columns';

/**
 * `im2col`: a convolution is one product with K = kernel height x kernel width x channels. `direct`: the array walks over the
 * kernel's positions, K = channels at each, and each position's channels are rounded up to the array by themselves.
 */
export type ConvolutionLowering = 'im2col' | 'direct';

/**
 * Work reaches the array in blocks of at most `blockRows` rows, none across the end of an image row, each of which takes at
 * least `minimumCycles`. Gemmini: 8 (its block size) and 4 (its ExecuteController keeps two writes to one accumulator
 * address four cycles apart).
 */
export interface RowIssue {
  readonly blockRows: number;
  readonly minimumCycles: number;
}

export interface SystolicArray {
  readonly rows: number;
  readonly columns: number;
  /** How many such arrays (MXUs) one chip has. */
  readonly count: number;
  readonly dataflow: Dataflow;
  readonly preload: PreloadTiming;
  /** How convolutions become matrix products; `im2col` where absent. */
  readonly convolution?: ConvolutionLowering;
  /** How rows of work are issued under `hidden` timing; absent: one continuous stream, without a minimum. */
  readonly issue?: RowIssue;
}

export interface VectorUnit {
  /** Elementary operations per cycle, all lanes together. */
  readonly operationsPerCycle: number;
}

export interface Memory {
  readonly capacityBytes: number;
  readonly bandwidthBytesPerSecond: number;
}

/** How the chip computes: what it multiplies, and how many multiplications share a processing element. */
export interface OperatingMode {
  readonly precision: Precision;
  readonly packing: Packing;
}

/**
 * Where burst mode's quantized weights come from. `on-chip`: the quantization unit converts the resident base weights in place.
 * `off-chip`: quantized weights are fetched from HBM. `stored`: both copies are resident, at the space of both.
 */
export type QuantizedSource = 'on-chip' | 'off-chip' | 'stored';

export interface Quantizer {
  readonly source: QuantizedSource;
  /** Weight elements the quantization unit converts per cycle; used by `on-chip` only. Infinity is allowed. */
  readonly elementsPerCycle: number;
}

/**
 * Which weights the large scratchpad keeps. `pinned`: chosen once, by benefit per byte, and never evicted.
 * `lru`: whole layers come and go, the least recently used one first.
 */
export type Residency = 'pinned' | 'lru';

/** Joules. A figure that has no source is absent (null), and then no energy is reported. */
export interface EnergyTable {
  readonly macJoules: Readonly<Partial<Record<Precision, number>>>;
  readonly vectorOperationJoules: number;
  readonly vmemJoulesPerByte: number;
  readonly cmemJoulesPerByte: number;
  readonly hbmJoulesPerByte: number;
  readonly quantizeJoulesPerElement: number;
  readonly staticWatts: number;
}

/** One neural processing unit, complete and in SI units. */
export interface Npu {
  readonly name: string;
  readonly origin: Origin;
  readonly clockHertz: number;
  readonly array: SystolicArray;
  readonly vectorUnit: VectorUnit;
  /** The working scratchpad that tiles pass through. */
  readonly vmem: Memory;
  /** The large scratchpad that keeps weights and activations; null where the chip has none. */
  readonly cmem: Memory | null;
  readonly hbm: Memory;
  readonly base: OperatingMode;
  /** null: a conventional NPU that cannot change its precision. */
  readonly burst: OperatingMode | null;
  readonly quantizer: Quantizer;
  /** Time in which the arrays do nothing while they change mode, in each direction. */
  readonly switchLatencySeconds: number;
  readonly residency: Residency;
  readonly energy: EnergyTable | null;
}

/** The VMEM with which a chip can buffer two tiles of one array's weights, in bytes: half of VMEM buffers tiles. */
export function smallestVmemBytes({ array, base }: Pick<Npu, 'array' | 'base'>): number {
  return 4 * array.rows * array.columns * bytesPerElement[base.precision];
}
