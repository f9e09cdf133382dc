import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, file, ms } from './onnx-counts.ts';
import { macsOf, shapeProblems, sketch, total } from './sketch.ts';

/*
 * Operators that become several layers. Multiplications and parameters are counted by hand from the definitions: ONNX's Operators.md and
 * ONNX Runtime's ContribOperators.md.
 */

const origin = { uri: 'test.npu', start: 0, end: 0 };

const scores = (heads: number, steps: number, keys: number, size: number) => 2 * heads * steps * keys * size;
const qkv = { q: [1, 16, 64], k: [1, 24, 32], v: [1, 24, 32] };

const cases: readonly Case[] = [
  {
    name: 'Attention of ONNX with four dimensions and values that are wider than keys',
    nodes: [n('Attention', 'q k v', 'y')],
    inputs: { q: [1, 4, 16, 8], k: [1, 4, 24, 8], v: [1, 4, 24, 10] },
    counts: [4 * 16 * 24 * 18, 0, 4 * 16 * 10],
  },
  {
    name: 'Attention of ONNX with fewer heads of keys, a mask and softcap',
    nodes: [n('Attention', 'q k v m', 'y', { q_num_heads: 4, kv_num_heads: 2, softcap: { float: 2 } })],
    inputs: { ...qkv, m: [1, 1, 16, 24] },
    counts: [scores(4, 16, 24, 16), 0, 16 * 64],
  },
  {
    name: 'Attention of ONNX with keys and values of earlier steps',
    nodes: [n('Attention', 'q k v _ pk pv', 'y nk nv', { q_num_heads: 4, kv_num_heads: 2 })],
    inputs: { ...qkv, pk: [1, 2, 100, 16], pv: [1, 2, 100, 16] },
    outputs: ['y', 'nk', 'nv'],
    counts: [scores(4, 16, 124, 16), 0, 16 * 64],
  },
  {
    name: 'Attention of ONNX Runtime projects its input',
    nodes: [ms(n('Attention', 'x w b mask', 'y', { num_heads: 4 }))],
    inputs: { x: [1, 16, 64], mask: [1, 16] },
    weights: { w: [64, 192], b: [192] },
    counts: [16 * 64 * 192 + scores(4, 16, 16, 16), 64 * 192 + 192, 16 * 64],
  },
  {
    name: 'Attention of ONNX Runtime with keys and values of earlier steps in one tensor',
    nodes: [ms(n('Attention', 'x w b _ past', 'y now', { num_heads: 4 })), n('Relu', 'now', 'z')],
    inputs: { x: [1, 1, 64], past: [2, 1, 4, 31, 16] },
    weights: { w: [64, 192], b: [192] },
    outputs: ['y', 'z'],
    counts: [64 * 192 + scores(4, 1, 32, 16), 64 * 192 + 192, 2 * 32 * 64],
  },
  {
    name: 'quantized attention',
    nodes: [ms(n('QAttention', 'x w b s s mask', 'y', { num_heads: 4 }))],
    inputs: { x: [1, 16, 64], mask: [1, 16] },
    weights: { w: [64, 192], b: [192], s: [] },
    counts: [16 * 64 * 192 + scores(4, 16, 16, 16), 64 * 192 + 192, 16 * 64],
  },
  {
    name: 'MultiHeadAttention includes the bias of the products before it',
    nodes: [
      n('MatMul', 'x wq', 'q'),
      n('MatMul', 'x wk', 'k'),
      n('MatMul', 'x wv', 'v'),
      ms(n('MultiHeadAttention', 'q k v b', 'y', { num_heads: 4 })),
    ],
    inputs: { x: [1, 16, 64] },
    weights: { wq: [64, 64], wk: [64, 64], wv: [64, 64], b: [192] },
    counts: [3 * 16 * 64 * 64 + scores(4, 16, 16, 16), 3 * 64 * 65, 16 * 64],
  },
  {
    name: 'MultiHeadAttention, packed',
    nodes: [ms(n('MultiHeadAttention', 'x', 'y', { num_heads: 4 }))],
    inputs: { x: [1, 16, 4, 3, 16] },
    counts: [scores(4, 16, 16, 16), 0, 16 * 64],
  },
  {
    name: 'MultiHeadAttention over keys of another attention',
    nodes: [ms(n('MultiHeadAttention', 'q k v', 'y', { num_heads: 4 }))],
    inputs: { q: [1, 16, 64], k: [1, 4, 50, 16], v: [1, 4, 50, 16] },
    counts: [scores(4, 16, 50, 16), 0, 16 * 64],
  },
  {
    name: 'DecoderMaskedMultiHeadAttention: one step with a cache',
    nodes: [ms(n('DecoderMaskedMultiHeadAttention', 'q k v _ _ pk pv', 'y', { num_heads: 4 }))],
    inputs: { q: [1, 1, 64], k: [1, 1, 64], v: [1, 1, 64], pk: [1, 4, 63, 16], pv: [1, 4, 63, 16] },
    counts: [scores(4, 1, 64, 16), 0, 64],
  },
  {
    name: 'GroupQueryAttention, packed, rotated, with a cache',
    nodes: [
      ms(n('GroupQueryAttention', 'x _ _ pk pv l t c s', 'y a b', { num_heads: 4, kv_num_heads: 2, do_rotary: 1 })),
    ],
    inputs: { x: [1, 1, 128], pk: [1, 2, 99, 16], pv: [1, 2, 99, 16] },
    weights: { l: [1], t: [], c: [4096, 8], s: [4096, 8] },
    outputs: ['y', 'a', 'b'],
    counts: [scores(4, 1, 100, 16), 0, 64],
  },
  {
    name: 'RotaryEmbedding of a part of each head',
    nodes: [n('RotaryEmbedding', 'x c s', 'y', { rotary_embedding_dim: 4 })],
    inputs: { x: [1, 4, 16, 8] },
    weights: { c: [1, 16, 2], s: [1, 16, 2] },
    counts: [0, 0, 512],
  },
  {
    name: 'MatMulNBits: the sizes are attributes, because the tensor is packed',
    nodes: [ms(n('MatMulNBits', 'x w s _ _ b', 'y', { K: 256, N: 128, bits: 4, block_size: 32 }))],
    inputs: { x: [1, 16, 256] },
    weights: { w: [128, 8, 16], s: [1024], b: [128] },
    counts: [16 * 256 * 128, 256 * 128 + 128, 16 * 128],
  },
  {
    name: 'QGemm with transposed weights and a bias',
    nodes: [ms(n('QGemm', 'x s z w s z c s z', 'y', { transB: 1 }))],
    inputs: { x: [1, 64] },
    weights: { w: [32, 64], s: [], z: [], c: [32] },
    counts: [2048, 2048 + 32, 32],
  },
  {
    name: 'DynamicQuantizeMatMul and MatMulIntegerToFloat',
    nodes: [ms(n('DynamicQuantizeMatMul', 'x w s z b', 'h')), ms(n('MatMulIntegerToFloat', 'h v s s z z c', 'y'))],
    inputs: { x: [1, 4, 64] },
    weights: { w: [64, 32], v: [32, 8], s: [], z: [], b: [32], c: [8] },
    counts: [4 * 64 * 32 + 4 * 32 * 8, 64 * 32 + 32 + 32 * 8 + 8, 32],
  },
  {
    name: 'quantized addition and concatenation with scales between the operands',
    nodes: [ms(n('QLinearAdd', 'x s z y s z s z', 'a')), ms(n('QLinearConcat', 's z a s z x s z', 'c', { axis: 1 }))],
    inputs: { x: [1, 8, 4], y: [1, 8, 4] },
    weights: { s: [], z: [] },
    counts: [0, 0, 64],
  },
  {
    name: 'EmbedLayerNormalization reads three tables',
    nodes: [ms(n('EmbedLayerNormalization', 'ids seg w p s g b mask', 'y lengths'))],
    inputs: { ids: [1, 20], seg: [1, 20], mask: [1, 20] },
    weights: { w: [1000, 64], p: [512, 64], s: [2, 64], g: [64], b: [64] },
    counts: [0, 1514 * 64, 20 * 64],
  },
  {
    name: 'GatherBlockQuantized: two elements in each byte',
    nodes: [ms(n('GatherBlockQuantized', 't x s', 'y', { bits: 4, gather_axis: 0 }))],
    inputs: { x: [1, 20] },
    values: [
      { name: 't', dims: [1000, 32], type: 2 },
      { name: 's', dims: [1000, 2] },
    ],
    counts: [0, 64_000, 20 * 64],
  },
  {
    name: 'SkipLayerNormalization, FastGelu, QuickGelu, SimplifiedLayerNormalization',
    nodes: [
      ms(n('SkipLayerNormalization', 'x y g g', 'a')),
      ms(n('FastGelu', 'a g', 'b')),
      ms(n('QuickGelu', 'b', 'c')),
      ms(n('SkipSimplifiedLayerNormalization', 'c y g', 'd')),
      n('SimplifiedLayerNormalization', 'd g', 'e'),
    ],
    inputs: { x: [1, 8, 64], y: [1, 8, 64] },
    weights: { g: [64] },
    counts: [0, 0, 512],
  },
  {
    name: 'FusedConv adds its fourth input and applies a function',
    nodes: [ms(n('FusedConv', 'x w b z', 'y', { activation: 'Relu', pads: [1, 1, 1, 1] }))],
    inputs: { x: [1, 4, 8, 8], z: [1, 6, 8, 8] },
    weights: { w: [6, 4, 3, 3], b: [6] },
    counts: [64 * 6 * 36, 6 * 36 + 6, 384],
  },
  {
    name: 'DeformConv samples four pixels for each weight, then multiplies like a convolution',
    nodes: [n('DeformConv', 'x w o b m', 'y', { group: 2, pads: [1, 1, 1, 1] })],
    inputs: { x: [1, 4, 8, 8], o: [1, 18, 8, 8], m: [1, 9, 8, 8] },
    weights: { w: [6, 2, 3, 3], b: [6] },
    counts: [64 * 6 * 18, 6 * 18 + 6, 384],
  },
  {
    name: 'a transposed convolution adds its bias after the sums',
    nodes: [n('ConvTranspose', 'x w b', 'y', { strides: [2, 2] })],
    inputs: { x: [1, 8, 16, 16] },
    weights: { w: [8, 4, 2, 2], b: [4] },
    counts: [256 * 8 * 16, 128 + 4, 4096],
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual([]);
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});

