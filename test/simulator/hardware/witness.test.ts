import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Product, productCycles } from '../../../simulator/hardware/index.ts';
import { type Matrix, multiply, multiplyOnArray, runOutputStationary, type WitnessArray } from './witness.ts';

const dataflows = ['weight-stationary', 'output-stationary', 'input-stationary'] as const;
const preloads = ['exposed', 'hidden'] as const;
const packings = ['none', 'reduction', 'columns'] as const;

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly seed: number;
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 6 }),
  m: fc.integer({ min: 1, max: 14 }),
  k: fc.integer({ min: 1, max: 20 }),
  n: fc.integer({ min: 1, max: 14 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

/** Whole numbers within int8, different everywhere. */
function matrix(height: number, width: number, seed: number): Matrix {
  return Array.from({ length: height }, (_, r) =>
    Array.from({ length: width }, (_, c) => ((seed + 7919 * r + 104729 * c + r * c * 31) % 255) - 127),
  );
}

function productOf(shape: Shape, groups = 1): Product {
  const { m, k, n } = shape;
  return { m, k, n, groups, parts: 1, repeats: 1, runLength: m, weights: true };
}

describe.each(dataflows)('%s', (dataflow) => {
  describe.each(preloads)('%s preload', (preload) => {
    test.each(packings)('the product is right and the cycles are the formula’s, packing %s', (packing) => {
      fc.assert(
        fc.property(shapes, (shape) => {
          const array: WitnessArray = { rows: shape.rows, columns: shape.columns, dataflow, preload, packing };
          const left = matrix(shape.m, shape.k, shape.seed);
          const right = matrix(shape.k, shape.n, shape.seed + 1);
          const run = multiplyOnArray(left, right, array);
          expect(run.product).toEqual(multiply(left, right));
          expect(productCycles(productOf(shape), { ...array, issue: null }, packing)).toBe(run.cycles);
        }),
        { numRuns: 200, seed: 1 },
      );
    });
  });
});

test('double-buffered results need a drain of R cycles: with one cycle less, two results collide', () => {
  const array: WitnessArray = {
    rows: 4,
    columns: 3,
    dataflow: 'output-stationary',
    preload: 'hidden',
    packing: 'none',
  };
  const left = matrix(9, 2, 1);
  const right = matrix(2, 7, 2);
  expect(runOutputStationary(left, right, array, 4).product).toEqual(multiply(left, right));
  expect(() => runOutputStationary(left, right, array, 3)).toThrow('two results meet');
});

test('groups along the diagonal of one fold are multiplied correctly, in the cycles of the formula', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 4),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 12 }),
      (groups, k, n, m) => {
        const array = { rows: 12, columns: 12, dataflow: 'weight-stationary', preload: 'hidden' } as const;
        const lefts = Array.from({ length: groups }, (_, group) => matrix(m, k, group));
        const rights = Array.from({ length: groups }, (_, group) => matrix(k, n, 100 + group));
        const left = Array.from({ length: m }, (_, row) => lefts.flatMap((one) => one[row] ?? []));
        const right = rights.flatMap((one, group) =>
          one.map((row) => [
            ...new Array<number>(group * n).fill(0),
            ...row,
            ...new Array<number>((groups - 1 - group) * n).fill(0),
          ]),
        );
        const run = multiplyOnArray(left, right, { ...array, packing: 'none' });
        const apart = lefts.map((one, group) => multiply(one, rights[group] ?? []));
        expect(run.product).toEqual(Array.from({ length: m }, (_, row) => apart.flatMap((one) => one[row] ?? [])));
        const product: Product = { m, k, n, groups, parts: 1, repeats: 1, runLength: m, weights: true };
        expect(productCycles(product, { ...array, issue: null }, 'none')).toBe(run.cycles);
      },
    ),
    { numRuns: 100, seed: 2 },
  );
});
