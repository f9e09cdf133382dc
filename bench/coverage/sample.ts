/** The number of cells in each power of two. With this number, the relative error of a quantile is at most 1/4096. */
const CELLS = 4096;
const LOWEST_EXPONENT = -12;
const OCTAVES = 44;
const FIRST = (LOWEST_EXPONENT + 127) * CELLS;
/**
 * The number of parts of a run. Their variance gives the standard errors. Each part has many thousand memories of its
 * queue.
 */
const PARTS = 64;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

export interface Figures {
  readonly mean: number;
  readonly meanError: number;
  readonly p99: number;
  readonly p99Error: number;
}

/** The latencies of one long run: their mean, a quantile, and the standard errors of both from batch means. */
export class Sample {
  private readonly partSize: number;
  private readonly sums = new Float64Array(PARTS);
  private readonly counts = new Float64Array(PARTS);
  private readonly cells = Array.from({ length: PARTS }, () => new Uint32Array(CELLS * OCTAVES));
  private seen = 0;
  /** The first thousandth of the run is excluded, because each loop starts with an empty queue. */
  private readonly warmup: number;

  constructor(requests: number) {
    this.warmup = requests / 1000;
    this.partSize = (requests - this.warmup) / PARTS;
  }

  add(latency: number): void {
    const place = this.seen++ - this.warmup;
    if (place < 0) return;
    const part = Math.min(PARTS - 1, Math.floor(place / this.partSize));
    this.sums[part] = (this.sums[part] ?? 0) + latency;
    this.counts[part] = (this.counts[part] ?? 0) + 1;
    float[0] = latency;
    const cell = ((bits[0] ?? 0) >>> 11) - FIRST;
    const column = this.cells[part];
    if (column !== undefined) column[cell] = (column[cell] ?? 0) + 1;
  }

  figures(): Figures {
    const count = sum(this.counts);
    const mean = sum(this.sums) / count;
    const meanError = this.errorOf((part) => (this.sums[part] ?? 0) - mean * (this.counts[part] ?? 0)) / count;
    const all = new Float64Array(CELLS * OCTAVES);
    for (const column of this.cells)
      for (let cell = 0; cell < all.length; cell++) all[cell] = (all[cell] ?? 0) + (column[cell] ?? 0);
    const cell = quantileCell(all, 0.99 * count);
    const p99 = cellMiddle(cell);
    const above = (part: number) => {
      const column = this.cells[part] ?? all;
      let over = 0;
      for (let at = cell + 1; at < column.length; at++) over += column[at] ?? 0;
      return over - 0.01 * (this.counts[part] ?? 0);
    };
    // Two quantiles next to this one give the density. It converts the error of a share to an error in seconds.
    const density =
      (0.002 * count) / (cellMiddle(quantileCell(all, 0.991 * count)) - cellMiddle(quantileCell(all, 0.989 * count)));
    return { mean, meanError, p99, p99Error: this.errorOf(above) / density };
  }

  /** The standard error of the sum of values with mean 0 over the parts. */
  private errorOf(deviation: (part: number) => number): number {
    let squares = 0;
    for (let part = 0; part < PARTS; part++) squares += deviation(part) ** 2;
    return Math.sqrt((squares * PARTS) / (PARTS - 1));
  }
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0);
}

function quantileCell(cells: Float64Array, rank: number): number {
  let below = 0;
  for (const [cell, count] of cells.entries()) {
    below += count;
    if (below > rank) return cell;
  }
  return cells.length - 1;
}

function cellMiddle(cell: number): number {
  const octave = Math.floor(cell / CELLS);
  return 2 ** (octave + LOWEST_EXPONENT) * (1 + (cell - octave * CELLS + 0.5) / CELLS);
}
