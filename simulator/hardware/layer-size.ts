import type { Layer } from '../../design/index.ts';
import { lowerLayer } from './lowering.ts';
import { macsOf } from './product.ts';

/** The size of a layer, which does not depend on the chip. */
export interface LayerSize {
  /** Multiplications and additions of one sample. */
  readonly macs: number;
  /** Weights that the layer shares with an earlier layer do not count again. */
  readonly parameters: number;
}

/** The same counts as in the cost of a layer, for places without a chip. */
export function layerSize(layer: Layer): LayerSize {
  const { products, storedWeightElements, otherParameters } = lowerLayer(layer, 1, 'im2col');
  return {
    macs: products.reduce((sum, product) => sum + macsOf(product), 0),
    parameters: storedWeightElements + otherParameters,
  };
}
