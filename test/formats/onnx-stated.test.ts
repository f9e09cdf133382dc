import { describe, expect, test } from 'vitest';
import { assumptionText, type ModelStatements, noStatements, type OperatorAssumption } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { layerSize } from '../../simulator/hardware/index.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { roundTrip } from './onnx-round-trip.ts';
import { shapeProblems, sketch } from './sketch.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };
const there = { uri: 'test.npu', start: 40, end: 50 };

const stating = (shape: readonly number[], name?: string): ModelStatements => ({
  inputs: [{ name, shape, origin: there }],
  assumptions: [],
});
const assuming = (operator: string, countedAs: OperatorAssumption['countedAs']): ModelStatements => ({
  inputs: [],
  assumptions: [{ operator, countedAs, origin: there }],
});

function read(graph: GraphInput, statements: ModelStatements = noStatements) {
  const { value, diagnostics } = readOnnx(onnxFile(graph), 'Net', origin, statements);
  if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
  const sizes = (value?.layers ?? []).map(layerSize);
  return {
    value,
    macs: sizes.reduce((sum, { macs }) => sum + macs, 0),
    parameters: sizes.reduce((sum, { parameters }) => sum + parameters, 0),
    codes: diagnostics.map(({ code }) => code),
    diagnostics,
  };
}

const ints = (name: string, values: readonly number[]): TensorInput => ({ name, dims: [values.length], ints: values });
const weights = (sizes: Readonly<Record<string, readonly number[]>>): TensorInput[] =>
  Object.entries(sizes).map(([name, dims]) => ({ name, dims }));

/** A dense layer of 64 features to 32, over rows of the given shape. */
const denseOver = (dims: readonly (number | string)[], out: readonly (number | string)[]): GraphInput => ({
  nodes: [n('MatMul', 'x w', 'y')],
  weights: weights({ w: [64, 32] }),
  inputs: { x: dims },
  outputs: { y: out },
});
const imageOver = (dims: readonly (number | string)[]): GraphInput => ({
  nodes: [n('Conv', 'x w', 'y', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
  weights: weights({ w: [8, 3, 3, 3] }),
  inputs: { x: dims },
  outputs: { y: [] },
});

describe('inputs that the block states', () => {
  test.each<[string, GraphInput, ModelStatements, number]>([
    ['an image', imageOver(['N', 3, 'H', 'W']), stating([64, 48, 3]), 64 * 48 * 216],
    ['tokens', denseOver(['N', 'seq', 64], []), stating([512, 64]), 512 * 2048],
    ['tokens, by the name of the input', denseOver(['N', 'seq', 64], []), stating([512, 64], 'x'), 512 * 2048],
    ['rows of one request, not a batch', denseOver(['rows', 64], []), stating([100, 64]), 100 * 2048],
    ['a fixed first dimension that is not a batch', denseOver([256, 64], [256, 32]), stating([256, 64]), 256 * 2048],
    ['one sample of a fixed batch', denseOver([8, 16, 64], [8, 16, 32]), stating([16, 64]), 16 * 2048],
    ['a fixed shape as it is', denseOver([1, 16, 64], []), stating([16, 64]), 16 * 2048],
  ])('%s', (_, graph, statements, macs) => {
    const { macs: counted, codes } = read(graph, statements);
    expect(codes.filter((code) => code === 'onnx-input-mismatch')).toEqual([]);
    expect(counted).toBe(macs);
  });

  test('need no caveat', () => {
    expect(read(denseOver(['N', 'seq', 64], []), stating([512, 64])).value?.caveats).toBeUndefined();
    expect(read(denseOver(['N', 'seq', 64], [])).value?.caveats?.map(({ code }) => code)).toEqual([
      'onnx-assumed-dimension',
    ]);
  });

  test.each<[string, GraphInput, ModelStatements, RegExp]>([
    ['other channels', imageOver(['N', 3, 'H', 'W']), stating([64, 64, 4]), /dimension 3 is 3, not 4/],
    ['another rank', imageOver(['N', 3, 'H', 'W']), stating([64, 64]), /state 3 dimensions/],
    ['an input that is not there', denseOver(['N', 'seq', 64], []), stating([1], 'mask'), /no input 'mask'.*'x'/],
    [
      'one name with two sizes',
      {
        nodes: [n('Add', 'a b', 'y')],
        inputs: { a: ['N', 'seq', 4], b: ['N', 'seq', 4] },
        outputs: { y: [] },
      },
      { inputs: [...stating([7, 4], 'a').inputs, ...stating([8, 4], 'b').inputs], assumptions: [] },
      /the dimension 'seq' is 7 in another input/,
    ],
  ])('that contradict the file are errors at the statement: %s', (_, graph, statements, message) => {
    const { value, diagnostics } = read(graph, statements);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, severity, origin: at }) => [code, severity, at])).toEqual([
      ['onnx-input-mismatch', 'error', there],
    ]);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  test('give a name the same size everywhere', () => {
    const graph: GraphInput = {
      nodes: [n('MatMul', 'x w', 'h'), n('Add', 'h m', 'y')],
      weights: weights({ w: [64, 32] }),
      inputs: { x: ['N', 'seq', 64], m: ['N', 'seq', 32] },
      outputs: { y: ['N', 'seq', 32] },
    };
    const { value, codes } = read(graph, stating([10, 64]));
    expect(codes).toEqual([]);
    expect(value?.inputs).toEqual([
      { name: 'x', shape: [10, 64] },
      { name: 'm', shape: [10, 32] },
    ]);
  });
});

