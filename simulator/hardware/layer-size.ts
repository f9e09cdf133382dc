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

/** The counts of a layer that do not depend on a chip. They equal those in the cost of the layer. */
export function layerSize(layer: Layer): LayerSize {
  const { products, storedWeightElements, otherParameters } = lowerLayer(layer, 1, 'im2col');
  return {
    macs: products.reduce((sum, product) => sum + macsOf(product), 0),
    parameters: storedWeightElements + otherParameters,
  };
}
