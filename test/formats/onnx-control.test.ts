import { expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { assumed, body, check, origin, w, whole } from './onnx-bodies.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { macsOf, sketch, total } from './sketch.ts';

/* Loops, scans and model-local functions. onnx-branches.test.ts has the tests of If. */

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
