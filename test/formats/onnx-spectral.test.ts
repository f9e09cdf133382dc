import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, file, ms } from './onnx-counts.ts';
import { onnxFile, type TensorInput } from './onnx-file.ts';

/*
 * Operators that need more than one layer and that exporters write rarely: Fourier transforms (a product with the matrix of sines and cosines),
 * sequences that a body maps, attention over blocks, and transposed convolutions with computed weights. Counts are worked out from the definitions.
 */

const list = (name: string, ...ints: readonly number[]): TensorInput => ({ name, dims: [ints.length], ints });
const one = (name: string, value: number): TensorInput => ({ name, dims: [], ints: [value] });

const approximated: readonly Case[] = [
  {
    name: 'DFT: all frequencies of real samples',
    nodes: [n('DFT', 'x _ axis', 'y')],
    inputs: { x: [1, 8, 64, 1] },
    values: [one('axis', -2)],
    counts: [8 * 64 * 128, 64 * 128, 8 * 128],
  },
  {
    name: 'DFT: half of the frequencies',
    nodes: [n('DFT', 'x _ axis', 'y', { onesided: 1 })],
    inputs: { x: [1, 8, 64, 1] },
    values: [one('axis', 2)],
    counts: [8 * 64 * 66, 64 * 66, 8 * 66],
  },
  {
    name: 'DFT: complex samples along another axis, which are turned before and after',
    nodes: [n('DFT', 'x _ axis', 'y')],
    inputs: { x: [1, 8, 64, 2] },
    values: [one('axis', 1)],
    counts: [64 * 16 * 16, 16 * 16, 64 * 16],
  },
  {
    name: 'DFT: the first samples only',
    nodes: [n('DFT', 'x length axis', 'y')],
    inputs: { x: [1, 8, 64, 1] },
    values: [one('length', 32), one('axis', 2)],
    counts: [8 * 32 * 64, 32 * 64, 8 * 64],
  },
  {
    name: 'DFT: samples filled up with zeros, which multiply nothing',
    nodes: [n('DFT', 'x length axis', 'y')],
    inputs: { x: [1, 8, 64, 1] },
    values: [one('length', 128), one('axis', 2)],
    counts: [8 * 64 * 256, 64 * 256, 8 * 256],
  },
  {
    name: 'DFT: real samples from half of the frequencies',
    nodes: [n('DFT', 'x length axis', 'y', { onesided: 1, inverse: 1 })],
    inputs: { x: [1, 8, 33, 2] },
    values: [one('length', 64), one('axis', 2)],
    counts: [8 * 66 * 64, 66 * 64, 8 * 64],
  },
  {
    name: 'STFT: frames of a signal are the places of a convolution',
    nodes: [n('STFT', 'x step window', 'y')],
    inputs: { x: [1, 16000] },
    weights: { window: [400] },
    values: [one('step', 160)],
    counts: [98 * 400 * 402, 400 * 402, 98 * 402],
  },
  {
    name: 'STFT: all frequencies of complex samples, the frame stated',
    nodes: [n('STFT', 'x step _ frame', 'y', { onesided: 0 })],
    inputs: { x: [1, 1000, 2] },
    values: [one('step', 100), one('frame', 200)],
    counts: [9 * 400 * 400, 400 * 400, 9 * 400],
  },
  {
    name: 'SparseAttention: all places of the cache',
    nodes: [
      ms(
        n('SparseAttention', 'q k v pk pv rows columns total lengths', 'y pk2 pv2', { num_heads: 4, kv_num_heads: 2 }),
      ),
    ],
    inputs: { q: [1, 8, 64], k: [1, 8, 32], v: [1, 8, 32], pk: [1, 2, 128, 16], pv: [1, 2, 128, 16] },
    values: [list('rows', 0, 1, 2), list('columns', 0, 1, 2), one('total', 128), list('lengths', 8)],
    counts: [2 * 4 * 8 * 128 * 16, 0, 8 * 64],
  },
];

