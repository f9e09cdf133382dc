import { expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';

/*
 * Sizes that are computed with fractions. Runtimes compute them with 32 bits. All results are those of ONNX Runtime 1.30.
 */

const floats = (name: string, ...values: number[]): TensorInput => ({ name, dims: [values.length], floats: values });
const doubles = (name: string, ...values: number[]): TensorInput => ({
  name,
  dims: [values.length],
  type: 11,
  raw: new Uint8Array(new Float64Array(values).buffer),
});

/** The positions of the image that the nodes make of one with `height` x `width` positions. */
function enlarged(
  nodes: readonly NodeInput[],
  [height, width]: readonly [number, number],
  weights: readonly TensorInput[],
  opset = 18,
): readonly number[] | undefined {
  const file = onnxFile({
    nodes: [...nodes, n('Relu', 'r', 'y')],
    weights,
    inputs: { x: [1, 8, height, width] },
    outputs: { y: [] },
    opset,
  });
  const { value, diagnostics } = readOnnx(file, 'Net', { uri: 'test.npu', start: 0, end: 0 });
  expect(diagnostics).toEqual([]);
  return value?.layers.at(-1)?.outputShape.slice(0, 2);
}

test.each([
  [1.3, [20, 30], [26, 39]],
  [0.7, [50, 10], [35, 7]],
  [0.9, [30, 90], [27, 81]],
  [2.3, [33, 70], [75, 161]],
  [65 / 33, [33, 66], [65, 130]],
  [0.55, [20, 30], [11, 16]],
] as const)('Resize by %d: the product with the size has 32 bits', (scale, from, to) => {
  const scales = floats('scales', 1, 1, scale, scale);
  expect(enlarged([n('Resize', 'x _ scales', 'r')], from, [scales])).toEqual(to);
  expect(enlarged([n('Resize', 'x scales', 'r')], from, [scales], 10)).toEqual(to);
});

/** The size is a function of the shape, as exporters write it: Shape, Cast, some operators, Cast, Resize. */
const through = (type: number, ...nodes: readonly NodeInput[]): readonly NodeInput[] => [
  n('Shape', 'x', 'shape'),
  n('Cast', 'shape', 'fractions', { to: type }),
  ...nodes,
  n('Cast', 'sizes', 'whole', { to: 7 }),
  n('Resize', 'x _ _ whole', 'r'),
];
const timesFloor = [n('Mul', 'fractions scales', 'large'), n('Floor', 'large', 'sizes')];

test.each<[string, readonly NodeInput[], TensorInput, readonly [number, number], readonly number[]]>([
  ['a product of 32 bits', through(1, ...timesFloor), floats('scales', 1, 1, 1.3, 1.3), [20, 30], [26, 39]],
  ['a product of 64 bits', through(11, ...timesFloor), doubles('scales', 1, 1, 1.3, 0.7), [20, 90], [26, 62]],
  [
    'halves, which become even numbers',
    through(1, n('Mul', 'fractions scales', 'half'), n('Round', 'half', 'sizes')),
    floats('scales', 1, 1, 0.5, 0.5),
    [9, 11],
    [4, 6],
  ],
  [
    'CastLike, which cuts fractions off',
    [
      ...through(1, n('Mul', 'fractions scales', 'half')).slice(0, 3),
      n('CastLike', 'half shape', 'whole'),
      n('Resize', 'x _ _ whole', 'r'),
    ],
    floats('scales', 1, 1, 0.5, 0.5),
    [9, 11],
    [4, 5],
  ],
])('a size that the graph computes: %s', (_, nodes, weights, from, to) => {
  expect(enlarged(nodes, from, [weights])).toEqual(to);
});

test('Resize of the axis to which a transposition moved the batch', () => {
  const sizes = { name: 'sizes', dims: [4], ints: [6, 5, 3, 13] };
  const nodes = [
    n('Transpose', 'x', 't', { perm: [1, 2, 0, 3] }),
    n('Resize', 't _ _ sizes', 'r'),
    n('Relu', 'r', 'y'),
  ];
  const file = onnxFile({ nodes, weights: [sizes], inputs: { x: [1, 6, 5, 13] }, outputs: { y: [6, 5, 3, 13] } });
  const { value, diagnostics } = readOnnx(file, 'Net', { uri: 'test.npu', start: 0, end: 0 });
  expect(diagnostics).toEqual([]);
  expect(value?.layers.at(-1)?.outputShape.toSorted((a, b) => a - b)).toEqual([3, 5, 6, 13]);
});
