import { expect, test } from 'vitest';
import type { AssumedOperator } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { macsOf, shapeProblems, sketch, total } from './sketch.ts';

/* Bodies (If, Loop, Scan) and model-local functions. */

const origin = { uri: 'test.npu', start: 0, end: 0 };
const w = (name: string, ...dims: number[]): TensorInput => ({ name, dims });
const whole = (name: string, value: number): TensorInput => ({ name, dims: [], ints: [value] });

function check(file: Uint8Array, layers: readonly string[], messages: readonly RegExp[] = []): void {
  const { value, diagnostics } = readOnnx(file, 'Net', origin);
  expect(diagnostics.map(({ message }) => message)).toEqual(messages.map((each) => expect.stringMatching(each)));
  expect(sketch(value)).toEqual(layers);
  if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
}

const body = (nodes: readonly NodeInput[], output: string, weights: readonly TensorInput[] = []): GraphInput => ({
  nodes,
  weights,
  inputs: {},
  outputs: { [output]: [] },
});

const small = body([n('MatMul', 'x a', 'y')], 'y', [w('a', 16, 4)]);
const large = body([n('MatMul', 'x b', 'h'), n('MatMul', 'h c', 'y')], 'y', [w('b', 16, 32), w('c', 32, 4)]);

function branches(thenBody: GraphInput, elseBody: GraphInput, more: Partial<GraphInput> = {}): Uint8Array {
  return onnxFile({
    nodes: [
      n('ReduceMax', 'x', 'flag', { keepdims: 0 }),
      n('If', 'flag', 'out', { then_branch: { graph: thenBody }, else_branch: { graph: elseBody } }),
      n('Relu', 'out', 'z'),
    ],
    inputs: { x: [1, 8, 16] },
    outputs: { z: [] },
    ...more,
  });
}

const assumed = (operator: string, countedAs: AssumedOperator) => ({
  inputs: [],
  assumptions: [{ operator, countedAs, origin }],
});

const choice = (name: string, more: string, less: string) =>
  new RegExp(
    `^If 'out' chooses a branch by a value that is computed from the input\\. The ${name} branch is counted, with ${more} multiply-accumulates\\. The (then|else) branch has ${less}\\. .*assume \\{ If: then \\}`,
  );

test.each([
  ['then', large, small],
  ['else', small, large],
] as const)('If: the branch with more products is counted, and a caveat names it (%s)', (name, thenBody, elseBody) => {
  const file = branches(thenBody, elseBody);
  const count = [
    'input_view: view [-1] 8x16 -> 1x128x1',
    'flag: max pool [0] 1x128x1 -> 1x1x1',
    'h: dense [-1] 8x16 -> 8x32',
    'y: dense [2] 8x32 -> 8x4',
    'z: relu [3] 8x4 -> 8x4',
  ];
  check(file, count, [choice(name, '5120', '512')]);
  const { value } = readOnnx(file, 'Net', origin);
  expect(value?.caveats).toMatchObject([{ code: 'onnx-assumed-branch', effect: { kind: 'any' } }]);
});

test('If: a constant condition selects its branch, and the other one has no effect', () => {
  const nodes = [
    n('If', 'no', 'out', { then_branch: { graph: large }, else_branch: { graph: small } }),
    n('Relu', 'out', 'z'),
  ];
  const file = branches(large, small, { nodes, weights: [whole('no', 0)] });
  check(file, ['y: dense [-1] 8x16 -> 8x4', 'z: relu [0] 8x4 -> 8x4']);
});

test('If: changes of a tried branch to outer tensors are undone', () => {
  const reads = (output: string, weight: string, width: number) =>
    body([n('Transpose', 'conv', 't', { perm: [0, 2, 1] }), n('MatMul', `t ${weight}`, output)], output, [
      w(weight, 16, width),
    ]);
  const nodes = [
    n('MatMul', 'x k', 'conv'),
    n('ReduceMax', 'x', 'flag', { keepdims: 0 }),
    n('If', 'flag', 'out', {
      then_branch: { graph: reads('a', 'wa', 4) },
      else_branch: { graph: reads('b', 'wb', 8) },
    }),
    n('Add', 'conv bias', 'sum'),
    n('Relu', 'sum', 'z'),
  ];
  const file = onnxFile({
    nodes,
    weights: [w('k', 16, 8), w('bias', 8)],
    inputs: { x: [1, 16, 16] },
    outputs: { z: [], out: [] },
  });
  // The bias is not merged into a product whose result the body reads before the addition. The reshape layer of the other branch is
  // removed.
  check(
    file,
    [
      'conv: dense [-1] 16x16 -> 16x8',
      'input_view: view [-1] 16x16 -> 1x256x1',
      'flag: max pool [1] 1x256x1 -> 1x1x1',
      'conv_reorder: copy [0] 16x8 -> 8x16',
      'b: dense [3] 8x16 -> 8x8',
      'sum: add [0] 16x8 -> 16x8',
      'z: relu [5] 16x8 -> 16x8',
    ],
    [/The else branch is counted, with 1024 .*\. The then branch has 512/],
  );
});

