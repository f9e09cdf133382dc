import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { bytes, type GraphInput, graph, integer, node, onnxFile, text, varint } from './onnx-file.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };

/** The only error that a file gives. */
function errorOf(file: Uint8Array): string | undefined {
  const { value, diagnostics } = readOnnx(file, 'Net', origin);
  expect(value).toBeUndefined();
  return diagnostics.filter((each) => each.severity === 'error').map((each) => each.message)[0];
}

const relu: GraphInput = {
  nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }],
  inputs: { x: [1, 4] },
  outputs: { y: [1, 4] },
};

function withNodes(nodes: GraphInput['nodes'], more: Partial<GraphInput> = {}): Uint8Array {
  return onnxFile({ ...relu, nodes, outputs: { [nodes.at(-1)?.out[0] ?? 'y']: [] }, ...more });
}

const asBytes = (content: readonly number[]) => new Uint8Array(content);
const good = onnxFile(relu);

describe('a graph of more than a million entries is an error before memory is allocated', () => {
  const most = 1_000_000;
  const inside = (field: readonly number[], content: Uint8Array): Uint8Array =>
    Buffer.concat([Uint8Array.from([...field, ...varint(content.length)]), content]);
  const inGraph = (content: Uint8Array): Uint8Array => inside([0x3a], content);
  const inNode = (content: Uint8Array): Uint8Array => inGraph(inside([0x0a], content));
  /** A field without content, again and again. */
  const empty = (tag: readonly number[], count: number): Uint8Array =>
    Buffer.alloc(count * (tag.length + 1), Uint8Array.from([...tag, 0]));

  test.each([
    ['nodes', [0x0a], inGraph],
    ['initializers', [0x2a], inGraph],
    ['inputs of the graph', [0x5a], inGraph],
    ['outputs of the graph', [0x62], inGraph],
    ['stated shapes', [0x6a], inGraph],
    ['inputs of a node', [0x0a], inNode],
    ['outputs of a node', [0x12], inNode],
    ['attributes of a node', [0x2a], inNode],
    ['functions', [0xca, 0x01], (content: Uint8Array) => Buffer.concat([inGraph(new Uint8Array(0)), content])],
  ] as const)('%s', (_, tag, around) => {
    const { value, diagnostics } = readOnnx(around(empty(tag, most + 1)), 'Net', origin);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "Cannot import 'Net': its graph has more than 1,000,000 nodes, inputs, outputs, attributes and tensors together.",
    ]);
  });

  test('and one of fewer is not', () => {
    const { diagnostics } = readOnnx(inGraph(empty([0x2a], most / 2)), 'Net', origin);
    expect(diagnostics.map(({ message }) => message).join()).not.toContain('1,000,000');
  });
});