describe('a batch for which the file was exported', () => {
  const attention = (shape: readonly number[], batch: number): GraphInput => ({
    nodes: [
      n('MatMul', 'x w', 'q'),
      n('Reshape', 'q s', 'r'),
      n('Transpose', 'r', 't', { perm: [0, 2, 1, 3] }),
      n('Transpose', 'r', 't2', { perm: [0, 2, 3, 1] }),
      n('MatMul', 't t2', 'y'),
    ],
    weights: [...weights({ w: [64, 64] }), ints('s', shape)],
    inputs: { x: [batch, 16, 64] },
    outputs: { y: [batch, 4, 16, 16] },
  });
  /** Heads are merged into the batch, as torch.nn.MultiheadAttention exports them: (batch x heads) x steps x size. */
  const foldedHeads: GraphInput = {
    nodes: [
      n('Reshape', 'x rows', 'a'),
      n('MatMul', 'a w', 'q'),
      n('Reshape', 'q heads', 'r'),
      n('Transpose', 'r', 't', { perm: [0, 2, 1] }),
      n('MatMul', 'r t', 's'),
      n('Softmax', 's', 'p'),
      n('MatMul', 'p r', 'c'),
      n('Reshape', 'c back', 'o'),
      n('Add', 'o x', 'y'),
    ],
    weights: [
      ...weights({ w: [64, 64] }),
      ints('rows', [128, 64]),
      ints('heads', [32, 16, 16]),
      ints('back', [8, 16, 64]),
    ],
    inputs: { x: [8, 16, 64] },
    outputs: { y: [8, 16, 64] },
  };
  const classToken: GraphInput = {
    nodes: [n('Concat', 'cls x', 'c', { axis: 1 }), n('MatMul', 'c w', 'y')],
    weights: weights({ cls: [8, 1, 64], w: [64, 32] }),
    inputs: { x: [8, 16, 64] },
    outputs: { y: [8, 17, 32] },
  };
  const computed: GraphInput = {
    nodes: [
      n('Shape', 'x', 's'),
      n('Gather', 's zero', 'b', { axis: 0 }),
      n('Concat', 'b rest', 't', { axis: 0 }),
      n('Reshape', 'x t', 'r'),
      n('MatMul', 'r w', 'y'),
    ],
    weights: [...weights({ w: [256, 32] }), ints('zero', [0]), ints('rest', [-1, 256])],
    inputs: { x: [8, 16, 64] },
    outputs: { y: [8, 4, 32] },
  };

  test.each<[string, GraphInput, number]>([
    ['Reshape to [8, -1, 4, 16]', attention([8, -1, 4, 16], 8), 16 * 64 * 64 + 4 * 16 * 16 * 16],
    ['the same for one request', attention([1, -1, 4, 16], 1), 16 * 64 * 64 + 4 * 16 * 16 * 16],
    ['Reshape to [0, 0, 4, -1]', attention([0, 0, 4, -1], 8), 16 * 64 * 64 + 4 * 16 * 16 * 16],
    ['heads folded into the batch', foldedHeads, 16 * 64 * 64 + 2 * 4 * 16 * 16 * 16],
    ['a class token for each request', classToken, 17 * 2048],
    ['shapes computed from Shape', computed, 4 * 256 * 32],
    [
      'Reshape to [8, -1] after a convolution',
      {
        nodes: [n('Conv', 'x c', 'h'), n('Reshape', 'h s', 'r'), n('Gemm', 'r w b', 'y', { transB: 1 })],
        weights: [...weights({ c: [4, 3, 3, 3], w: [10, 256], b: [10] }), ints('s', [8, -1])],
        inputs: { x: [8, 3, 10, 10] },
        outputs: { y: [8, 10] },
      },
      64 * 4 * 27 + 2560,
    ],
    [
      'an unsupported operator with a stated shape',
      {
        nodes: [
          n('MatMul', 'x w', 'a'),
          { op: 'Foo', domain: 'com.example', in: ['a'], out: ['b'] },
          n('MatMul', 'b v', 'y'),
        ],
        weights: weights({ w: [128, 256], v: [256, 128] }),
        inputs: { x: [64, 128] },
        outputs: { y: [64, 128] },
        valueInfo: { a: [64, 256], b: [64, 256] },
      },
      2 * 128 * 256,
    ],
  ])('one request is counted: %s', (_, graph, macs) => {
    const { macs: counted, codes } = read(graph);
    expect(codes.filter((code) => code === 'onnx-shape-mismatch')).toEqual([]);
    expect(counted).toBe(macs);
  });

  test('is a caveat if it could be tokens, and is certain for images', () => {
    expect(read(denseOver([8, 16, 64], [8, 16, 32])).value?.caveats?.map(({ effect }) => effect.kind)).toEqual([
      'heavier',
    ]);
    expect(read(imageOver([8, 3, 32, 32])).value?.caveats).toBeUndefined();
  });

  test('is not assumed if no output has it', () => {
    const graph: GraphInput = {
      nodes: [n('MatMul', 'x w', 'h'), n('ReduceMean', 'h', 'y', { axes: [0], keepdims: 1 })],
      weights: weights({ w: [64, 32] }),
      inputs: { x: [7, 64] },
      outputs: { y: [1, 32] },
    };
    expect(read(graph).macs).toBe(7 * 2048);
  });
});