test('If: a branch that cannot be read is an error that explains how to choose the other one', () => {
  const broken = body([n('MatMul', 'x a', 'y')], 'y', [w('a', 5, 5)]);
  check(
    branches(broken, small),
    [],
    [
      /^Cannot import 'Net': If 'out': its then branch cannot be read \(MatMul 'y' inside: weights of 5 x 5 .*\); .*assume \{ If: else \}/,
    ],
  );
});

test.each([
  ['then', 5120],
  ['else', 512],
] as const)('If: the branch that the user states is counted without a caveat (%s)', (name, macs) => {
  const { value, diagnostics } = readOnnx(branches(large, small), 'Net', origin, assumed('If', name));
  expect(diagnostics).toEqual([]);
  expect(total(value, macsOf)).toBe(macs);
  expect(value?.assumptions).toMatchObject([{ operator: 'If', countedAs: name, nodes: 1 }]);
  const wrong = readOnnx(branches(large, small), 'Net', origin, assumed('If', 'copy'));
  expect(wrong.diagnostics.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/If 'out': 'assume' can count it as 'then' or 'else', not as 'copy'/),
  );
});

const round: GraphInput = {
  nodes: [n('MatMul', 'h k', 'p'), n('Relu', 'p', 'next'), n('Identity', 'go', 'on')],
  inputs: { i: [], go: [], h: [] },
  outputs: { on: [], next: [], p: [] },
};

function loop(rounds: readonly TensorInput[], body: GraphInput, nodes: readonly NodeInput[] = []): Uint8Array {
  return onnxFile({
    nodes: [n('Loop', 'rounds _ x', 'last all', { body: { graph: body } }, 'loop'), n('Relu', 'all', 'z'), ...nodes],
    weights: [w('k', 16, 16), ...rounds],
    inputs: { x: [1, 16] },
    outputs: { z: [], last: [] },
  });
}

const threeRounds = [
  'p: dense [-1] 16 -> 16',
  'next: relu [0] 16 -> 16',
  'p_2: dense [1] 16 -> 16',
  'next_2: relu [2] 16 -> 16',
  'p_3: dense [3] 16 -> 16',
  'next_3: relu [4] 16 -> 16',
  'p_view: view [0] 16 -> 1x1x16',
  'p_2_view: view [2] 16 -> 1x1x16',
  'p_3_view: view [4] 16 -> 1x1x16',
  'loop_join: concat [6,7,8] 1x1x16, 1x1x16, 1x1x16 -> 3x1x16',
  'z: relu [9] 3x1x16 -> 3x1x16',
];

test('Loop: the layers of the rounds follow one another, and the slices of all rounds are joined', () => {
  check(loop([whole('rounds', 3)], round), threeRounds);
});

test('Loop: a condition that is computed from constants ends the loop', () => {
  const counted: GraphInput = {
    nodes: [n('MatMul', 'h k', 'p'), n('Relu', 'p', 'next'), n('Less', 'i two', 'on')],
    weights: [whole('two', 2)],
    inputs: { i: [], go: [], h: [] },
    outputs: { on: [], next: [], p: [] },
  };
  check(loop([whole('rounds', 9)], counted), threeRounds);
});

test('Loop: if data can end it earlier, all rounds are counted, with a caveat', () => {
  const open: GraphInput = {
    nodes: [n('MatMul', 'h k', 'p'), n('Relu', 'p', 'next'), n('ReduceMax', 'p', 'on', { keepdims: 0 })],
    inputs: { i: [], go: [], h: [] },
    outputs: { on: [], next: [], p: [] },
  };
  const { value, diagnostics } = readOnnx(loop([whole('rounds', 3)], open), 'Net', origin);
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(/All of its 3 rounds are counted/)]);
  expect(value?.caveats).toMatchObject([{ code: 'onnx-approximated', effect: { kind: 'any' } }]);
  expect(total(value, macsOf)).toBe(3 * 256);
  const accepted = readOnnx(loop([whole('rounds', 3)], open), 'Net', origin, assumed('Loop', 'accepted'));
  expect(accepted.diagnostics).toEqual([]);
  expect(accepted.value?.caveats).toBeUndefined();
  const endless = loop([whole('rounds', 2 ** 40)], open);
  expect(readOnnx(endless, 'Net', origin).diagnostics[0]?.message).toMatch(
    /how often it runs is computed from the input/,
  );
});

