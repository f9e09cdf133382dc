import type { Packing } from '../../design/index.ts';
import { type ArrayShape, productCycles } from './array-timing.ts';
import type { Product } from './product.ts';

/** How a product is divided over several arrays: so many shares of its groups, its rows and its outputs. The reduction stays whole. */
export interface Division {
  readonly groups: number;
  readonly rows: number;
  readonly outputs: number;
}

const divisionsByCount = new Map<number, readonly Division[]>();

/** Every division that `count` arrays can take, in a fixed order. */
function divisionsOf(count: number): readonly Division[] {
  const known = divisionsByCount.get(count);
  if (known !== undefined) return known;
  const divisions: Division[] = [];
  for (let groups = 1; groups <= count; groups++) {
    for (let rows = 1; groups * rows <= count; rows++) {
      // The most shares that are left dominate any fewer.
      divisions.push({ groups, rows, outputs: Math.floor(count / (groups * rows)) });
    }
  }
  divisionsByCount.set(count, divisions);
  return divisions;
}

/** The largest share of a division: what the array that works longest has to do. */
export function shareOf(product: Product, division: Division): Product {
  const runs = product.m / product.runLength;
  const whole = runs >= division.rows;
  const m = whole ? Math.ceil(runs / division.rows) * product.runLength : Math.ceil(product.m / division.rows);
  return {
    ...product,
    groups: Math.ceil(product.groups / division.groups),
    m,
    runLength: whole ? product.runLength : m,
    n: Math.ceil(product.n / division.outputs),
  };
}

/** The fewest cycles in which `count` equal arrays finish a product, over all divisions of it. */
export function dividedCycles(product: Product, array: ArrayShape, count: number, packing: Packing): number {
  let fewest = productCycles(product, array, packing);
  if (count === 1) return fewest;
  for (const division of divisionsOf(count)) {
    if (
      division.groups > product.groups ||
      division.rows > product.m ||
      division.groups * division.rows * division.outputs === 1
    )
      continue;
    fewest = Math.min(fewest, productCycles(shareOf(product, division), array, packing));
  }
  return fewest;
}
