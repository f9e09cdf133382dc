import { bytesPerElement, numberFormats, type StoredFormat } from '../../design/index.ts';
import type { LoweredLayer } from './lowering.ts';
import type { Product } from './product.ts';

/**
 * Bytes of the weights of a layer in the format in which a memory stores them. Blocks with a common scale lie along the reduction of each output,
 * so the last block of an output can be shorter, but its scale has all bits.
 */
export function weightBytesOf(layer: LoweredLayer, format: StoredFormat): number {
  if (format.scale === undefined) return layer.weightElements * bytesPerElement(format);
  let bytes = 0;
  for (const product of layer.products) {
    if (product.weights) bytes += product.groups * rightBytesOf(product, format);
  }
  return bytes;
}

/** Bytes of the K x N operand of one group of a product. */
export function rightBytesOf({ k, parts, n }: Product, format: StoredFormat): number {
  const { scale } = format;
  const reduction = k * parts;
  if (scale === undefined) return reduction * n * bytesPerElement(format);
  const scaleBits = Math.ceil(reduction / scale.elements) * scale.bits;
  return (n * (reduction * numberFormats[format.format].elementBits + scaleBits)) / 8;
}