describe('inputs of the graph', () => {
  test.each<[string, GraphInput, number, number]>([
    [
      'weights of a convolution',
      { ...imageOver([1, 3, 32, 32]), weights: [], inputs: { x: [1, 3, 32, 32], w: [8, 3, 3, 3] } },
      221184,
      216,
    ],
    [
      'a weight matrix',
      { nodes: [n('MatMul', 'x w', 'y')], inputs: { x: [1, 128, 64], w: [64, 32] }, outputs: { y: [1, 128, 32] } },
      262144,
      0,
    ],
    [
      'quantized weights',
      {
        nodes: [n('DequantizeLinear', 'w s', 'f'), n('Conv', 'x f', 'y')],
        weights: [{ name: 's', dims: [], floats: [0.5] }],
        inputs: { x: [1, 3, 10, 10], w: [4, 3, 3, 3] },
        outputs: { y: [1, 4, 8, 8] },
      },
      64 * 4 * 27,
      108,
    ],
    [
      'transposed: 64 x 1',
      {
        nodes: [n('Gemm', 'x w', 'y', { transA: 1 })],
        weights: weights({ w: [64, 32] }),
        inputs: { x: [64, 1] },
        outputs: { y: [1, 32] },
      },
      2048,
      2048,
    ],
    [
      'of no elements',
      {
        nodes: [n('Concat', 'x e', 'c', { axis: 1 }), n('MatMul', 'c w', 'y')],
        weights: weights({ w: [64, 32] }),
        inputs: { x: [1, 16, 64], e: [1, 0, 64] },
        outputs: { y: [1, 16, 32] },
      },
      16 * 2048,
      2048,
    ],
  ])('%s', (_, graph, macs, parameters) => {
    const counted = read(graph);
    expect([counted.macs, counted.parameters]).toEqual([macs, parameters]);
  });

  /** Scores of a tracker: the second image is the filter of a convolution. */
  const correlation = (own: GraphInput['weights']): GraphInput => ({
    nodes: [n('Conv', 'a z', 'y', { group: 8 })],
    weights: own ?? [],
    inputs: { a: [1, 8, 20, 20], z: [8, 1, 6, 6] },
    outputs: { y: [1, 8, 15, 15] },
  });
  const tracker: GraphInput = {
    ...correlation(weights({ k: [8, 3, 1, 1] })),
    nodes: [n('Conv', 'x k', 'a'), n('Conv', 'a z', 'y', { group: 8 })],
    inputs: { x: [1, 3, 20, 20], z: [8, 1, 6, 6] },
  };
  const scores = 15 * 15 * 8 * 36;

  test('that a file without weights reads as weights are a caveat with two ways out', () => {
    const { value, parameters } = read(correlation([]));
    expect(parameters).toBe(288);
    expect(value?.caveats).toEqual([
      {
        code: 'onnx-approximated',
        origin,
        effect: { kind: 'any' },
        text: "The file contains no weights. Operators read its input 'z' as weights, so they count as weights: stored once, and read once for a batch. To confirm that, write 'assume { inputs: weights }' beside 'from'. If an input has new data in every request, state it: 'inputs { z: 8 x 1 x 6 x 6 }'.",
      },
    ]);
    const confirmed = read(correlation([]), assuming('inputs', 'weights'));
    expect([confirmed.parameters, confirmed.macs, confirmed.codes]).toEqual([288, scores, []]);
    expect(confirmed.value?.assumptions?.map(assumptionText)).toEqual(['1 input of the graph is counted as weights']);
    const data = read(correlation([]), stating([8, 1, 6, 6], 'z'));
    expect([data.parameters, data.macs, data.codes]).toEqual([0, scores, []]);
  });

  test.each<[string, GraphInput, number, number]>([
    ['the filter of a convolution', tracker, 400 * 24 + scores, 24],
    [
      'the same with as many samples as filters',
      { ...tracker, inputs: { x: [8, 3, 20, 20], z: [8, 1, 6, 6] }, outputs: { y: [8, 8, 15, 15] } },
      400 * 24 + scores,
      24,
    ],
    [
      'quantized keys',
      {
        nodes: [n('QLinearMatMul', 'q s z k s z s z', 'y')],
        weights: [
          { name: 's', dims: [], floats: [1] },
          { name: 'z', dims: [], ints: [0], type: 3 },
        ],
        inputs: { q: [1, 4, 16, 32], k: [1, 4, 32, 16] },
        outputs: { y: [1, 4, 16, 16] },
      },
      4 * 16 * 16 * 32,
      0,
    ],
  ])('with data at the place of weights: %s', (_, graph, macs, parameters) => {
    const counted = read(graph);
    expect([counted.macs, counted.parameters, counted.value?.caveats]).toEqual([macs, parameters, undefined]);
  });

  test('are weights of every product if the block states it', () => {
    const graph: GraphInput = {
      nodes: [n('MatMul', 'x w', 'h'), n('Gemm', 'h v b', 'y')],
      inputs: { x: [1, 64], w: [64, 32], v: [32, 10], b: [10] },
      outputs: { y: [1, 10] },
    };
    const { macs, parameters } = read(graph, assuming('inputs', 'weights'));
    expect([macs, parameters]).toEqual([2048 + 320, 2048 + 320 + 10]);
  });

  test('that a recurrent cell reads as weights are an error with a way out', () => {
    const graph: GraphInput = {
      nodes: [n('MatMul', 'x p', 'h'), n('LSTM', 'h W R', 'y', { hidden_size: 16 })],
      weights: weights({ p: [20, 20] }),
      inputs: { x: [12, 1, 20], W: [1, 64, 20], R: [1, 64, 16] },
      outputs: { y: [] },
    };
    expect(read(graph).diagnostics.at(-1)?.message).toContain("write 'assume { inputs: weights }' beside 'from'");
    expect(read(graph, assuming('inputs', 'weights')).macs).toBe(12 * 400 + 12 * 64 * 36);
  });

  test('are distinguished by their index', () => {
    const { value } = read({
      nodes: [n('MatMul', 'a b', 'y')],
      inputs: { a: [1, 128, 64], b: [1, 64, 256] },
      outputs: { y: [1, 128, 256] },
    });
    expect(sketch(value)).toEqual(['y: matmul [-1,-2] 128x64, 64x256 -> 128x256']);
  });
});

