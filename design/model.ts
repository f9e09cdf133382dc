import type { Caveat } from './caveat.ts';
import type { UsedAssumption } from './model-statements.ts';
import type { Origin } from './origin.ts';
import type { Precision } from './precision.ts';

/**
 * Dimensions of one sample, batch left out. Images are height x width x channels, sequences are steps x features,
 * vectors are features.
 */
export type Shape = readonly number[];

/** Two values along height and width. */
export interface Pair {
  readonly height: number;
  readonly width: number;
}

export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Convolution over height x width x channels. Depthwise where groups = input channels. Weights: kernel x channels/groups x filters. */
export interface Conv {
  readonly kind: 'conv';
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
}

/**
 * y = xW + b on the last dimension; every leading dimension is a row. `sequential`: the first dimension is steps, one after the
 * other, each waiting for what the network made of the one before (a decoder that reads its own output).
 */
export interface Dense {
  readonly kind: 'dense';
  readonly outputs: number;
  readonly bias: boolean;
  readonly sequential?: boolean;
}

/**
 * Product of two activations: (..., M, K) x (..., K, N), or (..., N, K) where `transposed`. The leading dimensions of both inputs
 * are broadcast to each other, as in NumPy's matmul: one product for each position of the result.
 */
export interface MatMul {
  readonly kind: 'matmul';
  readonly transposed: boolean;
}

/**
 * Multi-head attention of a (steps x features) sequence, projections included:
 * queries, keys and values, scores, softmax, context, output. `contextLength` is the number of keys each query meets
 * (the sequence itself, plus what a cache holds); `keyValueHeads` < `heads` is grouped-query attention.
 * A second input, where there is one, gives keys and values (cross attention).
 */
export interface Attention {
  readonly kind: 'attention';
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly contextLength: number;
  readonly causal: boolean;
  readonly bias: boolean;
}

/**
 * LSTM, GRU or plain RNN over (steps x features), or (steps x sequences x features): steps one after the other, as the recurrent product
 * depends on the step before. `sequential`: the input's product does so too (see Dense).
 */
export interface Recurrent {
  readonly kind: 'recurrent';
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly hidden: number;
  readonly directions: 1 | 2;
  readonly bias: boolean;
  readonly sequential?: boolean;
}

/** Table look-ups: `lookups` rows of `width` elements out of `rows`, pooled (summed) or not. */
export interface Embedding {
  readonly kind: 'embedding';
  readonly rows: number;
  readonly width: number;
  readonly lookups: number;
  readonly pooled: boolean;
}

export interface Pool {
  readonly kind: 'pool';
  readonly operation: 'max' | 'average';
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
}

export interface Normalization {
  readonly kind: 'normalization';
  readonly normalization: 'batch' | 'layer' | 'group' | 'rms' | 'local-response';
  /** Batch normalization whose scale and shift went into the convolution before it costs nothing and keeps no parameters. */
  readonly folded: boolean;
}

export interface Softmax {
  readonly kind: 'softmax';
}

export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leaky-relu'
  | 'sigmoid'
  | 'tanh'
  | 'gelu'
  | 'silu'
  | 'hard-swish'
  | 'exp'
  | 'sqrt'
  | 'erf'
  | 'clip'
  | 'other';

export interface Activation {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
}

/** Element by element over inputs of one shape, or one that is broadcast to the other. */
export interface Elementwise {
  readonly kind: 'elementwise';
  readonly operation: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min' | 'pow' | 'other';
}

/** Joins its inputs along one dimension (negative: counted from the end). */
export interface Concat {
  readonly kind: 'concat';
  readonly axis: number;
}

/**
 * Same elements, other shape or order: reshape, flatten, transpose, slice, channel shuffle. Moves bytes only where `copies`.
 * The shape it makes is stated; a slice or a gather makes fewer elements than it reads, an expansion makes more.
 */
export interface Reshape {
  readonly kind: 'reshape';
  readonly copies: boolean;
}

/** Nearest or linear enlargement. */
export interface Upsample {
  readonly kind: 'upsample';
  readonly factor: Pair;
}

export type Operation =
  | Conv
  | Dense
  | MatMul
  | Attention
  | Recurrent
  | Embedding
  | Pool
  | Normalization
  | Softmax
  | Activation
  | Elementwise
  | Concat
  | Reshape
  | Upsample;

export type LayerKind = Operation['kind'];

/** One node of the network's graph, with every dimension known. */
export interface Layer {
  readonly name: string;
  readonly operation: Operation;
  /**
   * Indices of the layers it reads, all smaller than its own; -1 is the model's first input, -2 the second, and so on (Model.inputs).
   * A layer that reads -1 may state an input shape of its own (`input: 56 x 56 x 64` in its block), for lists of layers that are not
   * chained (SCALE-Sim).
   */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /**
   * Index of the earlier layer whose weights it reads, in whatever order of rows and columns: one table in memory, counted once. Absent: its
   * weights are its own. Never an index of a layer that shares in turn. Biases and scales are always its own.
   */
  readonly sharesWeightsOf?: number;
  readonly origin: Origin;
}

/** `static`: scales known beforehand. `dynamic`: a range pass over activations on the vector unit. `weight-only`: activations stay in base precision. */
export type QuantizationType = 'static' | 'dynamic' | 'weight-only';

/** Accuracy of the network by the precision that it is computed in, as a fraction of 1. */
export interface Accuracy {
  readonly metric: string;
  readonly byPrecision: Readonly<Partial<Record<Precision, number>>>;
}

/** An input of a network that has several. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
}

export interface Model {
  readonly name: string;
  readonly origin: Origin;
  /** Of the first input. */
  readonly inputShape: Shape;
  /** All inputs in their order, the first included, where there are several. */
  readonly inputs?: readonly ModelInput[];
  /** In an order in which every layer stands behind those that it reads. */
  readonly layers: readonly Layer[];
  readonly quantization: QuantizationType;
  readonly accuracy: Accuracy | null;
  /** What an importer guessed or left out; absent where the file states everything. */
  readonly caveats?: readonly Caveat[];
  /** What the user stated about operators that the importer does not understand. */
  readonly assumptions?: readonly UsedAssumption[];
}

/** Elements of a shape; 1 for a scalar. */
export function elementsOf(shape: Shape): number {
  let elements = 1;
  for (const dimension of shape) elements *= dimension;
  return elements;
}
