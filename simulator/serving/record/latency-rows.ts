import { BUCKETS } from './buckets.ts';
import { CELLS } from './histogram.ts';

/**
 * The latency histograms of all buckets of a serve take 5 MB, almost all of which stay zero. A short run needs less time for its requests than
 * for a new array of this size, so a finished run leaves its array, cleared, to the next one. Whether an array is new or used has no effect.
 */
const spare: Uint32Array[] = [];

/** Bounds the memory that stays in use after a run with many serves. A language model has five recorders, and most other scenarios have at most four serves. */
const mostSpare = 5;

/** An array of zeros: one row of `CELLS` cells for each bucket. */
export function takeLatencyRows(): Uint32Array {
  return spare.pop() ?? new Uint32Array(BUCKETS * CELLS);
}

/** Takes back an array that nothing reads any more. Only the cells from `lowest` to `highest` of its rows can differ from 0. */
export function giveBackLatencyRows(rows: Uint32Array, lowest: number, highest: number): void {
  if (spare.length >= mostSpare) return;
  for (let row = 0; row < BUCKETS; row++) rows.fill(0, row * CELLS + lowest, row * CELLS + highest + 1);
  spare.push(rows);
}