describe('a contradiction with the shapes in the file', () => {
  const contradicted = (behind: GraphInput['nodes'], extra: readonly TensorInput[] = []): GraphInput => ({
    nodes: [n('Relu', 'x', 'h'), ...behind],
    weights: extra,
    inputs: { x: [1, 8, 64] },
    outputs: { y: [] },
    valueInfo: { h: [1, 4, 64] },
  });
  const product = contradicted([n('MatMul', 'h w', 'y')], weights({ w: [64, 32] }));

  test('is an error if products depend on it', () => {
    const { value, diagnostics } = read(product);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'onnx-shape-mismatch',
        expect.stringMatching(/states 1 x 4 x 64 for the tensor 'h', and Relu 'h' makes 1 x 8 x 64/),
      ],
    ]);
  });

  test('is a caveat otherwise', () => {
    const { value, codes } = read(contradicted([n('Softmax', 'h', 'y')]));
    expect(codes).toEqual(['onnx-shape-mismatch']);
    expect(value?.caveats?.map(({ code, effect }) => [code, effect.kind])).toEqual([['onnx-shape-mismatch', 'any']]);
  });

  test('is accepted if the block states that the shapes are stale', () => {
    const { value, macs, codes } = read(product, assuming('shapes', 'inferred'));
    expect([macs, codes]).toEqual([8 * 2048, []]);
    expect(value?.assumptions?.map(({ operator, nodes }) => [operator, nodes])).toEqual([['shapes', 1]]);
  });

  test.each<[string, readonly (number | string)[]]>([
    ['another batch', [32, 8, 64]],
    ['an unknown name', ['N', 'tokens', 64]],
    ['unknown sizes of old exporters', [0, -1, 64]],
    ['nothing', []],
  ])('is not reported for %s', (_, stated) => {
    expect(read({ ...product, valueInfo: { h: stated } }).codes).toEqual([]);
  });
});

