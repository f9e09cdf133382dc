import { bytesPerElement, numberFormats, type StoredFormat } from '../../design/index.ts';
import type { LoweredLayer } from './lowering.ts';
import type { Product } from './product.ts';

/** The format in which memories store weights. */
export interface WeightStorage extends StoredFormat {
  /** Whether only the kept ones of 2:4 sparse weights are stored. */
  readonly isSparse?: boolean;
}

/** Position of a kept weight among its four neighbours (Mishra et al., arXiv 2104.08378, section 3). */
const indexBits = 2;

/** Whether the weights of a product can be 2:4 sparse: four neighbours are along the reduction. */
export function canBeSparse({ k, weights }: Product): boolean {
  return weights && k % 4 === 0;
}

/**
 * Bytes of the weights of a layer in the format in which a memory stores them. Blocks with a common scale are along the reduction of each output,
 * so the last block of an output can be shorter, but its scale has all bits.
 */
export function weightBytesOf(layer: LoweredLayer, format: WeightStorage): number {
  if (format.scale === undefined && format.isSparse !== true) return layer.weightElements * bytesPerElement(format);
  let bytes = 0;
  let elements = 0;
  for (const product of layer.products) {
    if (!product.weights) continue;
    bytes += product.groups * rightBytesOf(product, format);
    elements += product.groups * product.k * product.parts * product.n;
  }
  // The products of a mixture of experts are those of the touched experts only.
  return elements === layer.weightElements ? bytes : bytes * (layer.weightElements / elements);
}

/** Bytes of the K x N weights of one group of a product. */
export function rightBytesOf(product: Product, format: WeightStorage): number {
  const { k, parts, n } = product;
  const { scale } = format;
  const reduction = k * parts;
  const isSparse = format.isSparse === true && canBeSparse(product);
  if (scale === undefined && !isSparse) return reduction * n * bytesPerElement(format);
  const { elementBits } = numberFormats[format.format];
  const bits = isSparse ? (reduction / 2) * (elementBits + indexBits) : reduction * elementBits;
  // Sparse weights keep the scales of all blocks.
  const scaleBits = scale === undefined ? 0 : Math.ceil(reduction / scale.elements) * scale.bits;
  return (n * (bits + scaleBits)) / 8;
}