describe('broken and hostile files', () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', new Uint8Array(0), /the file is empty/],
    [
      'a table of layers',
      asBytes([...Buffer.from('Layer name, IFMAP Height, IFMAP Width,\nConv1, 56, 56,\n')]),
      /is text, not an ONNX model. 'stimpack import' reads a SCALE-Sim topology/,
    ],
    ['a short text', asBytes([...Buffer.from('time_s\n0.1\n')]), /is text, not an ONNX model/],
    [
      'a Git LFS pointer',
      asBytes([...Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00')]),
      /Git LFS pointer/,
    ],
    ['a zip archive', asBytes([0x50, 0x4b, 3, 4, 0, 0]), /zip archive/],
    ['JSON', asBytes([...Buffer.from('{"graph": 1}')]), /is text, not an ONNX model/],
    ['no graph', asBytes(integer(1, 8)), /has no graph/],
    ['cut off', good.subarray(0, good.length - 9), /damaged: .*\(at byte \d+\)/],
    [
      'a length past the end',
      asBytes([...varint(7 * 8 + 2), ...varint(1_000_000), 1, 2]),
      /a field of 1000000 bytes does not fit the 2 that are left/,
    ],
    ['a negative length', asBytes([...varint(7 * 8 + 2), ...varint(-5)]), /a field of negative bytes/],
    ['a number of twenty bytes', asBytes([8, ...new Array<number>(19).fill(0xff), 1]), /longer than ten bytes/],
    ['a group', asBytes([7 * 8 + 3, 0]), /wire type 3/],
    [
      'a negative dimension',
      withNodes([{ op: 'Add', in: ['x', 'w'], out: ['y'] }], { weights: [{ name: 'w', dims: [4, -7] }] }),
      /tensor 'w' has a dimension of -7/,
    ],
    [
      'a huge dimension',
      withNodes([{ op: 'Add', in: ['x', 'w'], out: ['y'] }], { weights: [{ name: 'w', dims: [2 ** 40] }] }),
      /tensor 'w' has a dimension of 1099511627776/,
    ],
    [
      'a huge tensor',
      withNodes([{ op: 'Add', in: ['x', 'w'], out: ['y'] }], { weights: [{ name: 'w', dims: [2 ** 30, 2 ** 30] }] }),
      /elements, more than any memory can store/,
    ],
    ['a huge input', onnxFile({ ...relu, inputs: { x: [1, 2 ** 45] } }), /input 'x' has a dimension of/],
    [
      'many dimensions',
      withNodes([{ op: 'Add', in: ['x', 'w'], out: ['y'] }], {
        weights: [{ name: 'w', dims: new Array<number>(100).fill(1) }],
      }),
      /more than 64 dimensions/,
    ],
    [
      'a huge constant',
      withNodes(
        [
          { op: 'ConstantOfShape', in: ['s'], out: ['c'] },
          { op: 'Add', in: ['x', 'c'], out: ['y'] },
        ],
        { weights: [{ name: 's', dims: [2], ints: [2 ** 30, 2 ** 30] }] },
      ),
      /ConstantOfShape 'c': its output has/,
    ],
    [
      'a huge range',
      withNodes(
        [
          { op: 'Range', in: ['a', 'b', 'd'], out: ['c'] },
          { op: 'Add', in: ['x', 'c'], out: ['y'] },
        ],
        {
          weights: [
            { name: 'a', dims: [], ints: [0] },
            { name: 'b', dims: [], ints: [2 ** 50] },
            { name: 'd', dims: [], ints: [1] },
          ],
        },
      ),
      /Range 'c': it has a dimension of/,
    ],
    [
      'a cycle',
      withNodes([
        { op: 'Add', in: ['x', 'c'], out: ['a'], name: 'first' },
        { op: 'Relu', in: ['a'], out: ['b'], name: 'second' },
        { op: 'Sigmoid', in: ['b'], out: ['c'], name: 'third' },
      ]),
      /its nodes form a cycle: (Add 'first'|Relu 'second'|Sigmoid 'third') -> .* -> .* -> /,
    ],
    [
      'a node that reads itself',
      withNodes([{ op: 'Add', in: ['x', 'y'], out: ['y'], name: 'loop' }]),
      /form a cycle: Add 'loop' -> Add 'loop'/,
    ],
    [
      'one tensor that two nodes make',
      withNodes([
        { op: 'Relu', in: ['x'], out: ['y'] },
        { op: 'Tanh', in: ['x'], out: ['y'] },
      ]),
      /two nodes make the tensor 'y'/,
    ],
    [
      'a tensor that no node makes',
      withNodes([{ op: 'Add', in: ['x', 'ghost'], out: ['y'] }]),
      /its input 'ghost' is neither the output of a node/,
    ],
    ['no input', onnxFile({ ...relu, nodes: [], inputs: {}, outputs: {} }), /its graph has no input/],
    ['nothing computed', withNodes([{ op: 'Identity', in: ['x'], out: ['y'] }]), /computes nothing/],
    [
      'weights that do not fit',
      withNodes([{ op: 'MatMul', in: ['x', 'w'], out: ['y'] }], { weights: [{ name: 'w', dims: [5, 3] }] }),
      /MatMul 'y': weights of 5 x 3 do not fit an input of 1 x 4/,
    ],
    [
      'a window that does not fit',
      withNodes([{ op: 'MaxPool', in: ['x'], out: ['y'], attributes: { kernel_shape: [9, 9] } }], {
        inputs: { x: [1, 3, 4, 4] },
      }),
      /MaxPool 'y': its window of 9 does not fit the 4/,
    ],
    [
      'a stride of zero',
      withNodes([{ op: 'MaxPool', in: ['x'], out: ['y'], attributes: { kernel_shape: [2, 2], strides: [0, 0] } }], {
        inputs: { x: [1, 3, 4, 4] },
      }),
      /stride 0/,
    ],
    [
      'a reshape that loses elements',
      withNodes([{ op: 'Reshape', in: ['x', 's'], out: ['y'] }], {
        weights: [{ name: 's', dims: [2], ints: [3, -1] }],
      }),
      /1 x 4 cannot be seen as 3 x -1/,
    ],
    [
      'an operation between shapes that do not fit',
      withNodes(
        [
          { op: 'Sigmoid', in: ['x'], out: ['a'] },
          { op: 'Add', in: ['a', 'w'], out: ['y'] },
        ],
        { weights: [{ name: 'w', dims: [3] }] },
      ),
      /inputs of 1 x 4 and 3 do not fit each other/,
    ],
  ];
  test.each(cases)('%s', (_, file, pattern) => expect(errorOf(file)).toMatch(pattern));

  test('bodies are decoded up to a depth of 16', () => {
    let body: number[] = [];
    for (let depth = 0; depth < 300; depth++) {
      body = bytes(1, [...text(4, 'If'), ...bytes(5, [...text(1, 'then_branch'), ...bytes(6, body)])]);
    }
    const nodes = [...bytes(1, node({ op: 'Relu', in: ['x'], out: ['y'] })), ...body];
    const file = asBytes([...bytes(7, [...nodes, ...graph({ ...relu, nodes: [] })]), ...bytes(8, integer(2, 17))]);
    expect(errorOf(file)).toMatch(/its subgraphs are nested more than 16 deep/);
  });

  test('a long list of warnings ends with a count', () => {
    const nodes = Array.from({ length: 300 }, (_, index) => ({
      op: 'Mystery',
      in: [index === 0 ? 'x' : `t${index}`],
      out: [`t${index + 1}`],
    }));
    const { diagnostics } = readOnnx(withNodes(nodes), 'Net', origin);
    expect(diagnostics).toHaveLength(41);
    expect(diagnostics.at(-1)?.message).toMatch(/^260 more warnings/);
  });

  test('arithmetic on constants has a budget: after it, sizes are known but numbers are not', () => {
    const chainOf = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        op: 'Add',
        in: [index === 0 ? 'c' : `t${index}`, 'c'],
        out: [`t${index + 1}`],
      }));
    const shapedBy = (count: number) =>
      withNodes(
        [
          ...chainOf(count),
          { op: 'Gather', in: [`t${count}`, 'first'], out: ['s'] },
          { op: 'Reshape', in: ['x', 's'], out: ['y'] },
          { op: 'Relu', in: ['y'], out: ['z'] },
        ],
        {
          weights: [
            { name: 'c', dims: [4000], ints: new Array<number>(4000).fill(0) },
            { name: 'first', dims: [1], ints: [0] },
          ],
          inputs: { x: [1, 4000] },
        },
      );
    // Reshape to [0] means the first dimension of the input.
    expect(errorOf(shapedBy(10))).toMatch(/cannot be seen as 0/);
    expect(errorOf(shapedBy(5000))).toMatch(/shape it makes is computed/);
    const sizes = withNodes([...chainOf(5000), { op: 'Add', in: ['x', 't5000'], out: ['y'] }], {
      weights: [{ name: 'c', dims: [4000], ints: new Array<number>(4000).fill(1) }],
      inputs: { x: [1, 4000] },
    });
    expect(readOnnx(sizes, 'Net', origin).value?.layers.at(-1)?.outputShape).toEqual([4000]);
  });

  test('Where over three axes is computed at most a fixed number of times', () => {
    const nodes = Array.from({ length: 3000 }, (_, index) => ({
      op: 'Where',
      in: ['b', 'c', 'd'],
      out: [`t${index}`],
    }));
    const file = withNodes([...nodes, { op: 'Add', in: ['x', 't2999'], out: ['y'] }], {
      weights: [
        { name: 'b', dims: [16, 1, 1], ints: new Array<number>(16).fill(1) },
        { name: 'c', dims: [1, 16, 1], ints: new Array<number>(16).fill(2) },
        { name: 'd', dims: [1, 1, 16], ints: new Array<number>(16).fill(3) },
      ],
      inputs: { x: [1, 16, 16, 16] },
    });
    expect(readOnnx(file, 'Net', origin).value?.layers.length).toBeGreaterThan(0);
  });

  test('weights are skipped and not copied, so their contents make no difference', () => {
    const raw = new Uint8Array(1 << 20).fill(0x5a);
    const file = withNodes([{ op: 'MatMul', in: ['x', 'w'], out: ['y'] }], {
      weights: [{ name: 'w', dims: [4, 65_536], raw }],
    });
    const { value } = readOnnx(file, 'Net', origin);
    expect(value?.layers[0]?.outputShape).toEqual([65_536]);
  });
});