describe('operators for which the block states an assumption', () => {
  const foo = (out: readonly number[] = [1, 8, 64]): GraphInput => ({
    nodes: [n('MatMul', 'x w', 'h'), { op: 'Foo', domain: 'com.example', in: ['h', 'k'], out: ['y'] }],
    weights: weights({ w: [64, 64], k: [64, 64] }),
    inputs: { x: [1, 8, 64] },
    outputs: { y: out },
  });

  test.each<[OperatorAssumption['countedAs'], readonly number[], readonly string[]]>([
    ['elementwise', [1, 8, 64], ['y: other [0] 8x64 -> 8x64']],
    ['elementwise', [1, 4, 32], ['y: copy [0] 8x64 -> 4x32', 'y_2: other [1] 4x32 -> 4x32']],
    ['copy', [1, 8, 64], ['y: copy [0] 8x64 -> 8x64']],
    ['free', [1, 8, 64], []],
  ])('%s, to %j', (countedAs, out, layers) => {
    const { value, codes } = read(foo(out), assuming('Foo', countedAs));
    expect(codes).toEqual([]);
    expect(value?.assumptions).toEqual([{ operator: 'Foo', countedAs, origin: there, nodes: 1 }]);
    expect(sketch(value).slice(1)).toEqual(layers);
  });

  test('that are not needed are reported at their statements', () => {
    const { diagnostics } = read(denseOver([1, 8, 64], []), assuming('MatMul', 'free'));
    expect(diagnostics.map(({ code, origin: at }) => [code, at])).toEqual([['onnx-unused-assumption', there]]);
  });
});

