import type { Layer } from '../../design/index.ts';
import { lowerLayer } from './lowering.ts';
import { macsOf } from './product.ts';

/** How large a layer is on any chip. */
export interface LayerSize {
  /** Multiplications and additions of one sample. */
  readonly macs: number;
  readonly parameters: number;
}

/** The same counts as of a layer's cost, where no chip is named yet. */
export function layerSize(layer: Layer): LayerSize {
  const { products, weightElements, otherParameters } = lowerLayer(layer, 1, 'im2col');
  return {
    macs: products.reduce((sum, product) => sum + macsOf(product), 0),
    parameters: weightElements + otherParameters,
  };
}
