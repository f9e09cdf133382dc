import { describe, expect, test } from 'vitest';
import { type ModelStatements, noStatements, type OperatorAssumption } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { layerSize } from '../../simulator/hardware/index.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, onnxFile, type TensorInput } from './onnx-file.ts';
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

describe('weights that several layers read', () => {
  const tied: GraphInput = {
    nodes: [n('Gather', 'table ids', 'e'), n('Transpose', 'table', 't', { perm: [1, 0] }), n('MatMul', 'e t', 'y')],
    weights: weights({ table: [1000, 64] }),
    inputs: { ids: [1, 16] },
    outputs: { y: [1, 16, 1000] },
  };
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
