import type { Dataflow, Packing, PreloadTiming, RowIssue } from '../../design/index.ts';
import { assertNever } from '../../design/index.ts';
import type { Product } from './product.ts';

/**
 * How many cycles one systolic array takes for a product, exact and integer. Equations and their sources: docs/hardware.md.
 *
 * An R x C array holds a Sr x Sc matrix fold by fold while T vectors stream past (Samajdar et al., SCALE-Sim, ISPASS 2020):
 * OS (M, N, K), WS (K, N, M), IS (K, M, N).
 */
export interface ArrayShape {
  readonly rows: number;
  readonly columns: number;
  readonly dataflow: Dataflow;
  readonly preload: PreloadTiming;
  readonly issue: RowIssue | null;
}

/** What one group's product is to the array: how many folds it has, and how many vectors stream past each. */
export interface Folding {
  readonly folds: number;
  readonly streamed: number;
  /** Groups that one fold holds side by side, block by block along the diagonal. */
  readonly groupsPerFold: number;
}

/**
 * Folds of one group. Packing changes what a processing element holds, not how many of them there are nor how data
 * move: `reduction` puts two neighbours of the reduction in one element, `columns` two of the array's columns.
 */
function foldingOf(product: Product, array: ArrayShape, packing: Packing): Folding {
  const { rows, columns, dataflow } = array;
  const reductionRows = packing === 'reduction' ? 2 * rows : rows;
  const effectiveColumns = packing === 'columns' ? 2 * columns : columns;
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
        folds: Math.ceil(m / rows) * Math.ceil(n / effectiveColumns),
        streamed: packing === 'reduction' ? parts * Math.ceil(k / 2) : parts * k,
        groupsPerFold: 1,
      };
    default:
      return assertNever(dataflow);
  }
}

/**
 * Several small groups share a fold, zeros beside the diagonal, where the array's timing is ours to schedule; SCALE-Sim's
 * runs one group after the other. Powers of two only: tiles stay aligned, and packing two multiplications never gains more than two.
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
 * Cycles of one array for `folds` folds past each of which `streamed` vectors run.
 *
 * exposed (SCALE-Sim): each fold loads (R, not OS), streams T skewed over R + C - 2, and drains before the next begins.
 * hidden: the next fold loads while this one streams, so that it may begin max(T, R) after it; first load, skew and drain are
 * paid once.
 */
export function foldCycles(folds: number, streamed: number, pass: number, array: ArrayShape): number {
  if (folds === 0) return 0;
  const load = array.dataflow === 'output-stationary' ? 0 : array.rows;
  const skew = array.rows + array.columns - 2;
  if (array.preload === 'exposed') return folds * (load + streamed + skew);
  return load + (folds - 1) * Math.max(pass, array.rows) + pass + skew;
}

/**
 * Cycles in which `rows` rows of work, in runs of `runLength`, stream past one fold: their number, unless the array issues
 * them in blocks (see RowIssue). The first block carries the next fold's operand and takes at least R.
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

/** Cycles of one array for a whole product, repeats included. */
export function productCycles(product: Product, array: ArrayShape, packing: Packing): number {
  const { folds, streamed, groupsPerFold } = foldingOf(product, array, packing);
  const all = folds * Math.ceil(product.groups / groupsPerFold);
  const pass =
    array.issue !== null && array.dataflow === 'weight-stationary' && array.preload === 'hidden'
      ? passCycles(product.m / product.runLength, product.runLength, array)
      : streamed;
  return product.repeats * foldCycles(all, streamed, pass, array);
}
