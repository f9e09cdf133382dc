import { expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { assumed, body, check, origin, w, whole } from './onnx-bodies.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, onnxFile } from './onnx-file.ts';
import { macsOf, total } from './sketch.ts';

/* If: which branch is counted, and what it leaves behind. */

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

const choice = (name: string, more: string, less: string) =>
  new RegExp(
    `^If 'out' chooses a branch by a value that is computed from the input\\. The ${name} branch is counted, with ${more} multiply-accumulates\\. The (then|else) branch has ${less}, and its parameters are not counted\\. .*assume \\{ If: then \\}`,
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

test.each([
  ['then', 2, [false, true, true]],
  ['else', 1, [false, true]],
] as const)(
  'If: weights of an outer tensor belong to the branch that is counted, not to the one that was tried (%s)',
  (_, times, shared) => {
    // The then branch is read first. It reads the weights `times` times, and the else branch reads them twice with a larger product.
    const steps = (names: readonly string[]) =>
      body(
        names.map((name, at) => n('MatMul', `${names[at - 1] ?? 'x'} k`, name)),
        names.at(-1) ?? 'x',
      );
    const thenBody = steps(['a', 'b', 'c'].slice(0, times === 2 ? 3 : 1));
    const file = branches(thenBody, steps(['d', 'e']), { weights: [w('k', 16, 16)] });
    const { value } = readOnnx(file, 'Net', origin);
    const products = value?.layers.filter(({ operation }) => operation.kind === 'dense') ?? [];
    expect(products.map(({ sharesWeightsOf }) => sharesWeightsOf !== undefined)).toEqual(shared);
    const owner = products[0];
    for (const { sharesWeightsOf } of products.slice(1)) expect(value?.layers[sharesWeightsOf ?? -1]).toBe(owner);
  },
);

test('If: a tensor that a branch lists as its input is the outer tensor', () => {
  const listing: GraphInput = { ...body([n('MatMul', 'r b', 'y')], 'y', [w('b', 16, 32)]), inputs: { r: [1, 8, 16] } };
  const nodes = [
    n('Relu', 'x', 'r'),
    n('If', 'yes', 'out', { then_branch: { graph: listing }, else_branch: { graph: small } }),
    n('Relu', 'out', 'z'),
  ];
  check(branches(listing, small, { nodes, weights: [whole('yes', 1)] }), [
    'r: relu [-1] 8x16 -> 8x16',
    'y: dense [0] 8x16 -> 8x32',
    'z: relu [1] 8x32 -> 8x32',
  ]);
});
