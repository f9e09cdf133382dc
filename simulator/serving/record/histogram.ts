import { latencyFloorSeconds } from '../../../design/index.ts';

/**
 * Log-linear cells over seconds: 128 equal cells in each power of two (as HdrHistogram lays them, by the bits of the float),
 * from 2^-24 s (60 ns) to 2^16 s. A cell's middle is within 1/256 (0.39 %) of anything in it. Histograms of one layout merge by
 * addition.
 */
const CELLS_PER_OCTAVE = 128;
const LOWEST_EXPONENT = -24;
const OCTAVES = 40;
export const CELLS = CELLS_PER_OCTAVE * OCTAVES;
/** Bound of |reported - true| / true for values within the range. */
export const RELATIVE_ERROR = 1 / (2 * CELLS_PER_OCTAVE);

const float = new Float64Array(1);
/** The same eight bytes: [low, high] on the little-endian platforms that we run on. */
const words = new Uint32Array(float.buffer);
const FIRST = (LOWEST_EXPONENT + 1023) * CELLS_PER_OCTAVE;

/** The cell of a value >= 0; those below the range count in the first, those above in the last. */
export function cellOf(seconds: number): number {
  float[0] = seconds;
  const cell = ((words[1] as number) >>> 13) - FIRST;
  return cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : cell;
}

/** Lower border of a cell; `cell` may be one past the last. The lowest cell also counts all that is shorter, so it begins at 0. */
export function cellStart(cell: number): number {
  if (cell <= 0) return 0;
  const octave = Math.floor(cell / CELLS_PER_OCTAVE);
  return 2 ** (octave + LOWEST_EXPONENT) * (1 + (cell - octave * CELLS_PER_OCTAVE) / CELLS_PER_OCTAVE);
}

/** Upper border of a cell. The highest cell also counts all that is longer. */
export function cellEnd(cell: number): number {
  return cell >= CELLS - 1 ? Number.POSITIVE_INFINITY : cellStart(cell + 1);
}

/** What a value in a cell is reported as: the middle, or in the lowest cell an upper bound (see `latencyFloorSeconds`). */
export function cellValue(cell: number): number {
  return cell <= 0 ? latencyFloorSeconds : (cellStart(cell) + cellStart(cell + 1)) / 2;
}

/** Place of sorted[floor(n p)], which is LoadGen's percentile; the last where p is 1. -1 where nothing was counted. */
export function quantileCell(counts: ArrayLike<number>, from: number, cells: number, total: number, p: number): number {
  if (total <= 0) return -1;
  const rank = Math.min(total - 1, Math.floor(total * p));
  let below = 0;
  for (let cell = 0; cell < cells; cell++) {
    below += counts[from + cell] as number;
    if (below > rank) return cell;
  }
  return cells - 1;
}