describe('names that would control a terminal', () => {
  const hostile = 'a\u001b]8;;x\u0007\n\u202e';
  const shown = 'a\\u{1b}]8;;x\\u{7}\\n\\u{202e}';
  const unknown = { op: 'Mystery', name: hostile, in: ['x'], out: ['y'] };

  test.each<[string, Uint8Array]>([
    ['a node that is an error', withNodes([{ op: 'Gemm', name: hostile, in: ['x'], out: ['y'] }])],
    ['a node that is not supported', withNodes([unknown])],
    ['an operator', withNodes([{ op: hostile, in: ['x'], out: ['y'] }])],
    [
      'a tensor',
      withNodes([{ op: 'Add', in: ['x', hostile], out: ['y'] }], { weights: [{ name: hostile, dims: [4, -7] }] }),
    ],
    [
      'an input',
      onnxFile({ ...relu, nodes: [{ op: 'Relu', in: [hostile], out: ['y'] }], inputs: { [hostile]: [1, 'n'] } }),
    ],
    ['a dimension', onnxFile({ ...relu, inputs: { x: [1, hostile] } })],
  ])('are escaped: %s', (_, file) => {
    const { value, diagnostics } = readOnnx(file, 'Net', origin);
    const texts = [...diagnostics.map((each) => each.message), ...(value?.caveats ?? []).map((each) => each.text)];
    expect(texts.join()).toContain(shown);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
    expect(texts.join()).not.toMatch(/[\u0000-\u001f\u202e]/u);
  });

  test('are shortened', () => {
    const file = withNodes([{ ...unknown, name: 'n'.repeat(100_000) }]);
    for (const { message } of readOnnx(file, 'Net', origin).diagnostics) expect(message.length).toBeLessThan(1500);
  });
});
