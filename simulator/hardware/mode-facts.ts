import type { Mode, Model, Npu, OperatingMode, Packing, Precision, SystolicArray } from '../../design/index.ts';
import {
  accumulatorBytes,
  activationFormat,
  arrayElements,
  arraysOf,
  bytesPerElement,
  cacheFormat,
  productsPerElement,
  storedAs,
  weightCopiesOf,
  weightFormat,
} from '../../design/index.ts';
import type { WeightStorage } from './stored-weights.ts';

/** The properties of a mode for a model on a chip: formats, packing, and the source of the weights. */
export interface ModeFacts {
  readonly mode: Mode;
  /** The format in which memories store the weights of products. */
  readonly weights: WeightStorage;
  /** The format of the weights that stay in the large scratchpad between requests in base mode. */
  readonly baseWeights: WeightStorage;
  /** How many times faster products with 2:4 sparse weights are. null if the chip or the network has no such weights. */
  readonly sparseSpeedup: number | null;
  /** The precision of the multipliers. With weight-only quantization it is the base precision. */
  readonly computePrecision: Precision;
  readonly packing: Packing;
  /** Multiplications of one processing element per cycle. */
  readonly products: number;
  readonly activationBytes: number;
  /** Bytes of one element of cached keys and values. */
  readonly cachedBytes: number;
  readonly accumulatorBytes: number;
  /** Biases and scales stay in base precision in every mode. */
  readonly otherParameterBytes: number;
  /** Whether the chip can convert resident base weights. */
  readonly converts: boolean;
  /** Whether the ranges of activations are found at run time. */
  readonly rangesActivations: boolean;
  /** Multiplications per cycle of all arrays together. */
  readonly peakMacsPerCycle: number;
}

/**
 * null if the chip has no burst mode.
 *
 * @param array the kind of array that computes. Only `sparseSpeedup` depends on it: all kinds share the memories, so they store the same formats.
 */
export function modeFacts(npu: Npu, model: Model, mode: Mode, array: SystolicArray = npu.array): ModeFacts | null {
  const base = npu.base;
  const own: OperatingMode | null = mode === 'base' ? base : npu.burst;
  if (own === null) return null;
  const quantized = mode === 'burst' && own.precision !== base.precision;
  const computes = quantized && model.quantization === 'weight-only' ? base : own;
  const products = productsPerElement(computes);
  const isSparse =
    model.sparsity !== undefined && arraysOf(npu).some(({ sparseSpeedup }) => sparseSpeedup !== undefined);
  return {
    mode,
    weights: isSparse ? { ...weightFormat(own), isSparse } : weightFormat(own),
    baseWeights: isSparse ? { ...weightFormat(base), isSparse } : weightFormat(base),
    sparseSpeedup: isSparse ? (array.sparseSpeedup ?? null) : null,
    computePrecision: computes.precision,
    packing: computes.packing,
    products,
    activationBytes: bytesPerElement(activationFormat(computes)),
    cachedBytes: bytesPerElement(cacheFormat(computes)),
    accumulatorBytes: accumulatorBytes(computes),
    otherParameterBytes: bytesPerElement(storedAs(base.precision)),
    converts: mode === 'burst' && weightCopiesOf(npu) === 'on-chip',
    rangesActivations: quantized && model.quantization === 'dynamic',
    peakMacsPerCycle: products * arrayElements(npu),
  };
}
