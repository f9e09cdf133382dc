import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { product, withSpatial } from '../value.ts';
import { approximate } from './selection.ts';

/**
 * Det: batch x M x M -> batch. Gaussian elimination subtracts multiples of a row in M - 1 steps: (M - 1) M (2 M - 1) / 6 multiplications and as many
 * subtractions, then the product of the diagonal. The steps depend on each other, so the vector unit computes them.
 */
function determinant(node: NodeReader): Outcome {
  const value = node.activation(0);
  const rank = value?.dims.length ?? 0;
  const size = value?.dims.at(-1) ?? 1;
  if (value === undefined || rank < 2 || value.dims.at(-2) !== size) return 'its input is not a square matrix';
  approximate(
    node,
    { kind: 'heavier' },
    'its elimination is counted on the vector unit. The search for pivots and the order of its steps are not counted.',
  );
  const { importer, name } = node;
  const seen = withSpatial(value, 0);
  const count = product(value.dims.slice(0, -2));
  const steps = Math.max(1, ((size - 1) * size * (2 * size - 1)) / 6);
  const shape = [count, steps];
  const operands = importer.add(`${name}_rows`, { kind: 'reshape', copies: true }, [importer.read(seen)], shape);
  let index = operands;
  for (const operation of ['multiply', 'subtract'] as const)
    index = importer.add(`${name}_${operation}`, { kind: 'elementwise', operation }, [{ index, shape }], shape);
  const diagonal = [count, size, 1];
  const rest = importer.add(`${name}_diagonal`, { kind: 'reshape', copies: true }, [{ index, shape }], diagonal);
  const batchAxis = seen.batchAxis >= 0 && seen.batchAxis < rank - 2 ? seen.batchAxis : -1;
  return [
    node.layer(
      {
        kind: 'pool',
        operation: 'average',
        kernel: { height: 1, width: size },
        stride: { height: 1, width: size },
        padding: { top: 0, bottom: 0, left: 0, right: 0 },
      },
      [{ index: rest, shape: diagonal }],
      { dims: value.dims.slice(0, -2), batchAxis, spatial: 0 },
      [count, 1, 1],
    ),
  ];
}

export const determinantReaders: Readonly<Record<string, OperatorReader>> = { Det: determinant };
