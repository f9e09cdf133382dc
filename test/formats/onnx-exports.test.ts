import { describe, expect, test } from 'vitest';
import type { ModelStatements } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, file, ms } from './onnx-counts.ts';
import { onnxFile } from './onnx-file.ts';
import { macsOf, parametersOf, total } from './sketch.ts';

/* Forms that exporters write, with the counts that follow from the definitions of the operators. */

const origin = { uri: 'test.npu', start: 0, end: 0 };
const list = (name: string, ...ints: readonly number[]) => ({ name, dims: [ints.length], ints });

const cases: readonly Case[] = [
  {
    name: 'a batch of weights on the left side',
    nodes: [n('MatMul', 'w x', 'y')],
    inputs: { x: [1, 4, 16, 8] },
    weights: { w: [4, 32, 16] },
    counts: [4 * 32 * 16 * 8, 4 * 32 * 16, 4 * 32 * 8],
  },
  {
    name: 'rows are written into a tensor of zeros',
    nodes: [n('MatMul', 'x w', 'u'), n('ScatterND', 'z i u', 's'), n('MatMul', 's v', 'y')],
    inputs: { x: [5, 16], i: [5, 1] },
    weights: { w: [16, 16], z: [20, 16], v: [16, 8] },
    counts: [5 * 256 + 20 * 128, 256 + 128, 160],
  },
  {
    name: 'a table that GatherND looks up',
    nodes: [n('GatherND', 't i', 'e'), n('MatMul', 'e v', 'y')],
    inputs: { i: [1, 7, 1] },
    weights: { t: [100, 16], v: [16, 8] },
    counts: [7 * 128, 1600 + 128, 56],
  },
  {
    name: 'a part of a sequence',
    nodes: [
      n('SplitToSequence', 'x', 's', { axis: 1, keepdims: 0 }),
      n('SequenceAt', 's i', 'a'),
      n('MatMul', 'a w', 'y'),
    ],
    inputs: { x: [1, 4, 16] },
    weights: { w: [16, 8] },
    values: [{ name: 'i', dims: [], ints: [2] }],
    counts: [128, 128, 8],
  },
  {
    name: 'a sequence that is joined',
    nodes: [
      n('MatMul', 'x w', 'a'),
      n('SequenceConstruct', 'a x', 's'),
      n('SequenceInsert', 's x', 't'),
      n('SequenceErase', 't i', 'u'),
      n('ConcatFromSequence', 'u', 'c', { axis: 1 }),
      n('MatMul', 'c w', 'y'),
    ],
    inputs: { x: [1, 4, 16] },
    weights: { w: [16, 16] },
    values: [{ name: 'i', dims: [], ints: [-1] }],
    counts: [(4 + 8) * 256, 256, 8 * 16],
  },
  {
    name: 'an optional value',
    nodes: [n('MatMul', 'x w', 'a'), n('Optional', 'a', 'o'), n('OptionalGetElement', 'o', 'e'), n('Relu', 'e', 'y')],
    inputs: { x: [1, 4, 16] },
    weights: { w: [16, 16] },
    counts: [4 * 256, 256, 64],
  },
  {
    name: 'Resize that keeps the aspect ratio',
    nodes: [
      n('Resize', 'x _ _ s', 'r', { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' }),
      n('Conv', 'r v', 'y'),
    ],
    inputs: { x: [1, 3, 40, 80] },
    weights: { v: [2, 3, 1, 1] },
    values: [list('s', 64, 64)],
    counts: [32 * 64 * 6, 6, 32 * 64 * 2],
  },
  {
    name: 'Einsum over a diagonal',
    nodes: [n('Einsum', 'x w', 'y', { equation: 'iji,jk->ik' })],
    inputs: { x: [6, 5, 6] },
    weights: { w: [5, 7] },
    counts: [6 * 5 * 7, 35, 42],
  },
  {
    name: 'an LSTM whose weights ONNX Runtime quantized and transposed',
    nodes: [ms(n('DynamicQuantizeLSTM', 'x w r b', 'y', { hidden_size: 32 }))],
    inputs: { x: [20, 1, 16] },
    weights: { w: [1, 16, 128], r: [1, 32, 128], b: [1, 256] },
    counts: [20 * 4 * 32 * 48, 4 * 32 * 50, 20 * 32],
  },
  {
    name: 'GroupNorm with its function and the sum before it',
    nodes: [
      n('Conv', 'x w', 'c', { pads: [1, 1, 1, 1] }),
      ms(n('SkipGroupNorm', 'c g g x', 'a s', { groups: 8, activation: 1, channels_last: 0 })),
      n('Add', 'a s', 'y'),
    ],
    inputs: { x: [1, 64, 16, 16] },
    weights: { w: [64, 64, 3, 3], g: [64] },
    counts: [256 * 64 * 576, 64 * 576, 256 * 64],
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual([]);
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});

test('an operator that does not support sequences rejects a sequence', () => {
  const nodes = [n('SequenceConstruct', 'x x', 's'), n('Relu', 's', 'y')];
  const { diagnostics } = readOnnx(file({ nodes, inputs: { x: [1, 4] } }), 'Net', origin);
  expect(diagnostics.at(-1)?.message).toContain('one of its inputs is a sequence');
});

test('frames of a video exported for a batch of two: each reshape and mean keeps one request', () => {
  const { value } = readOnnx(
    onnxFile({
      nodes: [
        n('Reshape', 'x s', 'f'),
        n('Conv', 'f w', 'c', { pads: [1, 1, 1, 1] }),
        n('ReduceMean', 'c', 'm', { axes: [2, 3], keepdims: 0 }),
        n('Reshape', 'm t', 'r'),
        n('ReduceMean', 'r', 'a', { axes: [1], keepdims: 0 }),
        n('Gemm', 'a v', 'y'),
      ],
      inputs: { x: [2, 8, 3, 32, 32] },
      weights: [
        { name: 'w', dims: [8, 3, 3, 3] },
        { name: 'v', dims: [8, 5] },
        list('s', 16, 3, 32, 32),
        list('t', 2, 8, -1),
      ],
      outputs: { y: [2, 5] },
    }),
    'Net',
    origin,
  );
  expect(total(value, macsOf)).toBe(8 * 8 * 1024 * 27 + 40);
  expect(value?.caveats?.map(({ effect }) => effect.kind)).toEqual(['heavier']);
});

test('Scan of operator set 8 has its batch and its steps on the first axes', () => {
  const value = onnxFile({
    opset: 8,
    nodes: [
      n('Scan', '_ h x', 'hn y', {
        num_scan_inputs: 1,
        body: {
          graph: {
            nodes: [
              n('Concat', 'hi xi', 'c', { axis: 0 }),
              n('Unsqueeze', 'c', 'u', { axes: [0] }),
              n('MatMul', 'u w', 'm'),
              n('Squeeze', 'm', 'ho', { axes: [0] }),
              n('Identity', 'ho', 'yo'),
            ],
            inputs: { hi: [8], xi: [4] },
            outputs: { ho: [8], yo: [8] },
            weights: [{ name: 'w', dims: [12, 8] }],
          },
        },
      }),
    ],
    inputs: { h: [1, 8], x: [1, 10, 4] },
    outputs: { hn: [1, 8], y: [1, 10, 8] },
  });
  const { value: model, diagnostics } = readOnnx(value, 'Net', origin);
  expect(diagnostics).toEqual([]);
  expect([total(model, macsOf), model?.layers.at(-1)?.outputShape]).toEqual([10 * 96, [10, 8]]);
  const own = model?.layers.filter(({ sharesWeightsOf }) => sharesWeightsOf === undefined) ?? [];
  expect(own.reduce((sum, layer) => sum + parametersOf(layer), 0)).toBe(96);
});

describe('a Loop whose number of rounds is computed', () => {
  const graph = file({
    nodes: [
      n('Loop', 'm _ x', 'y', {
        body: {
          graph: {
            nodes: [n('MatMul', 'a w', 'b'), n('Identity', 'c', 'd')],
            inputs: { i: [], c: [], a: [1, 16] },
            outputs: { d: [], b: [1, 16] },
          },
        },
      }),
    ],
    inputs: { x: [1, 16], m: [] },
    weights: { w: [16, 16] },
  });

  /** The first condition is true, and the next one is computed. */
  const whileLoop = file({
    nodes: [
      n('Loop', '_ t x', 'y', {
        body: {
          graph: {
            nodes: [n('MatMul', 'a w', 'b'), n('Greater', 'b z', 'g'), n('ReduceMax', 'g', 'd', { keepdims: 0 })],
            inputs: { i: [], c: [], a: [1, 16] },
            outputs: { d: [], b: [1, 16] },
          },
        },
      }),
    ],
    inputs: { x: [1, 16] },
    weights: { w: [16, 16], z: [] },
    values: [{ name: 't', dims: [], ints: [1] }],
  });

  test.each([
    ['its bound', graph],
    ['its condition', whileLoop],
  ])('is an error that states a way out: %s', (_, bytes) => {
    expect(readOnnx(bytes, 'Net', origin).diagnostics.at(-1)?.message).toContain(
      "To count one round, write 'assume { Loop: once }' beside 'from'",
    );
  });

  test('counts one round if the user states so', () => {
    const statements: ModelStatements = { inputs: [], assumptions: [{ operator: 'Loop', countedAs: 'once', origin }] };
    const { value, diagnostics } = readOnnx(graph, 'Net', origin, statements);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(total(value, macsOf)).toBe(256);
    expect(value?.assumptions).toMatchObject([{ operator: 'Loop', countedAs: 'once', nodes: 1 }]);
  });
});

describe('open dimensions of a decoder with earlier keys get consistent sizes', () => {
  const inputs = (mask: string) => ({
    ids: ['batch_size', 'sequence_length'],
    mask: ['batch_size', mask],
    keys: ['batch_size', 4, 'past_sequence_length', 16],
  });
  const shapes = (mask: string) =>
    readOnnx(
      onnxFile({
        nodes: [n('Relu', 'keys', 'a'), n('Relu', 'ids', 'b'), n('Relu', 'mask', 'c')],
        inputs: inputs(mask),
        outputs: { a: [], b: [], c: [] },
      }),
      'Net',
      origin,
    ).value?.inputs?.map(({ shape }) => shape);

  test.each([
    ['past_sequence_length + sequence_length', [[128], [256], [4, 128, 16]]],
    ['past_sequence_length + 1', [[1], [129], [4, 128, 16]]],
    ['total_sequence_length', [[128], [256], [4, 128, 16]]],
    ['sequence_length', [[128], [128], [4, 128, 16]]],
  ])('the size of a mask of %s is implied', (mask, expected) => {
    expect(shapes(mask)).toEqual(expected);
  });

  test('an error that follows from an assumed size names the assumption', () => {
    const { diagnostics } = readOnnx(
      onnxFile({
        nodes: [n('Conv', 'x w', 'y')],
        inputs: { x: [1, 1, 'samples'] },
        weights: [{ name: 'w', dims: [8, 1, 512] }],
        outputs: { y: [] },
      }),
      'Net',
      origin,
    );
    expect(diagnostics.at(-1)?.message).toMatch(/window of 512 .*Sizes that the file leaves open were assumed/);
  });
});
