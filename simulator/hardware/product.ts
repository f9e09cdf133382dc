/**
 * A product of matrices as an array meets it: M x K activations times K x N, `groups` of them side by side, the whole
 * `repeats` times one after the other (each waits for the one before). The reduction comes in `parts` pieces of `k` each, which
 * the array folds one by one (the kernel positions of a direct convolution); everywhere else it is one piece.
 */
export interface Product {
  readonly m: number;
  readonly k: number;
  readonly parts: number;
  readonly n: number;
  readonly groups: number;
  readonly repeats: number;
  /** Of the m rows, how many lie one behind the other (the output image's width); m is a multiple of it. */
  readonly runLength: number;
  /** Whether K x N are parameters, or activations as in attention's scores. */
  readonly weights: boolean;
}

/** Multiply-accumulates. */
export function macsOf(product: Product): number {
  return product.m * product.k * product.parts * product.n * product.groups * product.repeats;
}
