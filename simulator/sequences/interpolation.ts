/** A point of a table. */
export interface TablePoint {
  readonly at: number;
  readonly value: number;
}

/**
 * A table that is linear between its points, and beyond them like its first or last interval. Points are in ascending
 * order. A table with one point is constant.
 */
export function interpolate(points: readonly TablePoint[], at: number): number {
  const place = intervalOf(points, at);
  const low = points[place];
  const high = points[place + 1];
  if (low === undefined) return Number.NaN;
  if (high === undefined) return low.value;
  return low.value + ((at - low.at) / (high.at - low.at)) * (high.value - low.value);
}

function intervalOf(points: readonly TablePoint[], at: number): number {
  let place = 0;
  while (place + 2 < points.length && (points[place + 1] as TablePoint).at <= at) place++;
  return place;
}

/** A measured row: one coordinate for each axis, and the value. */
export interface GridPoint {
  readonly at: readonly [number, number, number, number];
  readonly value: number;
}

/** Values on a grid of four axes, linear in each between grid points, and beyond them like the first or last interval. */
export class Grid4 {
  /** The grid points of each axis, ascending. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  private readonly values: Float64Array;
  private readonly strides: readonly [number, number, number];

  /** `valueAt` gives the value of each grid point by its place on each axis. */
  constructor(
    axes: readonly [Float64Array, Float64Array, Float64Array, Float64Array],
    valueAt: (first: number, second: number, third: number, fourth: number) => number,
  ) {
    this.axes = axes;
    const [a, b, c, d] = axes;
    this.strides = [b.length * c.length * d.length, c.length * d.length, d.length];
    this.values = new Float64Array(a.length * this.strides[0]);
    let next = 0;
    for (let i = 0; i < a.length; i++)
      for (let j = 0; j < b.length; j++)
        for (let k = 0; k < c.length; k++) for (let m = 0; m < d.length; m++) this.values[next++] = valueAt(i, j, k, m);
  }

  at(x: number, y: number, z: number, w: number): number {
    const [first, second, third, fourth] = this.axes;
    const i = cellOf(first, x);
    const j = cellOf(second, y);
    const k = cellOf(third, z);
    const m = cellOf(fourth, w);
    const [si, sj, sk] = this.strides;
    const corner = i * si + j * sj + k * sk + m;
    const fx = shareOf(first, i, x);
    const fy = shareOf(second, j, y);
    const fz = shareOf(third, k, z);
    const fw = shareOf(fourth, m, w);
    const low = this.cube(corner, sj, sk, fy, fz, fw);
    return fx === 0 ? low : mix(low, this.cube(corner + si, sj, sk, fy, fz, fw), fx);
  }

  private cube(corner: number, sj: number, sk: number, fy: number, fz: number, fw: number): number {
    const low = mix(this.edge(corner, fw), fz === 0 ? 0 : this.edge(corner + sk, fw), fz);
    if (fy === 0) return low;
    const high = mix(this.edge(corner + sj, fw), fz === 0 ? 0 : this.edge(corner + sj + sk, fw), fz);
    return mix(low, high, fy);
  }

  private edge(corner: number, fw: number): number {
    const low = this.values[corner] as number;
    return fw === 0 ? low : mix(low, this.values[corner + 1] as number, fw);
  }
}

function mix(low: number, high: number, share: number): number {
  return share === 0 ? low : low + share * (high - low);
}

/** The interval of an axis that is used for a coordinate: its lower grid point. */
function cellOf(axis: Float64Array, at: number): number {
  let cell = 0;
  while (cell + 2 < axis.length && (axis[cell + 1] as number) <= at) cell++;
  return cell;
}

function shareOf(axis: Float64Array, cell: number, at: number): number {
  if (cell + 1 >= axis.length) return 0;
  const low = axis[cell] as number;
  return (at - low) / ((axis[cell + 1] as number) - low);
}
