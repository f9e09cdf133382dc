import { expect, test } from 'vitest';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, ms } from './onnx-counts.ts';

/*
 * Operators that ONNX Runtime writes: images with channels last, and attention in less common forms. Multiplications and parameters are
 * counted by hand from ContribOperators.md. The stated shapes check the axes of the results.
 */

interface Told extends Case {
  /** The caveat that the import reports. Without one, it reports nothing. */
  readonly caveat?: RegExp;
}

const image = [1, 32, 48, 8];
const nhwc = (op: string, inputs: string, attributes = {}) => ({
  ...n(op, inputs, 'y', attributes),
  domain: 'com.ms.internal.nhwc',
});

const nchwc = (op: string, inputs: string, out: string, attributes = {}) => ({
  ...n(op, inputs, out, attributes),
  domain: 'com.microsoft.nchwc',
});

const cases: readonly Told[] = [
  {
    name: 'convolutions with channels in blocks of 16, which pad 20 filters to 32',
    nodes: [
      nchwc('Conv', 'x w b', 'c', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2], activation: 'Relu' }),
      nchwc('Conv', 'c d', 'e', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: 32 }),
      nchwc('MaxPool', 'e', 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
      nchwc('Upsample', 'p', 'u', { scales: [1, 1, 2, 2] }),
      nchwc('Conv', 'u v _ c', 's', { kernel_shape: [1, 1] }),
      nchwc('ReorderOutput', 's', 'y', { channels: 20 }),
    ],
    inputs: { x: [1, 3, 32, 48] },
    weights: { w: [32, 3, 3, 3], b: [32], d: [32, 1, 3, 3], v: [32, 32, 1, 1] },
    stated: { y: [1, 20, 16, 24] },
    counts: [16 * 24 * 32 * (27 + 9 + 32), 32 * 28 + 288 + 1024, 20 * 16 * 24],
  },
  {
    name: 'an image whose channels are padded to a block, and channels last at both ends',
    nodes: [
      nchwc('ReorderInput', 'x', 'r', { channels_last: 1 }),
      nchwc('Conv', 'r w', 'c', { kernel_shape: [1, 1] }),
      nchwc('ReorderOutput', 'c', 'o', { channels: 16, channels_last: 1 }),
      n('MatMul', 'o v', 'y'),
    ],
    inputs: { x: [1, 8, 6, 20] },
    weights: { w: [16, 32, 1, 1], v: [16, 5] },
    stated: { y: [1, 8, 6, 5] },
    counts: [48 * (16 * 32 + 16 * 5), 512 + 80, 48 * 5],
  },
  {
    name: 'NhwcConv with weights of filters x H x W x channels',
    nodes: [ms(n('NhwcConv', 'x w b', 'y', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }))],
    inputs: { x: image },
    weights: { w: [16, 3, 3, 8], b: [16] },
    stated: { y: [1, 16, 24, 16] },
    counts: [16 * 24 * 16 * 72, 16 * 72 + 16, 16 * 24 * 16],
  },
  {
    name: 'NhwcFusedConv with a sum',
    nodes: [ms(n('NhwcFusedConv', 'x w b z', 'y', { kernel_shape: [1, 1], activation: 'Relu' }))],
    inputs: { x: image, z: [1, 32, 48, 16] },
    weights: { w: [16, 8, 1, 1], b: [16] },
    stated: { y: [1, 32, 48, 16] },
    counts: [32 * 48 * 16 * 8, 16 * 8 + 16, 32 * 48 * 16],
  },
  {
    name: 'NhwcMaxPool',
    nodes: [ms(n('NhwcMaxPool', 'x', 'y', { kernel_shape: [2, 2], strides: [2, 2] }))],
    inputs: { x: image },
    stated: { y: [1, 16, 24, 8] },
    counts: [0, 0, 16 * 24 * 8],
  },
  {
    name: 'QLinearConv with channels last',
    nodes: [ms(n('QLinearConv', 'x s z w s z s z b', 'y', { kernel_shape: [3, 3], channels_last: 1 }))],
    inputs: { x: image },
    weights: { s: [], z: [], w: [16, 8, 3, 3], b: [16] },
    stated: { y: [1, 30, 46, 16] },
    counts: [30 * 46 * 16 * 72, 16 * 72 + 16, 30 * 46 * 16],
  },
  {
    name: 'a quantized pool with channels last',
    nodes: [ms(n('QLinearGlobalAveragePool', 'x s z s z', 'y', { channels_last: 1 }))],
    inputs: { x: image },
    weights: { s: [], z: [] },
    stated: { y: [1, 1, 1, 8] },
    counts: [0, 0, 8],
  },
  {
    name: 'a convolution of the domain with channels last',
    nodes: [nhwc('Conv', 'x w b', { kernel_shape: [3, 3] })],
    inputs: { x: image },
    weights: { w: [16, 8, 3, 3], b: [16] },
    stated: { y: [1, 30, 46, 16] },
    counts: [30 * 46 * 16 * 72, 16 * 72 + 16, 30 * 46 * 16],
  },
  {
    name: 'PackedMultiHeadAttention',
    nodes: [n('Reshape', 'x s', 'q'), ms(n('PackedMultiHeadAttention', 'q _ _ _ t c', 'y', { num_heads: 4 }))],
    inputs: { x: [1, 16, 192], t: [1, 16], c: [2] },
    values: [{ name: 's', dims: [4], ints: [16, 4, 3, 16] }],
    stated: { y: [16, 64] },
    counts: [2 * 16 * 16 * 64, 0, 16 * 64],
  },
  {
    name: 'DecoderMaskedSelfAttention',
    nodes: [ms(n('DecoderMaskedSelfAttention', 'x w b m p r l', 'y n', { num_heads: 4 }))],
    inputs: { x: [1, 1, 64], m: [1, 32], p: [2, 1, 4, 32, 16], r: [1], l: [1] },
    weights: { w: [64, 192], b: [192] },
    stated: { y: [1, 1, 64] },
    counts: [64 * 192 + 2 * 33 * 64, 64 * 192 + 192, 64],
  },
  {
    name: 'LongformerAttention: 65 near tokens and a global one, and one global token over all',
    nodes: [ms(n('LongformerAttention', 'x w b m gw gb g', 'y', { num_heads: 4, window: 32 }))],
    inputs: { x: [1, 256, 64], m: [1, 256], g: [1, 256] },
    weights: { w: [64, 192], b: [192], gw: [64, 192], gb: [192] },
    stated: { y: [1, 256, 64] },
    counts: [2 * 256 * 64 * 192 + 2 * 256 * 66 * 64 + 2 * 256 * 64, 2 * (64 * 192 + 192), 256 * 64],
    caveat: /LongformerAttention 'y': how many of its tokens attend to all others depends on the data/,
  },
  {
    name: 'LinearAttention: a step of the gated delta rule multiplies with the state three times',
    nodes: [ms(n('LinearAttention', 'q k v s g b', 'y ns', { q_num_heads: 2, kv_num_heads: 4 })), n('Relu', 'ns', 'z')],
    inputs: { q: [1, 1, 32], k: [1, 1, 32], v: [1, 1, 96], s: [1, 4, 16, 24], g: [1, 1, 4], b: [1, 1, 4] },
    outputs: ['y', 'z'],
    stated: { y: [1, 1, 96], z: [1, 4, 16, 24] },
    counts: [3 * 4 * 16 * 24, 0, 4 * 16 * 24],
  },
  {
    name: 'LinearAttention without a delta rule, with more heads of queries, over ten steps',
    nodes: [n('LinearAttention', 'q k v', 'y', { q_num_heads: 8, kv_num_heads: 4, update_rule: 'linear' })],
    inputs: { q: [1, 10, 128], k: [1, 10, 64], v: [1, 10, 96] },
    stated: { y: [1, 10, 192] },
    counts: [10 * 16 * 24 * (4 + 8), 0, 10 * 192],
    caveat: /LinearAttention 'y': its steps depend on each other/,
  },
  {
    name: 'CausalConvWithState behind the steps in its state',
    nodes: [n('CausalConvWithState', 'x w b p', 'y n', { activation: 'silu' }), n('Relu', 'n', 'z')],
    inputs: { x: [1, 64, 8], p: [1, 64, 3] },
    outputs: ['y', 'z'],
    weights: { w: [64, 1, 4], b: [64] },
    stated: { y: [1, 64, 8], z: [1, 64, 3] },
    counts: [64 * 4 * 8, 64 * 4 + 64, 64 * 3],
  },
  {
    name: 'CausalConvWithState without a state',
    nodes: [n('CausalConvWithState', 'x w', 'y')],
    inputs: { x: [1, 64, 8] },
    weights: { w: [64, 1, 4] },
    stated: { y: [1, 64, 8] },
    counts: [64 * 4 * 8, 64 * 4, 64 * 8],
  },
  {
    name: 'LinearAttentionGate and GatedRMSNorm',
    nodes: [ms(n('LinearAttentionGate', 'a d s b', 'g e')), ms(n('GatedRMSNorm', 'g s e', 'y'))],
    inputs: { a: [1, 8, 16], b: [1, 8, 16] },
    weights: { d: [16], s: [16] },
    stated: { y: [1, 8, 16] },
    counts: [0, 0, 8 * 16],
  },
  {
    name: 'GatedRelativePositionBias',
    nodes: [ms(n('GatedRelativePositionBias', 'q qb r w b e', 'y', { num_heads: 4 }))],
    inputs: { q: [1, 16, 64], r: [1, 4, 16, 16] },
    weights: { qb: [64], w: [16, 8], b: [8], e: [1, 4, 1, 1] },
    stated: { y: [1, 4, 16, 16] },
    counts: [4 * 16 * 16 * 8, 16 * 8 + 8, 4 * 16 * 16],
  },
  {
    name: 'BiasSoftmax',
    nodes: [ms(n('BiasSoftmax', 'x b', 'y', { axis: -1 }))],
    inputs: { x: [1, 4, 16, 16], b: [1, 1, 16, 16] },
    stated: { y: [1, 4, 16, 16] },
    counts: [0, 0, 4 * 16 * 16],
  },
  {
    name: 'Det: elimination on the vector unit',
    nodes: [n('Det', 'x', 'y')],
    inputs: { x: ['batch', 4, 8, 8] },
    stated: { y: ['batch', 4] },
    counts: [0, 0, 4],
    caveat: /Det 'y': its elimination is counted on the vector unit/,
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual(each.caveat === undefined ? [] : [expect.stringMatching(each.caveat)]);
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});
