import type { Packing } from '../../design/index.ts';
import { type ArrayShape, effectiveSize, foldCycles, passCycles } from './array-timing.ts';

/**
 * A given mapping: the total loop sizes of a product or a convolution, and the tile that one iteration of the outer loops processes. The kernel
 * positions of a convolution are processed one by one (direct convolution); a plain product has one position. Tiles at the ends have the
 * remaining size.
 */
export interface Mapping {
  /** Number of images, or 1. Each image has all the rows below. */
  readonly images: number;
  /** Rows of the output image and their width. A plain product has one row; its width is the number of activation rows. */
  readonly height: LoopSize;
  readonly width: LoopSize;
  readonly channels: LoopSize;
  readonly filters: LoopSize;
  readonly kernelPositions: number;
}

export interface LoopSize {
  readonly total: number;
  readonly tile: number;
}

/**
 * Cycles of one weight-stationary array with hidden preload for a given mapping. The channels and filters of each tile are rounded up to the
 * array separately, and its rows are issued separately.
 */
export function mappedCycles(mapping: Mapping, array: ArrayShape, packing: Packing, products = 2): number {
  const { rows: reduction, columns } = effectiveSize(array, packing, products);
  const folds =
    mapping.kernelPositions *
    sumOverTiles(mapping.channels, (size) => Math.ceil(size / reduction)) *
    sumOverTiles(mapping.filters, (size) => Math.ceil(size / columns));
  // Each fold processes each tile of rows, and is loaded again for each of them.
  let passes = 0;
  forEachTile(mapping.height, (height) => {
    forEachTile(mapping.width, (width) => {
      passes += Math.max(passCycles(mapping.images * height, width, array), array.rows);
    });
  });
  // First load, skew and drain count once. The other loads are hidden behind the previous pass.
  return foldCycles(1, 0, 0, array) + folds * passes;
}

function sumOverTiles(loop: LoopSize, of: (size: number) => number): number {
  let sum = 0;
  forEachTile(loop, (size) => {
    sum += of(size);
  });
  return sum;
}

function forEachTile(loop: LoopSize, visit: (size: number) => void): void {
  for (let left = loop.total; left > 0; left -= loop.tile) visit(Math.min(left, loop.tile));
}
