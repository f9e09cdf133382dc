import { type ArrayShape, type Product, productCycles } from '../../simulator/index.ts';

/** How the weights of a product reach the array: in bf16, in int8, or in bf16 through the quantization unit. */
export type WeightPath = 'base' | 'burst' | 'convert';

/** The array of a convertible core, and the cycles of its mode switch. */
export interface CoreShape {
  readonly rows: number;
  readonly columns: number;
  readonly switchCycles: number;
}

/** A matrix product M x K times K x N on one core. */
export interface CoreProduct {
  readonly path: WeightPath;
  readonly preload: 'hidden' | 'exposed';
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** The folds of a product: in burst mode, an element stores two neighbours of the reduction. */
export function foldsOf({ path, k, n }: CoreProduct, { rows, columns }: CoreShape): number {
  return Math.ceil(k / (path === 'base' ? rows : 2 * rows)) * Math.ceil(n / columns);
}

/** The cycles of a product without a conversion, from the simulator's model. */
export function modelCycles(product: CoreProduct, { rows, columns }: CoreShape): number {
  const { path, preload, m, k, n } = product;
  const array: ArrayShape = { rows, columns, dataflow: 'weight-stationary', preload, issue: null };
  const whole: Product = { m, k, n, parts: 1, groups: 1, repeats: 1, runLength: m, weights: true };
  return productCycles(whole, array, path === 'base' ? 'none' : 'reduction');
}

/**
 * The cycles of a product whose weights pass a quantization unit of one element per cycle and column, as the tiler of the simulator counts
 * them: the first fold of weights, then the slower of arrays and unit. The weights fill whole folds.
 *
 * @param lastFold the chip's `quantizer { last fold }`: with 1, the last fold loads, streams and drains after the last conversion, as in the core.
 */
export function modelConversionCycles(product: CoreProduct, core: CoreShape, lastFold: 0 | 1 = 0): number {
  const folds = foldsOf(product, core);
  const foldCycles = 2 * core.rows;
  const after = lastFold * (foldCycles + product.m + core.columns - 2);
  return foldCycles + Math.max(modelCycles(product, core), foldCycles * (folds - 1) + after);
}

/**
 * The cycles of the same product on the core, on paper. A fold is converted in 2R cycles, then loaded in R, while the one before it streams for T
 * cycles. So a fold starts max(T, 2R) cycles after the one before. The last fold is loaded, streams and drains after all conversions.
 *
 * Where the arrays are the slower stage (T >= 2R) or there is one fold, this equals the model. Otherwise the model spreads the conversion
 * evenly over the product, and leaves out up to the time of one fold (R + T + R + C - 2), unless the chip states `last fold: 100 %`.
 */
export function coreCycles(product: CoreProduct, core: CoreShape): number {
  if (product.path !== 'convert') return modelCycles(product, core);
  const { rows, columns } = core;
  const folds = foldsOf(product, core);
  const lastFold = rows + product.m + rows + columns - 2;
  if (product.preload === 'hidden') return 2 * rows + (folds - 1) * Math.max(product.m, 2 * rows) + lastFold;
  // The next fold is converted while this one is in the array, and loads when that is empty.
  return 2 * rows + (folds - 1) * Math.max(lastFold, 2 * rows) + lastFold;
}

/** The cycles of products one after the other, from the start of the first one. Each change of the mode takes the cycles of the switch. */
export function sequenceCycles(products: readonly CoreProduct[], core: CoreShape): number {
  let cycles = 0;
  let wasBurst = products[0]?.path !== 'base';
  for (const product of products) {
    const isBurst = product.path !== 'base';
    if (isBurst !== wasBurst) cycles += core.switchCycles;
    wasBurst = isBurst;
    cycles += coreCycles(product, core);
  }
  return cycles;
}
