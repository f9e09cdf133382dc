import type { Attention, Conv, ConvolutionLowering, Layer, Operation, Recurrent, Shape } from '../../design/index.ts';
import { assertNever, elementsOf, recurrentGates, weightElementsOf, windowElements } from '../../design/index.ts';
import { type AttentionCore, reachedKeys, scoreOperations } from './attention-timing.ts';
import { lowerFeedForward } from './feed-forward.ts';
import type { Work } from './lowered-work.ts';
import { type Product, product } from './product.ts';
import {
  activationOperations,
  elementwiseOperations,
  normalizationOperations,
  positionOperations,
  recurrentOperations,
  softmaxOperations,
} from './vector-work.ts';

/** A layer as the chip processes it: matrix products, vector work and elements to move, for a whole batch. */
export interface LoweredLayer {
  readonly products: readonly Product[];
  /** Elementary operations of the vector unit. */
  readonly vectorOperations: number;
  /** Weights of products, which burst mode quantizes, and of look-up tables. Tables stay in base precision, because nothing multiplies them. */
  readonly weightElements: number;
  /** The part of `weightElements` that no earlier layer has. 0 if the layer shares the weights of another one. */
  readonly storedWeightElements: number;
  readonly quantizes: boolean;
  /** Biases and scales. */
  readonly otherParameters: number;
  /** Weights that one pass over the batch reads: all of them, except for look-ups. */
  readonly weightElementsRead: number;
  /** For each input of the layer. */
  readonly inputElements: readonly number[];
  readonly outputElements: number;
  /** Rows of the product whose input pixels two neighbouring tiles both read. 0 for everything but convolutions with large kernels. */
  readonly overlapRows: number;
  /** Elements read from HBM in addition to the inputs: keys and values in a cache. */
  readonly cachedElements: number;
  /** Scores, softmax and context of an attention layer. null for other layers. */
  readonly attention: AttentionCore | null;
  /** Inputs from this index on are the right-hand side of a product, like weights. */
  readonly firstRightInput: number;
}

/** Whether a layer only renames its input and changes no element. */
export function isAlias(operation: Operation): boolean {
  return (
    (operation.kind === 'reshape' && !operation.copies) || (operation.kind === 'normalization' && operation.folded)
  );
}

/** Lowers one layer for a batch. Every dimension is known (see Layer). */
export function lowerLayer(layer: Layer, batch: number, convolution: ConvolutionLowering): LoweredLayer {
  const work = workOf(layer, batch, convolution);
  const weightElements = weightElementsOf(layer.operation, layer.inputShapes, layer.outputShape);
  return {
    products: work.products ?? [],
    vectorOperations: work.vectorOperations ?? 0,
    weightElements,
    storedWeightElements: layer.sharesWeightsOf === undefined ? weightElements : 0,
    quantizes: work.products !== undefined,
    otherParameters: work.otherParameters ?? 0,
    weightElementsRead: work.weightElementsRead ?? weightElements,
    inputElements: layer.inputShapes.map((shape) => elementsOf(shape) * batch),
    outputElements: elementsOf(layer.outputShape) * batch,
    overlapRows: work.overlapRows ?? 0,
    cachedElements: work.cachedElements ?? 0,
    attention: work.attention ?? null,
    firstRightInput: layer.operation.kind === 'matmul' ? 1 : Number.POSITIVE_INFINITY,
  };
}

function workOf(layer: Layer, batch: number, convolution: ConvolutionLowering): Work {
  const { operation, outputShape } = layer;
  const input = layer.inputShapes[0] ?? [];
  const inputElements = elementsOf(input) * batch;
  const outputElements = elementsOf(outputShape) * batch;
  switch (operation.kind) {
    case 'conv':
      return lowerConv(operation, input, outputShape, batch, convolution);
    case 'dense': {
      const features = lastOf(input);
      const rows = inputElements / features;
      const steps = operation.sequential === true && input.length > 1 ? (input[0] ?? 1) : 1;
      return {
        products: [product({ m: rows / steps, k: features, n: operation.outputs, repeats: steps, weights: true })],
        otherParameters: operation.bias ? operation.outputs : 0,
      };
    }
    case 'matmul': {
      const rows = input.length < 2 ? 1 : (input.at(-2) ?? 1);
      const k = lastOf(input);
      const n = lastOf(outputShape);
      // Counted from the result, because either side may be broadcast over the leading dimensions of the other one.
      return { products: [product({ m: rows, k, n, groups: (elementsOf(outputShape) / (rows * n)) * batch })] };
    }
    case 'attention':
      return lowerAttention(operation, layer, batch);
    case 'feed-forward':
      return lowerFeedForward(operation, lastOf(input), inputElements / lastOf(input));
    case 'recurrent':
      return lowerRecurrent(operation, input, batch);
    case 'embedding': {
      const touched = operation.lookups * operation.width * batch;
      return {
        weightElementsRead: Math.min(touched, operation.rows * operation.width),
        vectorOperations: operation.pooled ? touched : 0,
      };
    }
    case 'pool': {
      const window = windowElements(operation);
      return { vectorOperations: outputElements * (operation.operation === 'max' ? window : window + 1) };
    }
    case 'normalization': {
      if (operation.folded) return {};
      const perElement = normalizationOperations[operation.normalization];
      const scales = operation.normalization === 'local-response' ? 0 : lastOf(input);
      return {
        vectorOperations: inputElements * perElement,
        otherParameters: operation.normalization === 'rms' ? scales : 2 * scales,
      };
    }
    case 'softmax':
      return { vectorOperations: inputElements * softmaxOperations };
    case 'activation':
      return { vectorOperations: inputElements * activationOperations[operation.function] };
    case 'elementwise':
      return {
        vectorOperations:
          outputElements * elementwiseOperations[operation.operation] * Math.max(1, layer.inputs.length - 1),
      };
    case 'upsample':
      // Counts linear interpolation. Nearest costs less, but the layer does not state which of the two it uses.
      return { vectorOperations: outputElements * 3 };
    case 'concat':
    case 'reshape':
      return {};
    default:
      return assertNever(operation);
  }
}

