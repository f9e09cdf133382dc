/**
 * A fixed number of equal buckets divides the time of a run. If the run needs more, each two neighbours are added together
 * and the width doubles. All values of a bucket are sums, so only resolution is lost.
 *
 * A slot consists of SLOT_BUCKETS buckets. The batch-means confidence intervals use the slots as their batches, and the
 * warm-up consists of whole slots.
 */
export const BUCKETS = 256;
export const SLOT_BUCKETS = 4;
export const SLOTS = BUCKETS / SLOT_BUCKETS;

type Column = Float64Array | Uint32Array;

/**
 * Sets row[i] = row[2i] + row[2i + 1] and clears the upper half. A row has `stride` cells. Cells outside of [from, to) must
 * be 0.
 */
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
  // Cells outside of the range are 0 already: clearing whole rows of a wide column would take longer than a short run.
  for (let row = half; row < rows; row++) column.fill(0, row * stride + from, row * stride + to);
}

/** Like foldRows, but row[i] becomes the larger of the two values. */
export function foldLargest(column: Float64Array, rows: number): void {
  const half = rows / 2;
  for (let row = 0; row < half; row++) {
    column[row] = Math.max(column[2 * row] as number, column[2 * row + 1] as number);
  }
  column.fill(0, half);
}
