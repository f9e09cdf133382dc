import type { Mode, Model, Npu } from '../../design/index.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import { weightBytes } from './weight-ranking.ts';

/** Bytes of the parameters of each layer in the formats of a mode, as off-chip memory stores them. Shared weights count for the first layer. */
export function storedWeightBytes(npu: Npu, model: Model, mode: Mode): Float64Array {
  return weightBytes(npu, prepare(model, 1, npu.array.convolution ?? 'im2col'), mode);
}

/** Elements of quantized weights that one pass reads from off-chip memory. `shares`: for each layer, the share of its weights that is on chip. */
export function streamedWeightElements({ layers }: PreparedModel, shares: Float64Array): number {
  let elements = 0;
  for (const [index, layer] of layers.entries()) {
    if (layer.quantizes) elements += (1 - (shares[index] ?? 0)) * layer.weightElementsRead;
  }
  return elements;
}
