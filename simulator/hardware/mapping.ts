import type { Packing } from '../../design/index.ts';
import { type ArrayShape, foldCycles, passCycles } from './array-timing.ts';

/**
 * A mapping that is given, not found: total sizes of a product's or convolution's loops and the tile that one pass of the outer
 * loops holds. A convolution's kernel positions are walked one by one (direct convolution); a plain product has one.
 * Tiles at the ends are what is left.
 */
export interface Mapping {
  /** Images, or 1: each has all the rows below. */
  readonly images: number;
  /** Rows of the output image and their width; a plain product has one row, as wide as it has rows of activations. */
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
 * Cycles of one weight-stationary array with hidden preload under a given mapping: each tile's channels and filters are rounded up to
 * the array by themselves, its rows issue by themselves.
 */
export function mappedCycles(mapping: Mapping, array: ArrayShape, packing: Packing): number {
  const reduction = packing === 'reduction' ? 2 * array.rows : array.rows;
  const columns = packing === 'columns' ? 2 * array.columns : array.columns;
  const folds =
    mapping.kernelPositions *
    sumOverTiles(mapping.channels, (size) => Math.ceil(size / reduction)) *
    sumOverTiles(mapping.filters, (size) => Math.ceil(size / columns));
  // Each of the folds meets each tile of rows; a fold that meets several is loaded anew for each.
  let passes = 0;
  forEachTile(mapping.height, (height) => {
    forEachTile(mapping.width, (width) => {
      passes += Math.max(passCycles(mapping.images * height, width, array), array.rows);
    });
  });
  // First load, skew and drain once; the passes in between hide the next fold's load.
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
