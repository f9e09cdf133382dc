import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { chain, n, operatorCases } from './onnx-cases.ts';
import type { NodeInput } from './onnx-file.ts';
import { macsOf, parametersOf, shapeProblems, sketch, total } from './sketch.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };

function check(file: Uint8Array, expected: readonly string[], diagnostics: readonly RegExp[] = []): void {
  const { value, diagnostics: found } = readOnnx(file, 'Net', origin);
  expect(found.map((each) => each.message)).toEqual(diagnostics.map((pattern) => expect.stringMatching(pattern)));
  expect(sketch(value)).toEqual(expected);
  if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
}

describe('each operator makes the layers and shapes of its definition', () => {
  test.each(operatorCases)('%s', (_, file, expected) => check(file, expected));

  test('multi-head attention as exporters write it, with shapes computed from Shape', () => {
    const heads = (tensor: string): NodeInput[] => [
      n('MatMul', `x w${tensor}`, tensor),
      n('Shape', 'x', `${tensor}_shape`),
      n('Gather', `${tensor}_shape one`, `${tensor}_steps`, { axis: 0 }),
      n('Unsqueeze', `${tensor}_steps axis0`, `${tensor}_steps1`),
      n('Concat', `one1 ${tensor}_steps1 four sixteen`, `${tensor}_target`, { axis: 0 }),
      n('Reshape', `${tensor} ${tensor}_target`, `${tensor}_split`),
    ];
    const file = chain(
      ['batch_size', 'sequence_length', 64],
      [
        ...heads('q'),
        ...heads('k'),
        ...heads('v'),
        n('Transpose', 'q_split', 'qt', { perm: [0, 2, 1, 3] }),
        n('Transpose', 'k_split', 'kt', { perm: [0, 2, 3, 1] }),
        n('Transpose', 'v_split', 'vt', { perm: [0, 2, 1, 3] }),
        n('MatMul', 'qt kt', 'scores'),
        n('Div', 'scores root', 'scaled'),
        n('Softmax', 'scaled', 'p', { axis: -1 }),
        n('MatMul', 'p vt', 'context'),
        n('Transpose', 'context', 'ct', { perm: [0, 2, 1, 3] }),
        n('Reshape', 'ct merged', 'flat'),
        n('MatMul', 'flat wo', 'o'),
        n('Add', 'o b', 'ob'),
        n('Add', 'ob x', 'sum'),
        n('LayerNormalization', 'sum b b', 'ln', { axis: -1 }),
      ],
      { wq: [64, 64], wk: [64, 64], wv: [64, 64], wo: [64, 64], b: [64] },
      {
        weights: [
          ...['wq', 'wk', 'wv', 'wo'].map((name) => ({ name, dims: [64, 64] })),
          { name: 'b', dims: [64] },
          { name: 'one', dims: [], ints: [1] },
          { name: 'axis0', dims: [1], ints: [0] },
          { name: 'one1', dims: [1], ints: [1] },
          { name: 'four', dims: [1], ints: [4] },
          { name: 'sixteen', dims: [1], ints: [16] },
          { name: 'merged', dims: [3], ints: [0, -1, 64] },
          { name: 'root', dims: [], floats: [4] },
        ],
      },
    );
    check(
      file,
      [
        'q: dense [-1] 128x64 -> 128x64',
        'k: dense [-1] 128x64 -> 128x64',
        'v: dense [-1] 128x64 -> 128x64',
        'q_reorder: copy [0] 128x64 -> 4x128x16',
        'k_reorder: copy [1] 128x64 -> 4x16x128',
        'scores: matmul [3,4] 4x128x16, 4x16x128 -> 4x128x128',
        'scaled: divide [5] 4x128x128 -> 4x128x128',
        'p: softmax [6] 4x128x128 -> 4x128x128',
        'v_reorder: copy [2] 128x64 -> 4x128x16',
        'context: matmul [7,8] 4x128x128, 4x128x16 -> 4x128x16',
        'context_reorder: copy [9] 4x128x16 -> 128x64',
        'o: dense+bias [10] 128x64 -> 128x64',
        'sum: add [11,-1] 128x64, 128x64 -> 128x64',
        'ln: layer norm [12] 128x64 -> 128x64',
      ],
      [/Dimension 1 of the input 'x' \('sequence_length'\) is open in the file\. 128 is assumed/],
    );
  });

  const scalars = ['half', 'one', 'root', 'three', 'six', 'zero'].map((name) => ({ name, dims: [], floats: [1] }));
  const spelled: readonly (readonly [string, readonly NodeInput[], readonly string[]])[] = [
    [
      'GELU',
      [
        n('Div', 'x root', 'a'),
        n('Erf', 'a', 'b'),
        n('Add', 'b one', 'c'),
        n('Mul', 'x c', 'd'),
        n('Mul', 'd half', 'y'),
      ],
      ['y: gelu [-1] 8x64 -> 8x64'],
    ],
    [
      'GELU with the factor 0.5 first',
      [
        n('Mul', 'x half', 'h'),
        n('Div', 'x root', 'a'),
        n('Erf', 'a', 'b'),
        n('Add', 'b one', 'c'),
        n('Mul', 'h c', 'y'),
      ],
      ['y: gelu [-1] 8x64 -> 8x64'],
    ],
    [
      'GELU with tanh',
      [
        n('Pow', 'x three', 'a'),
        n('Mul', 'a root', 'b'),
        n('Add', 'x b', 'c'),
        n('Mul', 'c root', 'd'),
        n('Tanh', 'd', 'e'),
        n('Add', 'e one', 'f'),
        n('Mul', 'x half', 'g'),
        n('Mul', 'g f', 'y'),
      ],
      ['y: gelu [-1] 8x64 -> 8x64'],
    ],
    ['SiLU', [n('Sigmoid', 'x', 'a'), n('Mul', 'x a', 'y')], ['y: silu [-1] 8x64 -> 8x64']],
    [
      'hard swish',
      [n('Add', 'x three', 'a'), n('Clip', 'a zero six', 'b'), n('Mul', 'x b', 'c'), n('Div', 'c six', 'y')],
      ['y: hard-swish [-1] 8x64 -> 8x64'],
    ],
    [
      'layer normalization',
      [
        n('ReduceMean', 'x', 'm', { axes: [-1] }),
        n('Sub', 'x m', 'd'),
        n('Pow', 'd three', 'p'),
        n('ReduceMean', 'p', 'v', { axes: [-1] }),
        n('Add', 'v one', 'e'),
        n('Sqrt', 'e', 's'),
        n('Div', 'd s', 'q'),
        n('Mul', 'q gamma', 'g'),
        n('Add', 'g beta', 'y'),
      ],
      ['y: layer norm [-1] 8x64 -> 8x64'],
    ],
    [
      'not joined if another node reads a part',
      [n('Sigmoid', 'x', 'a'), n('Mul', 'x a', 'b'), n('Add', 'a b', 'y')],
      ['a: sigmoid [-1] 8x64 -> 8x64', 'b: multiply [-1,0] 8x64, 8x64 -> 8x64', 'y: add [0,1] 8x64, 8x64 -> 8x64'],
    ],
    [
      'not joined if two tensors are combined',
      [n('Relu', 'x', 'r'), n('Sigmoid', 'x', 'a'), n('Mul', 'r a', 'y')],
      ['r: relu [-1] 8x64 -> 8x64', 'a: sigmoid [-1] 8x64 -> 8x64', 'y: multiply [0,1] 8x64, 8x64 -> 8x64'],
    ],
  ];
  test.each(spelled)('nodes of one function are joined to one layer: %s', (_, nodes, expected) => {
    const weights = [...scalars, { name: 'gamma', dims: [64] }, { name: 'beta', dims: [64] }];
    check(chain([1, 8, 64], nodes, {}, { weights }), expected);
  });

  test('the results of nodes that make weights are weights (ConstantOfShape, quantized and transposed ones)', () => {
    const file = chain(
      [1, 3, 8, 8],
      [
        n('ConstantOfShape', 's', 'w', { value: { tensor: { dims: [1], floats: [0.5] } } }),
        n('Conv', 'x w', 'c'),
        n('Transpose', 'v', 'vt', { perm: [1, 0] }),
        n('DequantizeLinear', 'vt scale', 'vd'),
        n('GlobalAveragePool', 'c', 'p'),
        n('Flatten', 'p', 'f'),
        n('MatMul', 'f vd', 'fc'),
      ],
      { v: [10, 16], scale: [] },
      { shapes: { s: [16, 3, 3, 3] } },
    );
    const { value, diagnostics } = readOnnx(file, 'Net', origin);
    expect(diagnostics).toEqual([]);
    expect(total(value, macsOf)).toBe(16 * 27 * 36 + 160);
    expect(total(value, parametersOf)).toBe(16 * 27 + 160);
  });

  const own = (node: NodeInput, domain = 'org.acme'): NodeInput => ({ ...node, domain });
  const relu = n('Relu', 'y', 'r');

  test('an unknown operator is counted as one operation for each element, with a caveat', () => {
    const file = chain([1, 16], [own(n('Frobnicate', 'x w', 'y')), relu], { w: [16] });
    check(
      file,
      ['y: other [-1] 16 -> 16', 'r: relu [0] 16 -> 16'],
      [
        /^Frobnicate 'y': this operator of org\.acme is not understood\..* an output of 1 x 16 \(as its first input\)\. To accept that, write 'assume \{ Frobnicate: elementwise \}' beside 'from'\.$/,
      ],
    );
    expect(readOnnx(file, 'Net', origin).value?.caveats).toMatchObject([
      { code: 'onnx-unknown-operator', effect: { kind: 'any' } },
    ]);
    check(
      chain([1, 16], [n('constructor', 'x', 'y'), relu], {}, { valueInfo: { y: [1, 4, 2] } }),
      ['y: copy [-1] 16 -> 4x2', 'y_2: other [0] 4x2 -> 4x2', 'r: relu [1] 4x2 -> 4x2'],
      [/^constructor 'y': this operator is not understood\. .* 1 x 4 x 2 \(as the file states\)/],
    );
  });

  test.each([
    ['a matrix', own(n('Frobnicate', 'x w', 'y')), /it has weights \('w', 16 x 16\)/],
    [
      'a long attribute',
      own(n('Score', 'x', 'y', { coefficients: { floats: new Array<number>(64).fill(1) } })),
      /it has weights \(its attribute 'coefficients'\)/,
    ],
    ['a vector longer than any axis of its input', own(n('Packed', 'x v', 'y')), /it has weights \('v', 256\)/],
    [
      'a vector in an attribute',
      own(n('Packed', 'x', 'y', { w: { tensor: { dims: [256] } } })),
      /it has weights \(its attribute 'w'\)/,
    ],
    ['a long text', own(n('Engine', 'x', 'y', { plan: 'p'.repeat(5000) })), /it has weights \(its attribute 'plan'\)/],
    [
      'a compiled network',
      n('EPContext', 'x', 'y', { ep_cache_context: 'a.bin' }),
      /does not describe what it computes/,
    ],
    ['an operator of PyTorch', n('ATen', 'x', 'y', { operator: 'bmm' }), /does not describe what it computes/],
    ['its name says that it multiplies', own(n('FlashAttention', 'x', 'y')), /it multiplies/],
    ['its name abbreviates attention', own(n('MultiscaleDeformableAttnPlugin', 'x', 'y')), /it multiplies/],
    ['its name abbreviates queries, keys and values', own(n('QKVToContextPlugin', 'x', 'y')), /it multiplies/],
    ['its definition says that it multiplies', n('Inverse', 'x', 'y'), /it multiplies/],
    [
      'a subgraph',
      n('ForEach', 'x', 'y', { body: { graph: { nodes: [], inputs: {}, outputs: {} } } }),
      /has a subgraph/,
    ],
  ])('an unknown operator that may multiply is an error: %s', (_, node, message) => {
    const file = chain([1, 16], [node, relu], { w: [16, 16], v: [256] });
    const { value, diagnostics } = readOnnx(file, 'Net', origin);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', message: expect.stringMatching(message) }]);
    expect(diagnostics[0]?.message).toMatch(new RegExp(`^Cannot import 'Net': ${node.op} 'y': `));
  });

  test.each(['QuantizeLinearly', 'BilinearThing', 'Converter', 'DenseToSparse', 'TurnNode'])(
    'the name %s does not mean a multiplication',
    (op) => {
      const { value } = readOnnx(chain([1, 16], [own(n(op, 'x', 'y')), relu]), 'Net', origin);
      expect(value?.layers).toHaveLength(2);
    },
  );

  test('the result of an operator on constants has the shape that the operator defines', () => {
    const nodes = [
      n('MatMul', 'a b', 'ab'),
      n('Add', 'w ab', 'merged'),
      n('ReduceL2', 'merged', 'norm', { axes: [0] }),
      n('Div', 'merged norm', 'even'),
      n('MatMul', 'x even', 'y'),
    ];
    check(chain([1, 16], nodes, { a: [16, 4], b: [4, 32], w: [16, 32] }), ['y: dense [-1] 16 -> 32']);
  });

  test('layers have the name that a person would use', () => {
    const nodes = [
      { op: 'Conv', in: ['x', 'fire2/squeeze_w_0'], out: ['r0'], name: 'n0' },
      { op: 'Relu', in: ['r0'], out: ['r1'], name: '' },
      { op: 'Relu', in: ['r1'], out: ['4'] },
    ];
    const { value } = readOnnx(chain([1, 3, 4, 4], nodes, { 'fire2/squeeze_w_0': [2, 3, 1, 1] }), 'Net', origin);
    expect(value?.layers.map((layer) => layer.name)).toEqual(['fire2/squeeze', 'relu', 'relu_2']);
  });

  test('nodes in a wrong order are sorted', () => {
    check(
      chain([1, 4], [n('Relu', 'b', 'c'), n('Sigmoid', 'a', 'b'), n('Tanh', 'x', 'a')], {}, { outputs: { c: [] } }),
      ['a: tanh [-1] 4 -> 4', 'b: sigmoid [0] 4 -> 4', 'c: relu [1] 4 -> 4'],
    );
  });
});
