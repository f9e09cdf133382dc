import type { Layer } from '../../design/index.ts';
import { lowerLayer } from './lowering.ts';
import { macsOf } from './product.ts';

/** How large a layer is on any chip. */
export interface LayerSize {
  /** Multiplications and additions of one sample. */
  readonly macs: number;
  /** Weights that an earlier layer keeps are not counted again. */
  readonly parameters: number;
}

/** The same counts as of a layer's cost, where no chip is named yet. */
export function layerSize(layer: Layer): LayerSize {
  const { products, storedWeightElements, otherParameters } = lowerLayer(layer, 1, 'im2col');
  return {
    macs: products.reduce((sum, product) => sum + macsOf(product), 0),
    parameters: storedWeightElements + otherParameters,
  };
}
