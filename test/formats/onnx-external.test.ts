import { expect, test } from 'vitest';
import type { OperatorAssumption } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { macsOf, parametersOf, sketch, total } from './sketch.ts';

/* Tensors whose contents another file has (TensorProto.external_data). Stimpack never opens that file. */

const origin = { uri: 'test.npu', start: 0, end: 0 };
const at = (location: string, length?: number, offset = 0): Readonly<Record<string, string>> => ({
  location,
  offset: String(offset),
  ...(length === undefined ? {} : { length: String(length) }),
});
/** A tensor of 64-bit integers in another file. */
const numbers = (name: string, ...dims: number[]): TensorInput => ({ name, dims, type: 7, external: at('w.bin') });
const flag: TensorInput = { name: 'k', dims: [], type: 9, external: at('w.bin') };

function read(input: Partial<GraphInput> & Pick<GraphInput, 'nodes'>, assumptions: readonly OperatorAssumption[] = []) {
  const file = onnxFile({ inputs: { x: [1, 3, 8, 8] }, outputs: { y: ['', '', '', ''] }, ...input });
  return readOnnx(file, 'Net', origin, { inputs: [], assumptions });
}

test.each([
  ['a file beside the model', at('weights.bin', 864)],
  ['no length', at('weights.bin')],
  ['an offset far beyond any end', at('weights.bin', 864, 1e15)],
  ['a path that leaves the folder', at('../../secret/w.bin', 864)],
  ['an absolute path', at('/etc/passwd', 864)],
  ['a device', at('/dev/zero', 864)],
  ['no location', {}],
  ['a broken length', { location: 'w.bin', length: '-7x' }],
])('weights in another file count by their shapes: %s', (_, external) => {
  const { value, diagnostics } = read({
    nodes: [n('Conv', 'x w', 'y', { kernel_shape: [3, 3] })],
    weights: [{ name: 'w', dims: [8, 3, 3, 3], external }],
  });
  expect(diagnostics).toEqual([]);
  expect([total(value, macsOf), total(value, parametersOf)]).toEqual([36 * 8 * 27, 8 * 27]);
});

test.each<[string, Partial<GraphInput> & { readonly nodes: readonly NodeInput[] }, RegExp]>([
  ['Reshape', { nodes: [n('Reshape', 'x k', 'y')], weights: [numbers('k', 2)] }, /the shape it makes/],
  ['Slice', { nodes: [n('Slice', 'x k k', 'y')], weights: [numbers('k', 1)] }, /where it starts and ends/],
  [
    'the steps of Slice',
    {
      nodes: [n('Slice', 'x s e a k', 'y')],
      weights: [
        { name: 's', dims: [1], ints: [0] },
        { name: 'e', dims: [1], ints: [8] },
        { name: 'a', dims: [1], ints: [3] },
        numbers('k', 1),
      ],
    },
    /its axes or its steps/,
  ],
  ['Squeeze', { nodes: [n('Squeeze', 'x k', 'y')], weights: [numbers('k', 1)] }, /its axes/],
  [
    'the axes of Pad',
    {
      nodes: [n('Pad', 'x p  k', 'y')],
      weights: [{ name: 'p', dims: [8], ints: [0, 0, 1, 1, 0, 0, 1, 1] }, numbers('k', 4)],
      opset: 18,
    },
    /its axes/,
  ],
  ['ReduceMean', { nodes: [n('ReduceMean', 'x k', 'y')], weights: [numbers('k', 2)], opset: 18 }, /its axes/],
  ['TopK', { nodes: [n('TopK', 'x k', 'y i')], weights: [numbers('k', 1)] }, /how many it keeps/],
  ['Expand', { nodes: [n('Expand', 'x k', 'y')], weights: [numbers('k', 4)] }, /./],
  ['Resize', { nodes: [n('Resize', 'x   k', 'y')], weights: [numbers('k', 4)] }, /how much it enlarges/],
  [
    'a number that is converted before',
    { nodes: [n('Cast', 'k', 'c', { to: 7 }), n('Reshape', 'x c', 'y')], weights: [numbers('k', 2)] },
    /the shape it makes/,
  ],
  [
    'ConstantOfShape',
    { nodes: [n('ConstantOfShape', 'k', 'c'), n('Add', 'x c', 'y')], weights: [numbers('k', 4)] },
    /its shape is not known/,
  ],
  [
    'the condition of If',
    {
      nodes: [
        n('If', 'k', 'y', {
          then_branch: { graph: { nodes: [n('Relu', 'x', 't')], inputs: {}, outputs: { t: [] } } },
          else_branch: { graph: { nodes: [n('Tanh', 'x', 'e')], inputs: {}, outputs: { e: [] } } },
        }),
      ],
      weights: [flag],
    },
    /./,
  ],
  [
    'the rounds of Loop',
    {
      nodes: [
        n('Loop', 'k  x', 'y', {
          body: {
            graph: {
              nodes: [n('Identity', 'c', 'd'), n('Relu', 'v', 'o')],
              inputs: { i: [], c: [], v: [1, 3, 8, 8] },
              outputs: { d: [], o: [] },
            },
          },
        }),
      ],
      weights: [numbers('k')],
    },
    /how often it runs/,
  ],
])('numbers in another file are never guessed: %s', (_, input, failure) => {
  const { value, diagnostics } = read(input);
  expect(value).toBeUndefined();
  const [first, ...more] = diagnostics;
  expect(more).toEqual([]);
  expect(first).toMatchObject({ severity: 'error', origin });
  expect(first?.message).toMatch(failure);
  expect(first?.message).toMatch(
    /needs the numbers of 'k', which are in another file, 'w\.bin'\..*size_threshold=1024/,
  );
});

test('a choice that the user states needs no number from another file', () => {
  const graph = (op: string): GraphInput => ({ nodes: [n(op, 'x', 'o')], inputs: {}, outputs: { o: [] } });
  const branches = { then_branch: { graph: graph('Relu') }, else_branch: { graph: graph('Tanh') } };
  const { value, diagnostics } = read({ nodes: [n('If', 'k', 'y', branches)], weights: [flag] }, [
    { operator: 'If', countedAs: 'else', origin },
  ]);
  expect(diagnostics).toEqual([]);
  expect(sketch(value)).toEqual(['o: tanh [-1] 8x8x3 -> 8x8x3']);
});

test.each([
  ['in another file', { external: at('w.bin', 860) }, /864 bytes, but its contents in 'w\.bin' are 860 bytes/],
  ['in the model', { raw: new Uint8Array(12) }, /864 bytes, but its contents are 12 bytes/],
])('a size that contradicts the shape is an error: %s', (_, contents, message) => {
  const { value, diagnostics } = read({
    nodes: [n('Conv', 'x w', 'y', { kernel_shape: [3, 3] })],
    weights: [{ name: 'w', dims: [8, 3, 3, 3], ...contents }],
  });
  expect(value).toBeUndefined();
  expect(diagnostics.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
});
