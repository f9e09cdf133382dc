import type { AreaTable } from './area-table.ts';
import type { Memory } from './memory.ts';
import { isSameFormat, type Precision } from './number-format.ts';
import { type OperatingMode, weightFormat } from './operating-mode.ts';
import type { Origin } from './origin.ts';
import type { TileRules } from './stated-tiles.ts';
import type { ChipLink } from './tensor-parallel.ts';

/** The operand that stays in the processing elements while the others stream past (Chen et al., ISCA 2016, section III). */
export type Dataflow = 'weight-stationary' | 'output-stationary' | 'input-stationary';

/**
 * The time at which the stationary operand of the next fold is loaded. `exposed`: after the previous fold has drained (SCALE-Sim's timing).
 * `hidden`: while the previous fold computes (double-buffered weights, as in the TPU and in Gemmini).
 */
export type PreloadTiming = 'hidden' | 'exposed';

/**
 * `im2col`: a convolution is one product with K = kernel height x kernel width x channels. `direct`: the array processes the kernel positions
 * one by one with K = channels, and the channels of each position are rounded up to the array separately.
 */
export type ConvolutionLowering = 'im2col' | 'direct';

/**
 * Rows of work reach the array in blocks of at most `blockRows` rows. A block does not cross the end of an image row and takes at least
 * `minimumCycles`. Gemmini: 8 (its block size) and 4 (its ExecuteController keeps two writes to one accumulator address four cycles apart).
 */
export interface RowIssue {
  readonly blockRows: number;
  readonly minimumCycles: number;
}

export interface SystolicArray {
  /** The name of this kind of array. Absent if the file gives none. */
  readonly name?: string;
  readonly rows: number;
  readonly columns: number;
  /** The number of such arrays (MXUs) on one chip. */
  readonly count: number;
  readonly dataflow: Dataflow;
  readonly preload: PreloadTiming;
  /** How convolutions become matrix products. Default: `im2col`. */
  readonly convolution?: ConvolutionLowering;
  /** How rows of work are issued with `hidden` timing. Default: one continuous stream without a minimum. */
  readonly issue?: RowIssue;
  /** The fraction of their peak that the arrays sustain while they compute, above 0 and at most 1. Default: 1. */
  readonly sustainedFraction?: number;
  /**
   * How many times faster a product with 2:4 sparse weights is than a dense one, 1 to 2. The chip then stores and reads only the weights that are
   * kept. Absent if the arrays multiply the zeros.
   */
  readonly sparseSpeedup?: number;
}

/**
 * Fused attention: one call computes scores, softmax and context, and never writes the scores to memory. It processes the queries of each sequence
 * in passes. In each pass, the keys and the values enter the arrays as the stationary operand.
 */
export interface AttentionUnit {
  /** Arrays that one call uses. They divide the key-value heads. At most the arrays of the chip. */
  readonly arrays: number;
  /** The most queries of one sequence in one pass. */
  readonly queriesPerPass: number;
  /** Fixed time of each pass. */
  readonly passSeconds: number;
  /** Fixed time of each call. */
  readonly launchSeconds: number;
  /** Scores whose softmax is computed per cycle of the chip. Default: the vector unit computes it, operation by operation. */
  readonly softmaxPerCycle?: number;
}

export interface VectorUnit {
  /** Elementary operations of all lanes together, per cycle of the chip's clock, also if the unit has another clock. */
  readonly operationsPerCycle: number;
}

/**
 * The source of the quantized weights of burst mode. `on-chip`: the quantization unit converts the resident base weights in place.
 * `off-chip`: quantized weights are fetched from HBM. `stored`: both copies are resident and need space. `nested`: one copy in the base
 * precision is resident, and the upper byte of each weight is the quantized weight, so that burst mode reads half of the bytes and converts nothing.
 */
export type QuantizedSource = 'on-chip' | 'off-chip' | 'stored' | 'nested';

export interface Quantizer {
  readonly source: QuantizedSource;
  /**
   * Weight elements that the quantization unit converts per cycle. Only `on-chip` uses it. Infinity is allowed. Unless the file states it, it is
   * one element for each column of each array, because that is what the port of the arrays delivers per cycle.
   */
  readonly elementsPerCycle: number;
  /** Only with `nested`: the additional time of the products of base mode, as a fraction of their time. Default: 0. */
  readonly nestedPenalty?: number;
  /**
   * Only with `on-chip`: the share, 0 to 1, of the last fold's time in the array (load, rows, drain) that starts only when its weights are converted. The
   * core in rtl/ has 1. Default: 0, the conversion is spread evenly over a product.
   */
  readonly lastFold?: number;
}

