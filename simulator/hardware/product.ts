/**
 * A matrix product for the array: M x K activations times K x N, with `groups` of them side by side. The whole product runs `repeats` times
 * one after another, because each run depends on the previous one. The reduction has `parts` pieces of `k` elements, which the array folds
 * one by one (the kernel positions of a direct convolution). Otherwise it is one piece.
 */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly parts: number;
  readonly n: number;
  readonly groups: number;
  readonly repeats: number;
  /** Number of consecutive rows (the width of the output image). `m` is a multiple of it. */
  readonly runLength: number;
  /** Whether K x N are parameters. Otherwise they are activations, as in the scores of attention. */
  readonly weights: boolean;
}

/** Multiply-accumulates. */
export function macsOf(product: Product): number {
  return product.m * product.k * product.parts * product.n * product.groups * product.repeats;
}

interface ProductOptions {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly parts?: number;
  readonly groups?: number;
  readonly repeats?: number;
  readonly runLength?: number;
  readonly weights?: boolean;
}

/** A product with the usual defaults: one piece, one group, one run, activations on both sides. */
export function product(options: ProductOptions): Product {
  return {
    m: options.m,
    k: options.k,
    parts: options.parts ?? 1,
    n: options.n,
    groups: options.groups ?? 1,
    repeats: options.repeats ?? 1,
    runLength: options.runLength ?? options.m,
    weights: options.weights ?? false,
  };
}
