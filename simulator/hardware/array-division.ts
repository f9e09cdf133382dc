import type { Packing } from '../../design/index.ts';
import { type ArrayShape, productCycles } from './array-timing.ts';
import type { Product } from './product.ts';

/** A division of a product over several arrays: the number of shares of its groups, rows and outputs. The reduction is not divided. */
export interface Division {
  readonly groups: number;
  readonly rows: number;
  readonly outputs: number;
}

const divisionsByCount = new Map<number, readonly Division[]>();

/**
 * The numbers of shares to try: all up to 16, then 2^i and 3 * 2^i, to limit the work for thousands of small arrays. The numbers do not depend
 * on the count of arrays, so one more array only adds divisions.
 */
function sharesUpTo(count: number): readonly number[] {
  const shares: number[] = [];
  for (let share = 1; share <= Math.min(count, 16); share++) shares.push(share);
  for (let power = 8; 3 * power <= count || 4 * power <= count; power *= 2) {
    if (3 * power <= count) shares.push(3 * power);
    if (4 * power <= count) shares.push(4 * power);
  }
  return shares;
}

/** The possible divisions over `count` arrays, in a fixed order. */
function divisionsOf(count: number): readonly Division[] {
  const known = divisionsByCount.get(count);
  if (known !== undefined) return known;
  const divisions: Division[] = [];
  const shares = sharesUpTo(count);
  for (const groups of shares) {
    for (const rows of shares) {
      // Using all remaining arrays for shares of the outputs is never worse than using fewer.
      if (groups * rows <= count) divisions.push({ groups, rows, outputs: Math.floor(count / (groups * rows)) });
    }
  }
  divisionsByCount.set(count, divisions);
  return divisions;
}

/** The largest share of a division: the work of the array that finishes last. */
function shareOf(product: Product, division: Division): Product {
  const runs = product.m / product.runLength;
  const whole = runs >= division.rows;
  const m = whole ? Math.ceil(runs / division.rows) * product.runLength : Math.ceil(product.m / division.rows);
  return {
    m,
    k: product.k,
    parts: product.parts,
    n: Math.ceil(product.n / division.outputs),
    groups: Math.ceil(product.groups / division.groups),
    repeats: product.repeats,
    runLength: whole ? product.runLength : m,
    weights: product.weights,
  };
}

/** The fewest cycles in which `count` equal arrays finish a product, over all its divisions. */
export function dividedCycles(
  product: Product,
  array: ArrayShape,
  count: number,
  packing: Packing,
  products: number,
): number {
  let fewest = productCycles(product, array, packing, products);
  if (count === 1) return fewest;
  for (const division of divisionsOf(count)) {
    if (
      division.groups > product.groups ||
      division.rows > product.m ||
      division.groups * division.rows * division.outputs === 1
    )
      continue;
    fewest = Math.min(fewest, productCycles(shareOf(product, division), array, packing, products));
  }
  return fewest;
}
