import type { Dataflow, Packing, PreloadTiming, RowIssue } from '../../design/index.ts';
import { assertNever } from '../../design/index.ts';
import type { Product } from './product.ts';

/**
 * The cycles of one systolic array for a product, as exact integers. Equations and their sources: docs/hardware.md.
 *
 * An R x C array stores a Sr x Sc matrix fold by fold while T vectors stream past (Samajdar et al., SCALE-Sim, ISPASS 2020):
 * OS (M, N, K), WS (K, N, M), IS (K, M, N).
 */
export interface ArrayShape {
  readonly rows: number;
  readonly columns: number;
  readonly dataflow: Dataflow;
  readonly preload: PreloadTiming;
  readonly issue: RowIssue | null;
}

/** The product of one group as the array processes it: the number of folds, and the number of vectors that stream past each fold. */
export interface Folding {
  readonly folds: number;
  readonly streamed: number;
  /** Number of groups that share one fold. Their blocks are on the diagonal. */
  readonly groupsPerFold: number;
}

/** Rows of the reduction and columns that the array stores at the same time, if one element packs `products` multiplications. */
export function effectiveSize(
  { rows, columns }: Pick<ArrayShape, 'rows' | 'columns'>,
  packing: Packing,
  products: number,
): { readonly rows: number; readonly columns: number } {
  return {
    rows: packing === 'reduction' ? products * rows : rows,
    columns: packing === 'columns' ? products * columns : columns,
  };
}

/**
 * The folds of one group. Packing changes the content of a processing element, not the number of elements or the movement of data:
 * `reduction` puts neighbours of the reduction into one element, `columns` puts columns of the array into one element.
 */
function foldingOf(product: Product, array: ArrayShape, packing: Packing, products: number): Folding {
  const { dataflow } = array;
  const { rows: reductionRows, columns: effectiveColumns } = effectiveSize(array, packing, products);
  const { m, k, n, parts, groups } = product;
  switch (dataflow) {
    case 'weight-stationary':
      return {
        folds: parts * Math.ceil(k / reductionRows) * Math.ceil(n / effectiveColumns),
        streamed: m,
        groupsPerFold: diagonalGroups(groups, k, reductionRows, n, effectiveColumns, array),
      };
    case 'input-stationary':
      return {
        folds: parts * Math.ceil(k / reductionRows) * Math.ceil(m / effectiveColumns),
        streamed: n,
        groupsPerFold: diagonalGroups(groups, k, reductionRows, m, effectiveColumns, array),
      };
    case 'output-stationary':
      return {
        folds: Math.ceil(m / array.rows) * Math.ceil(n / effectiveColumns),
        streamed: parts * Math.ceil(k / (packing === 'reduction' ? products : 1)),
        groupsPerFold: 1,
      };
    default:
      return assertNever(dataflow);
  }
}

/**
 * The number of small groups that share a fold, with zeros outside the diagonal. Only for our own timing: SCALE-Sim runs one group after
 * another. Only powers of two, so that tiles stay aligned and packing never gains more than the number of packed multiplications.
 */
function diagonalGroups(
  groups: number,
  reduction: number,
  rows: number,
  width: number,
  columns: number,
  array: ArrayShape,
): number {
  if (groups === 1 || array.preload === 'exposed' || array.issue !== null) return 1;
  const fit = Math.min(Math.floor(rows / reduction), Math.floor(columns / width), groups);
  return fit < 2 ? 1 : 2 ** (31 - Math.clz32(Math.min(fit, 0xffffffff)));
}

/**
 * Cycles of one array for `folds` folds, with `streamed` vectors for each fold.
 *
 * exposed (SCALE-Sim): each fold loads (R, not OS), streams T skewed over R + C - 2, and drains before the next begins.
 * hidden: the next fold loads while this one streams, so it can start max(T, R) cycles later. First load, skew and drain count once.
 */
export function foldCycles(folds: number, streamed: number, pass: number, array: ArrayShape): number {
  if (folds === 0) return 0;
  const load = array.dataflow === 'output-stationary' ? 0 : array.rows;
  const skew = array.rows + array.columns - 2;
  if (array.preload === 'exposed') return folds * (load + streamed + skew);
  return load + (folds - 1) * Math.max(pass, array.rows) + pass + skew;
}

/**
 * Cycles in which `rows` rows of work, in runs of `runLength`, stream past one fold. It is the number of rows, unless the array issues them in
 * blocks (see RowIssue). The operand of the next fold loads during the first block, so that block takes at least R cycles.
 */
export function passCycles(runs: number, runLength: number, array: ArrayShape): number {
  const { issue } = array;
  if (issue === null) return runs * runLength;
  const whole = Math.floor(runLength / issue.blockRows);
  const rest = runLength - whole * issue.blockRows;
  const wholeCycles = Math.max(issue.blockRows, issue.minimumCycles);
  const restCycles = rest === 0 ? 0 : Math.max(rest, issue.minimumCycles);
  const first = whole > 0 ? wholeCycles : restCycles;
  return runs * (whole * wholeCycles + restCycles) + Math.max(0, array.rows - first);
}

/** Cycles of one array for a whole product, including its repeats. `products`: multiplications that one element packs. */
export function productCycles(product: Product, array: ArrayShape, packing: Packing, products = 2): number {
  const { folds, streamed, groupsPerFold } = foldingOf(product, array, packing, products);
  const all = folds * Math.ceil(product.groups / groupsPerFold);
  const pass =
    array.issue !== null && array.dataflow === 'weight-stationary' && array.preload === 'hidden'
      ? passCycles(product.m / product.runLength, product.runLength, array)
      : streamed;
  return product.repeats * foldCycles(all, streamed, pass, array);
}
