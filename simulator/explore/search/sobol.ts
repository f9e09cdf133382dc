/**
 * Primitive polynomials (degree and inner coefficients) and initial direction numbers of dimensions 2 to 17. Source: S. Joe and F. Y. Kuo,
 * "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008, table new-joe-kuo-6.21201.
 */
const parameters: readonly (readonly [degree: number, inner: number, initial: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
];

/** The largest number of dimensions. */
export const sobolDimensions = parameters.length + 1;

const bits = 32;

/**
 * The points of a Sobol sequence in [0, 1), in Gray-code order (I. A. Antonov and V. M. Saleev, 1979). Any 2^k points from the start have exactly
 * one coordinate in each interval of length 2^-k, in every dimension.
 */
export class SobolSequence {
  private readonly directions: readonly Uint32Array[];
  private readonly state: Uint32Array;
  private count = 0;

  constructor(dimensions: number) {
    if (dimensions > sobolDimensions) throw new Error(`a Sobol sequence of ${dimensions} dimensions`);
    this.directions = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension));
    this.state = new Uint32Array(dimensions);
  }

  next(): readonly number[] {
    const point = Array.from(this.state, (value) => value / 2 ** bits);
    // The lowest bit of the count that is 0.
    const bit = 31 - Math.clz32(~this.count & (this.count + 1));
    this.count++;
    for (const [dimension, directions] of this.directions.entries())
      this.state[dimension] = ((this.state[dimension] ?? 0) ^ (directions[bit] ?? 0)) >>> 0;
    return point;
  }
}

function directionsOf(dimension: number): Uint32Array {
  const directions = new Uint32Array(bits);
  const row = parameters[dimension - 1];
  if (row === undefined) {
    // The first dimension is the van der Corput sequence.
    for (let bit = 0; bit < bits; bit++) directions[bit] = 2 ** (bits - 1 - bit);
    return directions;
  }
  const [degree, inner, initial] = row;
  for (let bit = 0; bit < bits; bit++) {
    if (bit < degree) {
      directions[bit] = (initial[bit] ?? 0) * 2 ** (bits - 1 - bit);
      continue;
    }
    const before = directions[bit - degree] ?? 0;
    let value = before ^ (before >>> degree);
    for (let term = 1; term < degree; term++)
      if (((inner >>> (degree - 1 - term)) & 1) === 1) value ^= directions[bit - term] ?? 0;
    directions[bit] = value >>> 0;
  }
  return directions;
}
