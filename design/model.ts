import type { Caveat } from './caveat.ts';
import type { UsedAssumption } from './model-statements.ts';
import type { AccuracyKey } from './operating-mode.ts';
import type { Origin } from './origin.ts';

/**
 * Dimensions of one sample, without the batch. Images are height x width x channels, volumes depth x height x width x channels,
 * sequences steps x features, vectors features.
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

/** The movement of a window along the depth of a volume. */
export interface DepthAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros in front of the first slice and behind the last one. */
  readonly front: number;
  readonly back: number;
}

/**
 * Convolution over height x width x channels, length x channels (then the window moves along its width, and its height is 1), or depth x height
 * x width x channels (then `depth` is present). Depthwise if groups = input channels. Weights: kernel x
 * channels/groups x filters.
 */
export interface Conv {
  readonly kind: 'conv';
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
  readonly depth?: DepthAxis;
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
}

/**
 * y = xW + b on the last dimension; every leading dimension is a row. `sequential`: the first dimension is a sequence of steps, and each
 * step depends on the network's output for the previous step (a decoder that reads its own output).
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
 * Multi-head attention of a (steps x features) sequence, including its projections:
 * queries, keys and values, scores, softmax, context, output. `contextLength` is the number of keys that each query attends to
 * (the sequence itself, plus the keys in a cache); `keyValueHeads` < `heads` is grouped-query attention.
 * An optional second input gives keys and values (cross attention).
 */
export interface Attention {
  readonly kind: 'attention';
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly contextLength: number;
  readonly causal: boolean;
  /** `qkv`: the projections of queries, keys and values have a bias, and the output projection has none (Qwen2). */
  readonly bias: boolean | 'qkv';
  /**
   * Only in a model that is open in tokens: the keys and values of earlier tokens are in the KV cache, and each token attends to all tokens up to
   * itself. `contextLength` is then 1, the token alone; a step states the real context.
   */
  readonly cache?: true;
  /** The most keys that a query attends to: the last ones, with its own. Absent: all of them. */
  readonly window?: number;
  /** Whether queries and keys are rotated by their position. */
  readonly rotary?: true;
  /** Whether each head of queries and keys is normalized by its root mean square, with one scale for each element of a head (Qwen3). */
  readonly queryKeyNorm?: true;
  /** Scores, softmax and context without the projections. The simulator makes it to price a step; no file contains it. */
  readonly part?: 'core';
}

/**
 * The feed-forward network of a decoder layer: `width` hidden features, and the features of its input again. `gated`: the function of one product
 * multiplies a second product (SwiGLU). With several experts, a router selects `active` of them for each token.
 */
export interface FeedForward {
  readonly kind: 'feed-forward';
  readonly width: number;
  readonly gated: boolean;
  readonly function: ActivationFunction;
  readonly bias: boolean;
  /** 1: no router. */
  readonly experts: number;
  readonly active: number;
}

/**
 * LSTM, GRU or plain RNN over (steps x features), or (steps x sequences x features). Steps run one after another, because the recurrent
 * product depends on the previous step. `sequential`: the input's product depends on it too (see Dense).
 */
export interface Recurrent {
  readonly kind: 'recurrent';
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly hidden: number;
  readonly directions: 1 | 2;
  readonly bias: boolean;
  readonly sequential?: boolean;
}

/** Table look-ups: reads `lookups` rows of `width` elements from a table of `rows`, and sums them if `pooled`. */
export interface Embedding {
  readonly kind: 'embedding';
  readonly rows: number;
  readonly width: number;
  readonly lookups: number;
  readonly pooled: boolean;
}

/** Pooling. Its input and output have the same dimensions as those of a convolution. */
export interface Pool {
  readonly kind: 'pool';
  readonly operation: 'max' | 'average';
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly depth?: DepthAxis;
}

