import { expect, test } from 'vitest';
import { cores, runsOf } from '../../../scripts/rtl/cases.ts';
import { type CoreProduct, coreCycles, modelConversionCycles, modelCycles } from '../../../scripts/rtl/core-product.ts';
import { efforts } from '../../../scripts/rtl/verify.ts';
import { considerTiling, emptyCost, emptyTiling } from '../../../simulator/hardware/tile-cost.ts';
import { emptyDemand } from '../../../simulator/hardware/tile-demand.ts';

const core = { rows: 8, columns: 6, switchCycles: 0 };

const wholeFolds = (folds: number, m: number): CoreProduct => ({
  path: 'convert',
  preload: 'hidden',
  m,
  k: 16 * folds,
  n: 6,
});

/** The cycles that the tiler gives a product whose weights pass a unit of one element per column, with memories that cost nothing. */
function tilerCycles(product: CoreProduct, lastFold: 0 | 1): number {
  const cost = { ...emptyCost(), seconds: Number.POSITIVE_INFINITY };
  const demand = {
    ...emptyDemand(),
    computeSeconds: modelCycles(product, core),
    quantizeSeconds: Math.ceil((product.k * product.n) / core.columns),
    lastFoldSeconds: lastFold * (2 * core.rows + core.columns - 2),
    lastFoldRowSeconds: lastFold * product.m,
    rows: product.m,
    reductionFolds: product.k / 16,
    loadRows: core.rows,
  };
  const free = { read: Number.POSITIVE_INFINITY, write: Number.POSITIVE_INFINITY, both: Number.POSITIVE_INFINITY };
  considerTiling(demand, { hbm: free, cmem: free, vmem: free }, cost, emptyTiling());
  return cost.seconds;
}

test.each([0, 1] as const)('the model of conversions is the tiler of the simulator, with last fold %i', (lastFold) => {
  for (const folds of [1, 2, 3, 7])
    for (const m of [1, 8, 15, 16, 17, 60]) {
      const product = wholeFolds(folds, m);
      expect(tilerCycles(product, lastFold)).toBeCloseTo(modelConversionCycles(product, core, lastFold), 6);
    }
});

test('a chip that waits for the last fold needs the cycles of the core for every conversion that Verilator simulates', () => {
  const conversions = cores.flatMap((shape) =>
    runsOf(shape, efforts.full.randomProducts, 1)
      .flat()
      .filter(({ path }) => path === 'convert')
      .map((product) => ({ product, shape })),
  );
  expect(conversions.length).toBeGreaterThan(200);
  const different = conversions.filter(
    ({ product, shape }) => modelConversionCycles(product, shape, 1) !== coreCycles(product, shape),
  );
  expect(different).toEqual([]);
});

test('the core needs more cycles than the model only where the quantization unit is the slower stage', () => {
  for (const folds of [1, 2, 3, 7])
    for (const m of [1, 8, 15, 16, 17, 60]) {
      const product = wholeFolds(folds, m);
      const lastFold = 8 + m + 8 + 6 - 2;
      const leftOut = Math.min((folds - 1) * Math.max(0, 16 - Math.max(m, 8)), lastFold);
      expect(coreCycles(product, core) - modelConversionCycles(product, core)).toBe(leftOut);
    }
});

test('without a conversion, the core needs the cycles of the simulator', () => {
  const product = { path: 'burst', preload: 'hidden', m: 10, k: 40, n: 7 } as const;
  // Three folds of 16 along the reduction, two along the outputs: 8 + 5 * 10 + 10 + 12.
  expect(coreCycles(product, core)).toBe(80);
  expect(coreCycles({ ...product, path: 'base' }, core)).toBe(8 + 9 * 10 + 10 + 12);
  expect(coreCycles({ ...product, preload: 'exposed' }, core)).toBe(6 * (8 + 10 + 12));
});
