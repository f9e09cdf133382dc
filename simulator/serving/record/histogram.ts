import { latencyFloorSeconds } from '../../../design/index.ts';

/**
 * A histogram over seconds with 128 equal cells in each power of two, from 2^-24 s (60 ns) to 2^16 s. The bits of the
 * number give the cell, as in HdrHistogram. The middle of a cell differs from each value in it by at most 1/256 (0.39 %).
 * Adding the counts of two histograms merges them.
 */
const CELLS_PER_OCTAVE = 128;
const LOWEST_EXPONENT = -24;
const OCTAVES = 40;
export const CELLS = CELLS_PER_OCTAVE * OCTAVES;
/** The largest value of |reported - true| / true for values within the range. */
export const RELATIVE_ERROR = 1 / (2 * CELLS_PER_OCTAVE);

const float = new Float64Array(1);
/** The same eight bytes: [low, high] on the little-endian platforms that we run on. */
const words = new Uint32Array(float.buffer);
const FIRST = (LOWEST_EXPONENT + 1023) * CELLS_PER_OCTAVE;

/** The cell of a value >= 0. Values below the range are in the first cell, values above it in the last. */
export function cellOf(seconds: number): number {
  float[0] = seconds;
  const cell = ((words[1] as number) >>> 13) - FIRST;
  return cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : cell;
}

/**
 * The lower border of a cell; `cell` can be one after the last. The lowest cell includes all shorter times, so it
 * starts at 0.
 */
export function cellStart(cell: number): number {
  if (cell <= 0) return 0;
  const octave = Math.floor(cell / CELLS_PER_OCTAVE);
  return 2 ** (octave + LOWEST_EXPONENT) * (1 + (cell - octave * CELLS_PER_OCTAVE) / CELLS_PER_OCTAVE);
}

/** The upper border of a cell. The highest cell includes all longer times, so its border is Infinity. */
export function cellEnd(cell: number): number {
  return cell >= CELLS - 1 ? Number.POSITIVE_INFINITY : cellStart(cell + 1);
}

/** The value that we report for a cell: its middle, or for the lowest cell an upper bound (see `latencyFloorSeconds`). */
export function cellValue(cell: number): number {
  return cell <= 0 ? latencyFloorSeconds : (cellStart(cell) + cellStart(cell + 1)) / 2;
}

/**
 * The cell of the percentile p (0 to 1), defined as in LoadGen: the value sorted[floor(n p)], or the largest value if p
 * is 1. Returns -1 if the histogram is empty.
 */
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