test('scores, mask and softmax are separate layers, and heads that share keys are rows', () => {
  const nodes = [n('Attention', 'q k v m', 'y', { q_num_heads: 4, kv_num_heads: 2 })];
  const { value } = readOnnx(file({ nodes, inputs: { ...qkv, m: [1, 4, 16, 24] } }), 'Net', origin);
  expect(
    sketch(value)
      .filter((line) => !line.startsWith('input'))
      .map((line) => line.replace(/\[[-\d,]*\] /, '')),
  ).toEqual([
    'y_scores: matmul 2x32x16, 2x24x16 -> 2x32x24',
    'y_scale: multiply 2x32x24 -> 2x32x24',
    'y_scale_view: view 2x32x24 -> 4x16x24',
    'y_mask: add 4x16x24, 4x16x24 -> 4x16x24',
    'y_mask_view: view 4x16x24 -> 2x32x24',
    'y_softmax: softmax 2x32x24 -> 2x32x24',
    'y: matmul 2x32x24, 2x24x16 -> 2x32x16',
  ]);
});

describe('Einsum: the products and the size of the result', () => {
  const table: readonly (readonly [string, readonly (readonly number[])[], number, readonly number[]])[] = [
    // The columns: equation, shapes (the last operand of two is a weight if its name starts with w), multiplications, elements of the last
    // layer.
    [
      '...ij,jk->...ik',
      [
        [1, 2, 8, 16],
        [16, 4],
      ],
      2 * 8 * 16 * 4,
      [2, 8, 4],
    ],
    ['bij->bji', [[1, 8, 16]], 0, [16, 8]],
    ['bij->bi', [[1, 8, 16]], 0, [8]],
    ['bij', [[1, 8, 16]], 0, [8, 16]],
    [
      'bqhd,bkhd->bhqk',
      [
        [1, 8, 4, 16],
        [1, 10, 4, 16],
      ],
      4 * 8 * 10 * 16,
      [4, 8, 10],
    ],
    [
      'bi,bj->bij',
      [
        [1, 8],
        [1, 10],
      ],
      0,
      [8, 10],
    ],
    [
      'bij,bij->b',
      [
        [1, 8, 16],
        [1, 8, 16],
      ],
      8 * 16,
      [1],
    ],
    [
      'bhi,hij,bhj->b',
      [
        [1, 4, 8],
        [4, 8, 6],
        [1, 4, 6],
      ],
      4 * 8 * 6 + 4 * 6,
      [1],
    ],
    [
      '...hd,...hd->...h',
      [
        [1, 5, 4, 8],
        [1, 5, 4, 8],
      ],
      5 * 4 * 8,
      [5, 4],
    ],
    [
      'b...d,bd->b...',
      [
        [1, 5, 8],
        [1, 8],
      ],
      5 * 8,
      [5],
    ],
  ];
  test.each(table)('%s of %j', (equation, shapes, macs, last) => {
    const names = shapes.map((_, index) => `x${index}`);
    const isWeights = (index: number) => index > 0 && shapes[index]?.[0] !== 1;
    const nodes = [n('Einsum', names.join(' '), 'e', { equation }), n('Relu', 'e', 'y')];
    const inputs = Object.fromEntries(
      names.flatMap((name, index) => (isWeights(index) ? [] : [[name, shapes[index] ?? []]])),
    );
    const weights = Object.fromEntries(
      names.flatMap((name, index) => (isWeights(index) ? [[name, shapes[index] ?? []]] : [])),
    );
    const { value, diagnostics } = readOnnx(file({ nodes, inputs, weights }), 'Net', origin);
    expect(diagnostics).toEqual([]);
    expect(total(value, macsOf)).toBe(macs);
    expect(value?.layers.at(-1)?.outputShape).toEqual(last);
    if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
  });

  test.each([
    ['ii->i', [4, 5], /gives 'i' the sizes 4 and 5/],
    ['ij->ik', [1, 4], /makes axes that none of its inputs has/],
    ['ijk->i', [1, 4], /does not fit its inputs/],
    ['...ij,->ij', [1, 4], /does not fit its 1 inputs/],
  ])('%s is an error', (equation, shape, message) => {
    const each = { nodes: [n('Einsum', 'x', 'y', { equation })], inputs: { x: shape } };
    expect(readOnnx(file(each), 'Net', origin).diagnostics.at(-1)?.message).toMatch(message);
  });
});