const exact: readonly Case[] = [
  {
    name: 'SequenceMap: the body for each item',
    nodes: [
      n('SplitToSequence', 'x', 's', { axis: 1, keepdims: 0 }),
      n('SequenceMap', 's', 't', {
        body: { graph: { nodes: [n('MatMul', 'a w', 'b')], inputs: { a: [1, 16] }, outputs: { b: [1, 8] } } },
      }),
      n('ConcatFromSequence', 't', 'y', { axis: 1, new_axis: 1 }),
    ],
    inputs: { x: [1, 4, 16] },
    weights: { w: [16, 8] },
    counts: [4 * 128, 128, 32],
  },
  {
    name: 'SequenceMap: items of two sequences and a whole tensor',
    nodes: [
      n('SplitToSequence', 'x', 's', { axis: 1, keepdims: 0 }),
      n('SequenceMap', 's s c', 't', {
        body: {
          graph: {
            nodes: [n('MatMul', 'a w', 'b'), n('MatMul', 'a2 w', 'b2'), n('Add', 'b b2', 'd'), n('Add', 'd c2', 'e')],
            inputs: { a: [1, 16], a2: [1, 16], c2: [1, 8] },
            outputs: { e: [1, 8] },
          },
        },
      }),
      n('SequenceAt', 't place', 'y'),
    ],
    inputs: { x: [1, 4, 16], c: [1, 8] },
    weights: { w: [16, 8] },
    values: [one('place', 3)],
    counts: [8 * 128, 128, 8],
  },
  {
    name: 'ConvTranspose: weights that the network computes',
    nodes: [
      n('MatMul', 'k v', 'w0'),
      n('Reshape', 'w0 shape', 'w'),
      n('ConvTranspose', 'x w', 'y', { strides: [2, 2] }),
    ],
    inputs: { x: [1, 8, 10, 10], k: [1, 16] },
    weights: { v: [16, 128] },
    values: [list('shape', 8, 4, 2, 2)],
    counts: [16 * 128 + 100 * 8 * 16, 16 * 128, 400 * 4],
  },
  {
    name: 'ConvTranspose: the same in groups, with a bias',
    nodes: [
      n('MatMul', 'k v', 'w0'),
      n('Reshape', 'w0 shape', 'w'),
      n('ConvTranspose', 'x w b', 'y', { strides: [2, 2], group: 2 }),
    ],
    inputs: { x: [1, 8, 10, 10], k: [1, 16] },
    weights: { v: [16, 128], b: [8] },
    values: [list('shape', 8, 4, 2, 2)],
    counts: [16 * 128 + 100 * 4 * 16 * 2, 16 * 128 + 8, 400 * 8],
  },
];

describe('counts', () => {
  test.each(exact.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const read = countsOf(each);
    expect(read).toMatchObject({ counts: each.counts, problems: [], messages: [] });
    expect(read.text?.after).toEqual(read.text?.before);
  });

  test.each(approximated.map((each) => [each.name, each] as const))('%s, as a caveat', (_, each) => {
    const read = countsOf(each);
    expect(read).toMatchObject({ counts: each.counts, problems: [] });
    expect(read.messages).toMatchObject([expect.stringMatching(/To accept that, write 'assume \{ \w+: accepted \}'/)]);
    expect(read.text?.after).toEqual(read.text?.before);
    const { value } = readOnnx(file(each), 'Net', { uri: 'test.npu', start: 0, end: 0 });
    expect(value?.caveats).toMatchObject([{ code: 'onnx-approximated', effect: { kind: 'any' } }]);
  });
});

test('DFT: its axis is an attribute before operator set 20', () => {
  const bytes = onnxFile({
    nodes: [n('DFT', 'x', 'y', { axis: 1, onesided: 1 })],
    inputs: { x: [1, 256, 1] },
    outputs: { y: [] },
    opset: 17,
  });
  const { value } = readOnnx(bytes, 'Net', { uri: 'test.npu', start: 0, end: 0 });
  expect(value?.layers.map(({ outputShape }) => outputShape)).toEqual([[256], [258]]);
});

test.each<[string, Omit<Case, 'name' | 'counts'>, RegExp]>([
  [
    'frames longer than the signal',
    {
      nodes: [n('STFT', 'x step window', 'y')],
      inputs: { x: [1, 100] },
      weights: { window: [400] },
      values: [one('step', 10)],
    },
    /frames of 400 do not fit 100 samples/,
  ],
  [
    'an unknown step',
    { nodes: [n('STFT', 'x step window', 'y')], inputs: { x: [1, 1000], step: [] }, weights: { window: [400] } },
    /is computed from the input/,
  ],
  [
    'a transform of its numbers',
    { nodes: [n('DFT', 'x _ axis', 'y')], inputs: { x: [1, 8, 2] }, values: [one('axis', 2)] },
    /axis/,
  ],
  ['a map without a body', { nodes: [n('SequenceMap', 'x', 'y')], inputs: { x: [1, 4] } }, /its body is missing/],
])('is refused: %s', (_, each, expected) => {
  expect(countsOf({ name: '', counts: [0, 0, 0], ...each }).messages).toMatchObject([expect.stringMatching(expected)]);
});