/** Image height x width x channels -> height x width x filters. */
function lowerConv(conv: Conv, input: Shape, output: Shape, batch: number, convolution: ConvolutionLowering): Work {
  const channels = lastOf(input) / conv.groups;
  const filters = conv.filters / conv.groups;
  const positions = windowElements(conv);
  const rows = (elementsOf(output) / lastOf(output)) * batch;
  const direct = convolution === 'direct';
  return {
    products: [
      product({
        m: rows,
        k: direct ? channels : channels * positions,
        parts: direct ? positions : 1,
        n: filters,
        groups: conv.groups,
        runLength: output.at(-2) ?? 1,
        weights: true,
      }),
    ],
    otherParameters: conv.bias ? conv.filters : 0,
    overlapRows: Math.max(0, Math.ceil(conv.kernel.height / conv.stride.height) - 1) * (output.at(-2) ?? 1),
  };
}

/**
 * The share of the pixels of its input that a convolution or a pooling reads. It is below 1 if the stride is larger than the kernel: a 1 x 1
 * convolution with stride 2 reads a quarter.
 */
export function readShare(operation: Operation, input: Shape, output: Shape): number {
  if (operation.kind !== 'conv' && operation.kind !== 'pool') return 1;
  const { kernel, stride } = operation;
  const along = (axis: number, size: number, step: number): number =>
    step <= size ? 1 : Math.min(1, ((output.at(axis) ?? 1) * size) / (input.at(axis) ?? 1));
  return along(-3, kernel.height, stride.height) * along(-2, kernel.width, stride.width);
}

/**
 * Projections of queries (heads x size) and of keys and values (key-value heads x size), scores and context for each key-value head, and the
 * output projection. The query heads that share a key-value head are additional rows. A causal mask saves nothing, because the array computes
 * whole tiles.
 */
function lowerAttention(attention: Attention, layer: Layer, batch: number): Work {
  const { heads, keyValueHeads, headSize, window, bias } = attention;
  const queries = layer.inputShapes[0] ?? [];
  const keys = layer.inputShapes[1] ?? queries;
  const features = lastOf(queries);
  const keyFeatures = lastOf(keys);
  const steps = elementsOf(queries) / features;
  const keySteps = elementsOf(keys) / keyFeatures;
  const queryWidth = heads * headSize;
  const keyValueWidth = keyValueHeads * headSize;
  const outputs = lastOf(layer.outputShape);
  const sharing = heads / keyValueHeads;
  const isCore = attention.part === 'core';
  const core: AttentionCore = {
    sequences: batch,
    queries: steps,
    keys: attention.contextLength,
    heads,
    keyValueHeads,
    headSize,
    causal: attention.causal,
    ...(window === undefined ? {} : { window }),
  };
  // Whole matrices: a mask or a window saves nothing among the queries themselves.
  const contextLength = reachedKeys(core);
  const scored: readonly Product[] = [
    product({ m: steps * sharing, k: headSize, n: contextLength, groups: keyValueHeads * batch }),
    product({ m: steps * sharing, k: contextLength, n: headSize, groups: keyValueHeads * batch }),
  ];
  const scores = heads * steps * contextLength * scoreOperations * batch;
  if (isCore) {
    const cachedElements = 2 * contextLength * keyValueWidth * batch;
    return { products: scored, vectorOperations: scores, attention: core, cachedElements };
  }
  const positioned = (queryWidth + keyValueWidth) * steps * batch;
  return {
    products: [
      product({ m: steps * batch, k: features, n: queryWidth, weights: true }),
      product({ m: keySteps * batch, k: keyFeatures, n: 2 * keyValueWidth, weights: true }),
      ...scored,
      product({ m: steps * batch, k: queryWidth, n: outputs, weights: true }),
    ],
    vectorOperations: scores + positioned * positionOperations(attention),
    attention: core,
    otherParameters:
      (bias === false ? 0 : queryWidth + 2 * keyValueWidth) +
      (bias === true ? outputs : 0) +
      (attention.queryKeyNorm === true ? 2 * headSize : 0),
    cachedElements: 2 * Math.max(0, contextLength - keySteps) * keyValueWidth * batch,
  };
}

/**
 * First the product of the input, for all steps at once (or step by step if sequential). Then the product of the state, step by step
 * because of the recurrence.
 */
function lowerRecurrent(recurrent: Recurrent, input: Shape, batch: number): Work {
  const features = lastOf(input);
  const steps = input.length > 1 ? (input[0] ?? 1) : 1;
  const rows = (elementsOf(input) / (features * steps)) * batch;
  const runs = recurrent.sequential === true ? steps : 1;
  const { hidden, directions, cell, bias } = recurrent;
  const gates = recurrentGates[cell];
  const width = gates * hidden;
  return {
    products: [
      product({ m: (steps / runs) * rows, k: features, n: directions * width, repeats: runs, weights: true }),
      product({ m: rows, k: hidden, n: width, groups: directions, repeats: steps, weights: true }),
    ],
    vectorOperations: steps * hidden * directions * recurrentOperations[cell] * rows,
    // Two biases for each gate, as in ONNX and cuDNN.
    otherParameters: bias ? 2 * directions * width : 0,
  };
}

function lastOf(shape: Shape): number {
  return shape.at(-1) ?? 1;
}