/** Fixed costs that do not depend on the size of the work. */
export interface Dispatch {
  /** Once for each batch that starts on the chip. */
  readonly latencySeconds: number;
  /** Once for each operator (layer) of the network. */
  readonly perOperatorSeconds: number;
}

/** The link between the host and the chip. Inputs and results of each batch cross it. */
export interface HostLink {
  readonly bandwidthBytesPerSecond: number;
  /** Once for each transfer. */
  readonly latencySeconds: number;
}

/** `none`: the memory of the host, which is behind the link, is the only one off chip. */
export type OffChipName = 'HBM' | 'DRAM' | 'none';

/** The names of a chip's memories that sentences use. */
export interface MemoryNames {
  /** `memory`: chips of several kinds have different ones. */
  readonly offChip: OffChipName | 'memory';
  /** Whether VMEM and CMEM are one buffer. */
  readonly unified?: boolean;
}

/**
 * The policy for weights in the large scratchpad. `pinned`: weights are chosen once, by benefit per byte, and never evicted. `lru`: whole layers
 * are loaded and evicted, the least recently used layer first.
 */
export type Residency = 'pinned' | 'lru';

/** Energy constants in joules. A constant without a source is absent (null), and then no energy is reported. */
export interface EnergyTable {
  readonly macJoules: Readonly<Partial<Record<Precision, number>>>;
  readonly vectorOperationJoules: number;
  readonly vmemJoulesPerByte: number;
  readonly cmemJoulesPerByte: number;
  readonly hbmJoulesPerByte: number;
  readonly quantizeJoulesPerElement: number;
  readonly staticWatts: number;
  /** Added to `staticWatts` for the area of the chip. Default: 0. */
  readonly staticWattsPerSquareMetre?: number;
}

/** One neural processing unit, complete and in SI units. */
export interface Npu {
  readonly name: string;
  readonly origin: Origin;
  readonly clockHertz: number;
  /** The only kind of array, or the first of several. */
  readonly array: SystolicArray;
  /**
   * Other kinds of arrays on the same chip. Each layer runs on one kind: the one on which it takes the least time. The kinds take turns and never
   * work at the same time. Absent if all arrays are identical.
   */
  readonly otherArrays?: readonly SystolicArray[];
  readonly vectorUnit: VectorUnit;
  /** Absent if attention runs as ordinary products and vector operations on all arrays. */
  readonly attention?: AttentionUnit;
  /** The working scratchpad, which buffers tiles. */
  readonly vmem: Memory;
  /** The large scratchpad for weights and activations. null if the chip has none. */
  readonly cmem: Memory | null;
  /**
   * The off-chip memory (HBM or DRAM). Without one, inputs and results cross the link to the host at its bandwidth, and everything else has to
   * fit into the on-chip memories, whose capacity `hbm` then states.
   */
  readonly hbm: Memory;
  /** The name that the file gives to the off-chip memory. */
  readonly offChip: OffChipName;
  /**
   * Whether VMEM and CMEM are one buffer. `vmem` and `cmem` then both describe the whole buffer, and tiles, activations and weights share its
   * capacity and its bandwidth. Default: no.
   */
  readonly unified?: boolean;
  readonly base: OperatingMode;
  /** null for a conventional NPU, which cannot change its precision. */
  readonly burst: OperatingMode | null;
  readonly quantizer: Quantizer;
  /** Time of one switch, in each direction. The arrays are idle during that time. */
  readonly switchLatencySeconds: number;
  /** Both are 0 for a chip that states no fixed costs. */
  readonly dispatch: Dispatch;
  /** null if the file states no link: inputs and results then start and end in HBM at no cost. */
  readonly host: HostLink | null;
  /** Absent if the file states no link to other chips. */
  readonly link?: ChipLink;
  readonly residency: Residency;
  readonly energy: EnergyTable | null;
  /** What the chip states about the tiles of its products. Absent: the fastest tiles are searched in all of the working scratchpad. */
  readonly tiles?: TileRules;
  /** Absent if the chip states no areas. */
  readonly area?: AreaTable;
}

/**
 * How the weights of both modes share the large scratchpad. `shared`: both modes read the same stored format, so that one copy serves both and a
 * switch moves no weights. Otherwise it is the source that the chip states.
 */
export type WeightCopies = QuantizedSource | 'shared';

export function weightCopiesOf({ base, burst, quantizer }: Pick<Npu, 'base' | 'burst' | 'quantizer'>): WeightCopies {
  return burst !== null && isSameFormat(weightFormat(base), weightFormat(burst)) ? 'shared' : quantizer.source;
}