export interface Normalization {
  readonly kind: 'normalization';
  readonly normalization: 'batch' | 'layer' | 'group' | 'rms' | 'local-response';
  /** Batch normalization whose scale and shift are merged into the convolution before it. It costs nothing and has no parameters. */
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

/** Combines inputs element by element. They have one shape, or one is broadcast to the other. */
export interface Elementwise {
  readonly kind: 'elementwise';
  readonly operation: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min' | 'pow' | 'other';
}

/** Joins its inputs along one dimension. A negative axis counts from the end. */
export interface Concat {
  readonly kind: 'concat';
  readonly axis: number;
}

/**
 * The same elements in another shape or order: reshape, flatten, transpose, slice, channel shuffle. It moves bytes only if `copies` is true.
 * The layer states its output shape. A slice or a gather has fewer output than input elements, an expansion has more.
 */
export interface Reshape {
  readonly kind: 'reshape';
  readonly copies: boolean;
  /**
   * Only in a model that is open in tokens: keeps the last token of each sequence. The layers after it run once for each sequence of a step, not
   * for each token.
   */
  readonly lastToken?: true;
}

/** Enlarges an image with nearest or linear interpolation. */
export interface Upsample {
  readonly kind: 'upsample';
  readonly factor: Pair;
}

export type Operation =
  | Conv
  | Dense
  | MatMul
  | Attention
  | FeedForward
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

/** One node of the network's graph. Every dimension is known. */
export interface Layer {
  readonly name: string;
  readonly operation: Operation;
  /**
   * Indices of the layers that this layer reads, all smaller than its own index. -1 is the model's first input, -2 the second, and so on
   * (Model.inputs). A layer that reads -1 may state its input shape (`input: 56 x 56 x 64` in its block), for lists of independent layers
   * (SCALE-Sim).
   */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /**
   * Index of the earlier layer whose weights this layer reads, possibly transposed. The weights are in memory once and count once. Absent if
   * the layer has its own weights. The index never refers to a layer that itself shares weights. Biases and scales are never shared.
   */
  readonly sharesWeightsOf?: number;
  readonly origin: Origin;
}

/**
 * `static`: the scales are known in advance. `dynamic`: a range pass over activations on the vector unit. `weight-only`: activations stay
 * in base precision.
 */
export type QuantizationType = 'static' | 'dynamic' | 'weight-only';

/** Accuracy of the network for the formats in which it can run, as a fraction of 1. */
export interface Accuracy {
  readonly metric: string;
  readonly byPrecision: Readonly<Partial<Record<AccuracyKey, number>>>;
}

/** One input of a network with several inputs. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
}

export interface Model {
  readonly name: string;
  readonly origin: Origin;
  /** The shape of the first input. In an open model, that of one token. */
  readonly inputShape: Shape;
  /**
   * `tokens`: the layers are those of one token, and the batch is the tokens of a step, of any sequences. Only attention with a cache connects
   * tokens. Absent: every request has the same shape.
   */
  readonly open?: 'tokens';
  /** All inputs in order, including the first one. Present if there are several. */
  readonly inputs?: readonly ModelInput[];
  /** In topological order: every layer comes after the layers that it reads. */
  readonly layers: readonly Layer[];
  readonly quantization: QuantizationType;
  /** `two-of-four`: of four neighbouring weights of a reduction, at least two are zero. Default: the weights are dense. */
  readonly sparsity?: 'two-of-four';
  readonly accuracy: Accuracy | null;
  /** What an importer guessed or left out. Absent if the file states everything. */
  readonly caveats?: readonly Caveat[];
  /** The user's assumptions about operators that the importer does not support. */
  readonly assumptions?: readonly UsedAssumption[];
}

/** All inputs of a network, in order. */
export function inputsOf({ inputs, inputShape }: Model): readonly Pick<ModelInput, 'shape'>[] {
  return inputs ?? [{ shape: inputShape }];
}

/** Elements of a shape; 1 for a scalar. */
export function elementsOf(shape: Shape): number {
  let elements = 1;
  // Networks have thousands of shapes, and an iterator would be allocated for each.
  for (let axis = 0; axis < shape.length; axis++) elements *= shape[axis] ?? 1;
  return elements;
}