describe('sizes that contradict the weights are errors', () => {
  const cell = (op: string, attributes: Record<string, number | string>, W: number[], R: number[], P?: number[]) => ({
    nodes: [n(op, P === undefined ? 'x W R' : 'x W R _ _ _ _ P', 'y', attributes)],
    weights: weights({ W, R, ...(P === undefined ? {} : { P }) }),
    inputs: { x: [12, 1, 20] },
    outputs: { y: [] },
  });
  const kernel = (op: string, shape: number[], w: number[]): GraphInput => ({
    nodes: [n(op, 'x w', 'y', { kernel_shape: shape })],
    weights: weights({ w }),
    inputs: { x: [1, 3, 20, 20] },
    outputs: { y: [] },
  });
  test.each<[string, GraphInput, RegExp]>([
    [
      'hidden_size of LSTM',
      cell('LSTM', { hidden_size: 32 }, [1, 64, 20], [1, 64, 16]),
      /W are 1 x 64 x 20, but 32 hidden units need 1 x 128 x 20/,
    ],
    [
      'R of LSTM',
      cell('LSTM', { hidden_size: 16 }, [1, 64, 20], [1, 64, 20]),
      /R are 1 x 64 x 20, but 16 hidden units need 1 x 64 x 16/,
    ],
    [
      'hidden_size of GRU',
      cell('GRU', { hidden_size: 16 }, [1, 64, 20], [1, 48, 16]),
      /W are 1 x 64 x 20.*need 1 x 48 x 20/,
    ],
    [
      'direction of RNN',
      cell('RNN', { hidden_size: 16, direction: 'bidirectional' }, [1, 16, 20], [1, 16, 16]),
      /need 2 x 16 x 20/,
    ],
    [
      'P of LSTM',
      cell('LSTM', { hidden_size: 16 }, [1, 64, 20], [1, 64, 16], [1, 32]),
      /P are 1 x 32, but 16 hidden units need 1 x 48/,
    ],
    ['kernel_shape of Conv', kernel('Conv', [5, 3], [8, 3, 3, 5]), /kernel_shape is 5 x 3, but its weights have 3 x 5/],
    [
      'kernel_shape of ConvTranspose',
      kernel('ConvTranspose', [2, 2], [3, 8, 4, 4]),
      /kernel_shape is 2 x 2, but its weights have 4 x 4/,
    ],
  ])('%s', (_, graph, message) => {
    const { value, diagnostics } = read(graph);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ message: text }) => text)).toEqual([expect.stringMatching(message)]);
  });

  test.each([1, 2])('peepholes of an LSTM have three weights for each hidden unit (%d directions)', (directions) => {
    const graph = cell(
      'LSTM',
      { hidden_size: 16, direction: directions === 2 ? 'bidirectional' : 'forward' },
      [directions, 64, 20],
      [directions, 64, 16],
      [directions, 48],
    );
    const { macs, parameters, value } = read(graph);
    expect([macs, parameters]).toEqual([12 * 64 * 36 * directions, (64 * 36 + 48) * directions]);
    const width = 16 * directions;
    expect(sketch(value).at(-1)).toBe(`y_peepholes: multiply [3,2] 3x12x${width}, 3x1x${width} -> 3x12x${width}`);
    const text = roundTrip(onnxFile(graph));
    expect(text?.after).toEqual(text?.before);
  });
});