describe('operators that change the shape', () => {
  const table: readonly (readonly [string, Omit<Case, 'name' | 'counts'>, readonly number[], readonly RegExp[]])[] = [
    [
      'GridSample: one sample for each place of the grid',
      { nodes: [n('GridSample', 'x g', 'y')], inputs: { x: [1, 3, 8, 8], g: [1, 5, 6, 2] } },
      [5, 6, 3],
      [],
    ],
    [
      'Compress by a constant condition',
      {
        nodes: [n('Compress', 'x c', 'y', { axis: 1 })],
        inputs: { x: [1, 4, 8] },
        values: [{ name: 'c', dims: [3], type: 9, raw: new Uint8Array([1, 0, 1]) }],
      },
      [2, 8],
      [],
    ],
    [
      'Compress by data: all elements are counted, with a caveat',
      { nodes: [n('Compress', 'x c', 'y', { axis: 1 })], inputs: { x: [1, 4, 8], c: [4] } },
      [4, 8],
      [/^Compress 'y': how many slices it keeps depends on the data.*assume \{ Compress: accepted \}/],
    ],
    [
      'NonZero: every position is counted, with a caveat',
      { nodes: [n('NonZero', 'x', 'y')], inputs: { x: [1, 4, 8] } },
      [3, 32],
      [/^NonZero 'y': how many places it keeps depends on the data/],
    ],
    [
      'OneHot: the new axis has the length of the depth',
      {
        nodes: [n('OneHot', 'x d v', 'y')],
        inputs: { x: [1, 20] },
        values: [
          { name: 'd', dims: [], ints: [30] },
          { name: 'v', dims: [2], ints: [0, 1] },
        ],
      },
      [20, 30],
      [],
    ],
    [
      'RoiAlign: one map for each region',
      {
        nodes: [n('RoiAlign', 'x r b', 'y', { output_height: 7, output_width: 7, sampling_ratio: 2 })],
        inputs: { x: [1, 16, 32, 32] },
        weights: { r: [10, 4], b: [10] },
      },
      // The positions are first, then regions and channels.
      [7, 7, 10, 16],
      [],
    ],
    [
      'TopK is counted as one pass over its input, with a caveat',
      { nodes: [n('TopK', 'x k', 'y i')], inputs: { x: [1, 100] }, values: [{ name: 'k', dims: [1], ints: [5] }] },
      [5],
      [/^TopK 'y': its search is counted as one pass/],
    ],
    [
      'NonMaxSuppression: the largest possible number of boxes is counted',
      {
        nodes: [n('NonMaxSuppression', 'x s m', 'y')],
        inputs: { x: [1, 50, 4], s: [1, 3, 50] },
        values: [{ name: 'm', dims: [1], ints: [10] }],
      },
      [30, 3],
      [/^NonMaxSuppression 'y': how many boxes/],
    ],
  ];
  test.each(table)('%s', (_, each, shape, messages) => {
    const { value, diagnostics } = readOnnx(file(each), 'Net', origin);
    expect(diagnostics.map(({ message }) => message)).toEqual(messages.map((one) => expect.stringMatching(one)));
    expect(value?.caveats ?? []).toHaveLength(messages.length);
    expect(value?.layers.at(-1)?.outputShape).toEqual(shape);
    if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
  });
});