test('Loop: too many rounds to unroll are an error', () => {
  const { value, diagnostics } = readOnnx(loop([whole('rounds', 1_000_000)], round), 'Net', origin);
  expect(value).toBeUndefined();
  expect(diagnostics.at(-1)?.message).toMatch(/Loop 'loop': its branches and rounds have more than 50000 nodes/);
});

test('Scan: there is one round for each slice, states are carried on, and outputs are joined', () => {
  const step: GraphInput = {
    nodes: [n('MatMul', 't k', 'p'), n('Add', 'p h', 'next'), n('Identity', 'next', 'out')],
    inputs: { h: [], t: [] },
    outputs: { next: [], out: [] },
  };
  const file = onnxFile({
    nodes: [
      n('Scan', 'start x', 'last all', { body: { graph: step }, num_scan_inputs: 1, scan_input_axes: [1] }, 'scan'),
      n('Relu', 'all', 'z'),
    ],
    weights: [w('k', 8, 16), w('start', 16)],
    inputs: { x: [1, 2, 8] },
    outputs: { z: [] },
  });
  check(file, [
    'scan_slice: view [-1] 2x8 -> 8',
    // The first state is constant, so it becomes the bias of the first product.
    'p: dense+bias [0] 8 -> 16',
    'scan_slice_2: view [-1] 2x8 -> 8',
    'p_2: dense [2] 8 -> 16',
    'next: add [3,1] 16, 16 -> 16',
    'p_view: view [1] 16 -> 1x1x16',
    'next_view: view [4] 16 -> 1x1x16',
    'scan_join: concat [5,6] 1x1x16, 1x1x16 -> 2x1x16',
    'z: relu [7] 2x1x16 -> 2x1x16',
  ]);
});

const linear = {
  name: 'Linear',
  domain: 'own',
  in: ['data', 'weights', 'shift'],
  out: ['result'],
  attributes: ['turned'],
  nodes: [n('Gemm', 'data weights shift', 'result', { transB: { reference: 'turned' } }, '')],
};

const calls = (nodes: readonly NodeInput[], functions: GraphInput['functions']): Uint8Array =>
  onnxFile({
    nodes: nodes.map((each) => ({ ...each, domain: each.op === 'Relu' ? '' : 'own' })),
    functions: functions ?? [],
    weights: [w('k', 10, 16), w('m', 10, 4), w('b', 10), w('d', 4)],
    inputs: { x: [1, 16] },
    outputs: Object.fromEntries(nodes.map(({ out }) => [out[0], []])),
  });

test('the nodes of a function replace its call: names, attributes, omitted inputs', () => {
  check(calls([n('Linear', 'x k b', 'fc1', { turned: 1 }), n('Linear', 'fc1 m', 'fc2')], [linear]), [
    'fc1/result: dense+bias [-1] 16 -> 10',
    'fc2/result: dense [0] 10 -> 4',
  ]);
});

test('functions can call functions and contain bodies', () => {
  const twice = {
    name: 'Twice',
    domain: 'own',
    in: ['v'],
    out: ['w', 'v'],
    nodes: [
      n('If', 'v', 'w', {
        then_branch: { graph: body([{ ...n('Half', 'v', 'inner'), domain: 'own' }], 'inner') },
        else_branch: { graph: body([n('Sigmoid', 'v', 'inner')], 'inner') },
      }),
    ],
  };
  const half = {
    name: 'Half',
    domain: 'own',
    in: ['u'],
    out: ['r'],
    nodes: [n('Tanh', 'u', 's'), n('Relu', 's', 'r')],
  };
  const { value } = readOnnx(calls([n('Twice', 'x', 'a same'), n('Relu', 'same', 'z')], [twice, half]), 'Net', origin);
  expect(sketch(value)).toEqual([
    'a/inner/s: tanh [-1] 16 -> 16',
    'a/inner/r: relu [0] 16 -> 16',
    'z: relu [-1] 16 -> 16',
  ]);
});

test('a function that calls itself is an error', () => {
  const self = {
    name: 'Self',
    domain: 'own',
    in: ['u'],
    out: ['r'],
    nodes: [{ ...n('Self', 'u', 'r'), domain: 'own' }],
  };
  check(calls([n('Self', 'x', 'y')], [self]), [], [/the function 'Self' calls itself/]);
});
