/**
 * Time in equal buckets at a fixed budget: when the run outgrows them, neighbours are added up and the width doubles. What is
 * kept per bucket adds up, so nothing is lost but resolution. A slot is SLOT_BUCKETS buckets: the batches of the batch-means
 * intervals, and the grain at which the warm-up is left out.
 */
export const BUCKETS = 256;
export const SLOT_BUCKETS = 4;
export const SLOTS = BUCKETS / SLOT_BUCKETS;

type Column = Float64Array | Uint32Array;

/** row[i] = row[2i] + row[2i + 1], rows of `stride` cells of which [from, to) can be other than 0; the upper half is cleared. */
export function foldRows(column: Column, stride: number, rows: number, from = 0, to = stride): void {
  const half = rows / 2;
  for (let row = 0; row < half; row++) {
    const target = row * stride;
    const left = 2 * row * stride;
    const right = left + stride;
    for (let cell = from; cell < to; cell++) {
      column[target + cell] = (column[left + cell] as number) + (column[right + cell] as number);
    }
  }
  column.fill(0, half * stride);
}

/** As foldRows, with the larger of both. */
export function foldLargest(column: Float64Array, rows: number): void {
  const half = rows / 2;
  for (let row = 0; row < half; row++) {
    column[row] = Math.max(column[2 * row] as number, column[2 * row + 1] as number);
  }
  column.fill(0, half);
}
