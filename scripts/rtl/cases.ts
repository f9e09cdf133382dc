import type { CoreProduct, CoreShape, WeightPath } from './core-product.ts';

/** The cores that the benches simulate: square and not, with and without a switch latency. */
export const cores = [
  { rows: 4, columns: 3, switchCycles: 5 },
  { rows: 2, columns: 5, switchCycles: 0 },
] as const satisfies readonly CoreShape[];

/** One run of a core: products one after the other. */
export type Run = readonly CoreProduct[];

/** The corner sizes of a core: one, a fold less one, a fold, a fold and one, and more. */
function cornerRuns({ rows, columns }: CoreShape): readonly Run[] {
  const runs: Run[] = [];
  for (const path of ['base', 'burst', 'convert'] as const)
    for (const preload of ['hidden', 'exposed'] as const)
      for (const m of [1, rows - 1, rows, 2 * rows - 1, 2 * rows, 3 * rows + 1])
        for (const k of [1, rows, 2 * rows, 2 * rows + 1])
          for (const n of [1, columns, columns + 1]) runs.push([{ path, preload, m, k, n }]);
  return runs;
}

/** From base mode to burst mode and back, where the weights are converted on the way into burst mode. */
function thereAndBack(random: () => number, core: CoreShape): Run {
  const product = (path: WeightPath): CoreProduct => randomProduct(random, core, path);
  return [product('base'), product('convert'), product('burst'), product('base'), product('burst'), product('base')];
}

function randomProduct(random: () => number, { rows, columns }: CoreShape, path: WeightPath): CoreProduct {
  const upTo = (limit: number): number => 1 + Math.floor(random() * limit);
  return {
    path,
    preload: random() < 0.75 ? 'hidden' : 'exposed',
    m: upTo(4 * rows),
    k: upTo(8 * rows),
    n: upTo(3 * columns),
  };
}

/** All runs of a core: the corners, `count` random products, and a fifth as many sequences of modes. */
export function runsOf(core: CoreShape, count: number, seed: number): readonly Run[] {
  const random = randomFrom(seed);
  const paths = ['base', 'burst', 'convert'] as const;
  const products = Array.from(
    { length: count },
    (_, index): Run => [randomProduct(random, core, paths[index % paths.length] ?? 'base')],
  );
  const sequences = Array.from({ length: Math.ceil(count / 5) }, () => thereAndBack(random, core));
  return [...cornerRuns(core), ...products, ...sequences];
}

/** A stream of numbers in [0, 1) from a seed (Marsaglia, Xorshift RNGs, J. Stat. Softw. 8(14), 2003). */
function randomFrom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
