import type { Npu } from '../../design/index.ts';
import {
  activationFormat,
  bytesPerElement,
  productsPerElement,
  type StoredFormat,
  weightFormat,
} from '../../design/index.ts';
import { type LoopSize, type Mapping, mappedCycles } from './mapping.ts';

/** A kernel along one axis of an image. A plain product has size 1, stride 1 and padding 0. */
export interface KernelAxis {
  /** Positions of the kernel, and how many of them one tile has. */
  readonly size: LoopSize;
  readonly stride: number;
  readonly padding: number;
}

/**
 * A convolution or a product with the tiles that the chip's software uses. The loops over tiles are, from the outside: images, rows, columns,
 * filters, kernel positions, channels. Each iteration loads its inputs and its weights. Partial sums stay on the chip, and each output is
 * written once.
 */
export interface StatedMapping {
  readonly images: LoopSize;
  /** Rows and columns of the output. A plain product has one row, and its columns are the rows of the activations. */
  readonly height: LoopSize;
  readonly width: LoopSize;
  readonly channels: LoopSize;
  readonly filters: LoopSize;
  readonly kernelHeight: KernelAxis;
  readonly kernelWidth: KernelAxis;
  /** The part of the arrays' time in which loads and stores also proceed, 0 to 1. 1 if buffers never make them wait. */
  readonly overlap: number;
}

export interface MappedCost {
  readonly seconds: number;
  readonly arrayCycles: number;
  /** Bytes of off-chip memory, in whole accesses. */
  readonly bytes: number;
}

/**
 * The time of one convolution or product on a chip with one array, with the given tiles, in base mode:
 * arrays + max(0, transfers - overlap * arrays). With an overlap of 1 it is the longer of the two. Pixels, rows of weights and output pixels are
 * transferred in whole accesses of the off-chip memory (`accessBytes`).
 */
export function costOfMapping(npu: Npu, mapping: StatedMapping): MappedCost {
  const { rows, columns, dataflow, preload, issue } = npu.array;
  const { images, height, width, channels, filters, kernelHeight, kernelWidth } = mapping;
  const accessBytes = npu.hbm.accessBytes ?? 1;
  const inAccesses =
    (format: StoredFormat) =>
    (elements: number): number =>
      Math.ceil((elements * bytesPerElement(format)) / accessBytes) * accessBytes;
  const positions = kernelHeight.size.total * kernelWidth.size.total;
  const imageTiles = tileCount(images);
  const channelBytes = sumOverTiles(channels, inAccesses(activationFormat(npu.base)));
  const filterBytes = sumOverTiles(filters, inAccesses(weightFormat(npu.base)));
  const resultBytes = sumOverTiles(filters, inAccesses(activationFormat(npu.base)));
  const pixels = images.total * spanOfTiles(height, kernelHeight) * spanOfTiles(width, kernelWidth);
  const inputBytes = pixels * channelBytes * tileCount(filters);
  const weightBytes = positions * channels.total * filterBytes * imageTiles * tileCount(height) * tileCount(width);
  const outputBytes = images.total * height.total * width.total * resultBytes;
  const bytes = inputBytes + weightBytes + outputBytes;
  const product: Mapping = {
    images: Math.min(images.tile, images.total),
    height,
    width,
    channels,
    filters,
    kernelPositions: positions,
  };
  const shape = { rows, columns, dataflow, preload, issue: issue ?? null };
  const arrayCycles = imageTiles * mappedCycles(product, shape, npu.base.packing, productsPerElement(npu.base));
  const arraySeconds = arrayCycles / ((npu.array.sustainedFraction ?? 1) * npu.clockHertz);
  const { bandwidthBytesPerSecond, efficiency = 1 } = npu.hbm;
  const transferSeconds = bytes / (efficiency * bandwidthBytesPerSecond);
  const seconds = arraySeconds + Math.max(0, transferSeconds - mapping.overlap * arraySeconds);
  return { seconds, arrayCycles, bytes };
}

function tileCount({ total, tile }: LoopSize): number {
  return Math.ceil(total / tile);
}

function sumOverTiles({ total, tile }: LoopSize, of: (size: number) => number): number {
  const whole = Math.floor(total / tile);
  const rest = total - whole * tile;
  return whole * of(tile) + (rest === 0 ? 0 : of(rest));
}

/**
 * Input positions along one axis, summed over all tiles of outputs and of kernel positions, without padding. A stride larger than the kernel
 * loads the skipped pixels too.
 */
function spanOfTiles(output: LoopSize, kernel: KernelAxis): number {
  const { size, stride, padding } = kernel;
  const inputSize = (output.total - 1) * stride + size.total - 2 * padding;
  let sum = 0;
  for (let from = 0; from < output.total; from += output.tile) {
    const count = Math.min(output.tile, output.total - from);
    for (let position = 0; position < size.total; position += size.tile) {
      const kernelCount = Math.min(size.tile, size.total - position);
      const first = from * stride + position - padding;
      const end = first + (count - 1) * stride + Math.max(kernelCount, size.total < stride ? stride : 0);
      sum += Math.max(0, Math.min(end, inputSize) - Math.max(first, 0));
    }
  }
  return sum;
}
