import { expect, test } from 'vitest';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, ms } from './onnx-counts.ts';

/* Forms in which exporters write common networks: learned queries, old operator sets, classical models, nodes that nothing needs. */

interface Told extends Case {
  /** What the import reports. */
  readonly reports?: readonly RegExp[];
}

const learn = (op: string, inputs: string, outputs: string, attributes = {}) => ({
  ...n(op, inputs, outputs, attributes),
  domain: 'ai.onnx.ml',
});
const many = (count: number) => ({ floats: new Array<number>(count).fill(0.5) });

const cases: readonly Told[] = [
  {
    name: 'an attention whose queries are learned',
    nodes: [n('Attention', 'q k v', 'y', { q_num_heads: 4, kv_num_heads: 4 })],
    inputs: { k: [1, 24, 64], v: [1, 24, 64] },
    weights: { q: [1, 8, 64] },
    stated: { y: [1, 8, 64] },
    counts: [2 * 8 * 24 * 64, 8 * 64, 8 * 64],
  },
  {
    name: 'MultiHeadAttention whose queries are learned',
    nodes: [ms(n('MultiHeadAttention', 'q k v', 'y', { num_heads: 4 }))],
    inputs: { k: [1, 24, 64], v: [1, 24, 64] },
    weights: { q: [1, 8, 64] },
    stated: { y: [1, 8, 64] },
    counts: [2 * 8 * 24 * 64, 8 * 64, 8 * 64],
  },
  {
    name: 'a node that no output depends on',
    nodes: [n('MatMul', 'x w', 'unused'), n('MatMul', 'x v', 'y')],
    inputs: { x: [1, 16, 8] },
    weights: { w: [8, 400], v: [8, 4] },
    stated: { y: [1, 16, 4] },
    counts: [16 * 8 * 4, 8 * 4, 16 * 4],
    reports: [/^No output of the graph depends on the node MatMul 'unused'\. It is not counted\.$/],
  },
  {
    name: 'a constant that a node states as a sparse tensor',
    nodes: [n('Constant', '', 'w', { sparse_value: { sparse: [8, 4] } }), n('MatMul', 'x w', 'y')],
    inputs: { x: [1, 16, 8] },
    stated: { y: [1, 16, 4] },
    counts: [16 * 8 * 4, 8 * 4, 16 * 4],
  },
  {
    name: 'a convolution with a bias that the network computes',
    nodes: [n('Reshape', 'b s', 'c'), n('Conv', 'x w c', 'y')],
    inputs: { x: [1, 8, 16, 16], b: [1, 16] },
    weights: { w: [16, 8, 1, 1] },
    values: [{ name: 's', dims: [1], ints: [-1] }],
    stated: { y: [1, 16, 16, 16] },
    counts: [256 * 8 * 16, 8 * 16, 256 * 16],
  },
  {
    name: 'before operator set 7, a bias names its axis',
    nodes: [n('Conv', 'x w', 'c'), n('Add', 'c b', 'y', { broadcast: 1, axis: 1 })],
    opset: 6,
    inputs: { x: [1, 4, 8, 8] },
    weights: { w: [16, 4, 1, 1], b: [16] },
    stated: { y: [1, 16, 8, 8] },
    counts: [64 * 4 * 16, 4 * 16 + 16, 64 * 16],
  },
  {
    name: 'Scatter of operator set 9',
    nodes: [n('Scatter', 'x i u', 'y', { axis: 1 })],
    opset: 9,
    inputs: { x: [1, 8, 16], i: [1, 2, 16], u: [1, 2, 16] },
    stated: { y: [1, 8, 16] },
    counts: [0, 0, 8 * 16],
  },
  {
    name: 'ReverseSequence shows which axis counts requests',
    nodes: [n('ReverseSequence', 'x l', 'y', { batch_axis: 1, time_axis: 0 })],
    inputs: { x: [12, 1, 16] },
    values: [{ name: 'l', dims: [1], ints: [12] }],
    stated: { y: [12, 1, 16] },
    counts: [0, 0, 12 * 16],
  },
  {
    name: 'a quantized LSTM reads steps first, so that its second axis counts requests',
    nodes: [ms(n('DynamicQuantizeLSTM', 'x w r b', 'y', { hidden_size: 16 }))],
    inputs: { x: [10, 1, 8] },
    weights: { w: [1, 8, 64], r: [1, 16, 64], b: [1, 128] },
    stated: { y: [10, 1, 1, 16] },
    counts: [10 * 64 * 24, 64 * 24 + 128, 10 * 16],
  },
  {
    name: 'a window with a constant size',
    nodes: [n('HannWindow', 'k', 'w'), n('Mul', 'x w', 'y')],
    inputs: { x: [1, 8, 400] },
    values: [{ name: 'k', dims: [], ints: [400] }],
    stated: { y: [1, 8, 400] },
    counts: [0, 0, 8 * 400],
  },
  {
    name: 'random numbers with a stated shape',
    nodes: [n('RandomNormal', '', 'r', { shape: [1, 8, 16] }), n('Add', 'x r', 'y')],
    inputs: { x: [1, 8, 16] },
    stated: { y: [1, 8, 16] },
    counts: [0, 0, 8 * 16],
  },
  {
    name: 'Resize of the middle of an image',
    nodes: [n('Resize', 'x roi s', 'y', { coordinate_transformation_mode: 'tf_crop_and_resize' })],
    inputs: { x: [1, 8, 20, 20] },
    values: [
      { name: 'roi', dims: [8], floats: [0, 0, 0.25, 0.25, 1, 1, 0.75, 0.75] },
      { name: 's', dims: [4], floats: [1, 1, 4, 4] },
    ],
    stated: { y: [1, 8, 40, 40] },
    counts: [0, 0, 8 * 40 * 40],
  },
  {
    name: 'axes that come from an input, with a stated result',
    nodes: [n('ReduceSum', 'x a', 'r', { keepdims: 0 }), n('Relu', 'r', 'y')],
    inputs: { x: [1, 8, 16], a: [1] },
    outputs: ['r', 'y'],
    stated: { r: [1, 16], y: [1, 16] },
    counts: [0, 0, 16],
  },
  {
    name: 'a scaled linear classifier of scikit-learn',
    nodes: [
      learn('Scaler', 'x', 's', { offset: many(64), scale: many(64) }),
      learn('LinearClassifier', 's', 'l p', {
        coefficients: many(64 * 3),
        intercepts: many(3),
        post_transform: 'SOFTMAX',
      }),
      learn('Normalizer', 'p', 'q'),
      learn('ZipMap', 'q', 'y'),
    ],
    inputs: { x: ['N', 64] },
    outputs: ['l', 'y'],
    counts: [64 * 3, 64 * 3 + 3, 3],
  },
  {
    name: 'a linear regressor of scikit-learn',
    nodes: [learn('LinearRegressor', 'x', 'y', { coefficients: many(64), intercepts: many(1) })],
    inputs: { x: ['N', 64] },
    stated: { y: ['N', 1] },
    counts: [64, 64 + 1, 1],
  },
  {
    name: 'a deformable convolution of MMCV',
    nodes: [{ ...n('MMCVModulatedDeformConv2d', 'x o m w b', 'y', { groups: 1, deform_groups: 1 }), domain: 'mmcv' }],
    inputs: { x: [1, 8, 16, 16], o: [1, 18, 16, 16], m: [1, 9, 16, 16] },
    weights: { w: [16, 8, 3, 3], b: [16] },
    stated: { y: [1, 16, 16, 16] },
    counts: [256 * 16 * 72, 16 * 72 + 16, 256 * 16],
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual((each.reports ?? []).map((report) => expect.stringMatching(report)));
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});