describe('weights that several layers read', () => {
  const tied: GraphInput = {
    nodes: [n('Gather', 'table ids', 'e'), n('Transpose', 'table', 't', { perm: [1, 0] }), n('MatMul', 'e t', 'y')],
    weights: weights({ table: [1000, 64] }),
    inputs: { ids: [1, 16] },
    outputs: { y: [1, 16, 1000] },
  };

  test.each<[string, readonly NodeInput[], number]>([
    ['Gather', [n('Gather', 'w one', 'p'), n('Gather', 'w one', 'q')], 4096],
    ['Gather with its default axis', [n('Gather', 'w one', 'p', { axis: 0 }), n('Gather', 'w one', 'q')], 4096],
    ['two places of Gather', [n('Gather', 'w one', 'p'), n('Gather', 'w two', 'q')], 2 * 4096],
    ['Split', [n('Split', 'w', 'a p b', { axis: 0 }), n('Split', 'w', 'c q d', { axis: 0 })], 4096],
    ['two parts of Split', [n('Split', 'w', 'a p q', { axis: 0 })], 2 * 4096],
    ['Slice', [n('Slice', 'w one two', 'p'), n('Slice', 'w one two', 'q')], 4096],
  ])('a part that is taken twice is stored once: %s', (_, taken, parameters) => {
    const graph: GraphInput = {
      nodes: [...taken, n('MatMul', 'x p', 'h'), n('MatMul', 'h q', 'y')],
      weights: [...weights({ w: [3, 64, 64] }), ints('one', [1]), ints('two', [2])],
      inputs: { x: [1, 8, 64] },
      outputs: { y: [] },
    };
    const own = read(graph).value?.layers.filter(({ sharesWeightsOf }) => sharesWeightsOf === undefined) ?? [];
    expect(own.reduce((sum, layer) => sum + layerSize(layer).parameters, 0)).toBe(parameters);
  });
  test.each<[string, GraphInput, number]>([
    ['embedding and head', tied, 64000],
    [
      'twice the same matrix',
      {
        nodes: [n('MatMul', 'x w', 'a'), n('MatMul', 'a w', 'y')],
        weights: weights({ w: [64, 64] }),
        inputs: { x: [1, 64] },
        outputs: { y: [1, 64] },
      },
      4096,
    ],
    [
      'two of the same size',
      {
        nodes: [n('MatMul', 'x w', 'a'), n('MatMul', 'a v', 'y')],
        weights: weights({ w: [64, 64], v: [64, 64] }),
        inputs: { x: [1, 64] },
        outputs: { y: [1, 64] },
      },
      8192,
    ],
    [
      'halves of one matrix',
      {
        nodes: [n('Split', 'w', 'p q', { axis: 0 }), n('MatMul', 'x p', 'a'), n('MatMul', 'a q', 'y')],
        weights: weights({ w: [128, 64] }),
        inputs: { x: [1, 64] },
        outputs: { y: [1, 64] },
      },
      8192,
    ],
    [
      'quantized once, read twice',
      {
        nodes: [
          n('DequantizeLinear', 'w s', 'f'),
          n('DequantizeLinear', 'w s', 'g'),
          n('MatMul', 'x f', 'a'),
          n('MatMul', 'a g', 'y'),
        ],
        weights: [...weights({ w: [64, 64] }), { name: 's', dims: [], floats: [1] }],
        inputs: { x: [1, 64] },
        outputs: { y: [1, 64] },
      },
      4096,
    ],
  ])('are counted once: %s', (_, graph, parameters) => {
    expect(read(graph).parameters).toBe(parameters);
  });

  test('belong to the first of the layers', () => {
    expect(read(tied).value?.layers.map(({ sharesWeightsOf }) => sharesWeightsOf)).toEqual([undefined, 0]);
  });
});

describe('outputs after the first', () => {
  test('have their own shapes: the scale of DynamicQuantizeLinear is one value', () => {
    const { macs, codes } = read({
      nodes: [
        n('DynamicQuantizeLinear', 'x', 'q s z'),
        n('MatMulInteger', 'q w z', 'i'),
        n('Cast', 'i', 'f', { to: 1 }),
        n('Mul', 'f s', 'y'),
      ],
      weights: [{ name: 'w', dims: [64, 32], type: 3 }],
      inputs: { x: [1, 4, 64] },
      outputs: { y: [1, 4, 32] },
    });
    expect([macs, codes]).toEqual([4 * 2048, []]);
  });

  test('are an error if their shape is not known', () => {
    const { value, diagnostics } = read({
      nodes: [n('Softmax', 'x', 'u i'), n('Relu', 'i', 'y')],
      inputs: { x: [6] },
      outputs: { y: [] },
    });
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message).toMatch(/the shape of its output 'i' \(number 2\) is not known/);
  });
});
