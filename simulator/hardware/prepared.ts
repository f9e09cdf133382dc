import type { ConvolutionLowering, Model } from '../../design/index.ts';
import { type Graph, graphOf } from './graph.ts';
import { type LoweredLayer, lowerLayer } from './lowering.ts';

/**
 * A model lowered for one batch size. The vector work of fused layers is added to their roots. It depends on the chip only in the lowering
 * of convolutions.
 */
export interface PreparedModel {
  readonly model: Model;
  readonly batch: number;
  readonly graph: Graph;
  readonly layers: readonly LoweredLayer[];
  /** For each layer: the vector operations of its pipeline, including those of the layers fused into it. 0 for fused layers. */
  readonly vectorOperations: Float64Array;
  /** For each layer: parameters that are never quantized, including those of fused layers. */
  readonly otherParameters: Float64Array;
  /** For each layer: input elements of its products, whose range dynamic quantization must find. 0 without products. */
  readonly rangedElements: Float64Array;
}

const cache = new WeakMap<Model, Map<string, PreparedModel>>();

export function prepare(model: Model, batch: number, convolution: ConvolutionLowering): PreparedModel {
  let byKey = cache.get(model);
  if (byKey === undefined) {
    byKey = new Map();
    cache.set(model, byKey);
  }
  const key = `${batch} ${convolution}`;
  let prepared = byKey.get(key);
  if (prepared === undefined) {
    prepared = build(model, batch, convolution);
    byKey.set(key, prepared);
  }
  return prepared;
}

function build(model: Model, batch: number, convolution: ConvolutionLowering): PreparedModel {
  const graph = graphOf(model);
  const layers = model.layers.map((layer) => lowerLayer(layer, batch, convolution));
  const vectorOperations = new Float64Array(layers.length);
  const otherParameters = new Float64Array(layers.length);
  const rangedElements = new Float64Array(layers.length);
  for (let index = 0; index < layers.length; index++) {
    const layer = layers[index];
    if (layer === undefined) break;
    const root = graph.root[index] ?? index;
    if (root < 0) continue;
    vectorOperations[root] = (vectorOperations[root] ?? 0) + layer.vectorOperations;
    otherParameters[root] = (otherParameters[root] ?? 0) + layer.otherParameters;
    if (layer.products.length > 0) {
      for (const elements of layer.inputElements) rangedElements[index] = (rangedElements[index] ?? 0) + elements;
    }
  }
  return { model, batch, graph, layers, vectorOperations, otherParameters, rangedElements };
}
