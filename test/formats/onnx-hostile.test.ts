import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { series } from '../series.ts';
import { bytes, type GraphInput, graph, integer, node, onnxFile, text, varint } from './onnx-file.ts';
import { readReference, referenceFile } from './reference.ts';
import { shapeProblems } from './sketch.ts';

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

describe('broken and hostile files', () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', new Uint8Array(0), /the file is empty/],
    [
      'a Git LFS pointer',
      asBytes([...Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00')]),
      /Git LFS pointer/,
    ],
    ['a zip archive', asBytes([0x50, 0x4b, 3, 4, 0, 0]), /zip archive/],
    ['JSON', asBytes([...Buffer.from('{"graph": 1}')]), /is text, not an ONNX model/],
    ['no graph', asBytes(integer(1, 8)), /holds no graph/],
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
      /elements, more than any memory holds/,
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
      'one tensor from two nodes',
      withNodes([
        { op: 'Relu', in: ['x'], out: ['y'] },
        { op: 'Tanh', in: ['x'], out: ['y'] },
      ]),
      /two nodes make the tensor 'y'/,
    ],
    [
      'a tensor from nowhere',
      withNodes([{ op: 'Add', in: ['x', 'ghost'], out: ['y'] }]),
      /its input 'ghost' is made by no node/,
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
    const raw = new Uint8Array(1 << 18).fill(0x5a);
    const file = withNodes([{ op: 'MatMul', in: ['x', 'w'], out: ['y'] }], {
      weights: [{ name: 'w', dims: [4, 65_536], raw }],
    });
    const { value } = readOnnx(file, 'Net', origin);
    expect(value?.layers[0]?.outputShape).toEqual([65_536]);
  });
});

/** The reader does not throw. If it returns a model, the model is complete; if not, there is an error. */
function survives(file: Uint8Array): void {
  const { value, diagnostics } = readOnnx(file, 'Net', origin);
  if (value === undefined) expect(diagnostics.some((each) => each.severity === 'error')).toBe(true);
  else expect(shapeProblems(value)).toEqual([]);
}

describe('fuzz: the reader survives', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survives), { numRuns: series(1000, 3000), seed: 31 });
  });

  test('random graphs of known operators with random attributes and shapes', () => {
    const operators = [
      ...[
        'Conv',
        'ConvTranspose',
        'Gemm',
        'MatMul',
        'Relu',
        'Add',
        'Mul',
        'Concat',
        'Split',
        'Slice',
        'Reshape',
        'Transpose',
        'Flatten',
      ],
      ...[
        'Squeeze',
        'Unsqueeze',
        'Gather',
        'Shape',
        'Expand',
        'Where',
        'Pad',
        'Resize',
        'LSTM',
        'GRU',
        'DepthToSpace',
        'ReduceMean',
        'Softmax',
      ],
      ...[
        'MaxPool',
        'AveragePool',
        'GlobalAveragePool',
        'BatchNormalization',
        'LayerNormalization',
        'Einsum',
        'Tile',
        'Range',
        'NonZero',
        'TopK',
      ],
      ...[
        'ConstantOfShape',
        'Cast',
        'Identity',
        'ArgMax',
        'GatherND',
        'ScatterND',
        'LRN',
        'Constant',
        'toString',
        '__proto__',
        'constructor',
      ],
    ];
    const size = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom(0, 2 ** 31, 2 ** 53));
    const name = fc.constantFrom('x', 'z', 'w', 'v', 's', 'a', 'b', 'c', 'd', '');
    const attributes = fc.dictionary(
      fc.constantFrom(
        'axis',
        'axes',
        'perm',
        'pads',
        'strides',
        'kernel_shape',
        'group',
        'keepdims',
        'split',
        'starts',
        'ends',
        'hidden_size',
        'blocksize',
        'transB',
        'dilations',
        'allowzero',
      ),
      fc.oneof(fc.integer({ min: -3, max: 5 }), fc.array(fc.integer({ min: -3, max: 5 }), { maxLength: 5 })),
      { maxKeys: 4 },
    );
    const nodes = fc.array(
      fc.record({ op: fc.constantFrom(...operators), in: fc.array(name, { maxLength: 4 }), attributes }),
      { maxLength: 6 },
    );
    // Half of the shapes are chosen so that operators pass their first checks.
    const likely = fc.constantFrom([1, 4, 6, 6], [1, 5, 8], [1, 8], [8, 4, 3, 3], [4, 8], [8], [1, 4, 1, 1], []);
    const dims = fc.oneof(likely, fc.array(size, { maxLength: 5 }));
    const small = fc.array(fc.integer({ min: -2, max: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(nodes, dims, dims, dims, small, fc.integer({ min: 1, max: 21 }), (list, x, w, v, s, opset) => {
        survives(
          onnxFile({
            opset,
            nodes: list.map((each, index) => ({ ...each, out: [['a', 'b', 'c', 'd', 'e', 'f'][index] ?? 'g'] })),
            weights: [
              { name: 'w', dims: w },
              { name: 'v', dims: v },
              { name: 's', dims: [s.length], ints: s },
            ],
            inputs: { x, z: ['batch', 'n', 8] },
            outputs: { f: [] },
          }),
        );
      }),
      { numRuns: series(1500, 4000), seed: 32 },
    );
  });

  test('random fused operators, bodies and equations', () => {
    const operators = [
      ...['Attention', 'MultiHeadAttention', 'GroupQueryAttention', 'QAttention', 'DecoderMaskedMultiHeadAttention'],
      ...[
        'RotaryEmbedding',
        'MatMulNBits',
        'QGemm',
        'DynamicQuantizeMatMul',
        'QLinearAdd',
        'QLinearConcat',
        'FusedConv',
      ],
      ...[
        'EmbedLayerNormalization',
        'GatherBlockQuantized',
        'SkipLayerNormalization',
        'BiasSplitGelu',
        'RNN',
        'Einsum',
      ],
      ...['DeformConv', 'GridSample', 'RoiAlign', 'MaxRoiPool', 'Compress', 'NonZero', 'Unique', 'OneHot', 'TopK'],
      ...['NonMaxSuppression', 'MaxUnpool', 'Col2Im', 'CenterCropPad', 'Range', 'MaxPool', 'If', 'Loop', 'Scan', 'Odd'],
    ];
    const name = fc.constantFrom('x', 'y', 'z', 'w', 'v', 's', 'a', 'b', '');
    const equation = fc.constantFrom(
      'ij,jk->ik',
      '...i,ij->...j',
      'bij->bji',
      'bij,bkj->bik',
      'bi,bi->b',
      'ii->i',
      'a',
      '->',
      'bij,bj',
      '...',
    );
    const number = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom(16, 64, 2 ** 40));
    const settings = fc.record(
      {
        num_heads: number,
        q_num_heads: number,
        kv_num_heads: number,
        K: number,
        N: number,
        axis: number,
        bits: number,
        group: number,
        do_rotary: number,
        num_scan_inputs: number,
        output_height: number,
        output_width: number,
        rotary_embedding_dim: number,
        kernel_shape: fc.array(number, { maxLength: 3 }),
        dilations: fc.array(number, { maxLength: 3 }),
        pads: fc.array(number, { maxLength: 4 }),
        equation,
      },
      { requiredKeys: [] },
    );
    const step = fc.record({
      op: fc.constantFrom(...operators),
      in: fc.array(name, { maxLength: 6 }),
      attributes: settings,
    });
    const list = fc.array(step, { maxLength: 3 });
    const dims = fc.oneof(
      fc.constantFrom([1, 4, 8, 16], [1, 8, 64], [1, 64], [64, 192], [64, 64], [1, 3, 8, 8], [8], [], [2, 1, 4, 8, 16]),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 }),
    );
    const outputs = ['a', 'b', 'c'];
    // A tensor that no earlier node makes is an input of the graph. The first input depends on that of the network.
    const known = (names: readonly string[], index: number) =>
      ['x', ...names].map((each) => (each === 'a' && index < 1 ? 'x' : each === 'b' && index < 2 ? 'y' : each));
    const bodyOf = (nodes: readonly { op: string; in: readonly string[]; attributes: object }[]): GraphInput => ({
      nodes: nodes.map((each, index) => ({
        op: each.op,
        in: each.in,
        attributes: { ...each.attributes },
        out: [`${outputs[index]}i`],
      })),
      inputs: { i: [], go: [], h: [] },
      outputs: { ai: [], h: [], x: [] },
    });
    fc.assert(
      fc.property(list, list, dims, dims, dims, fc.boolean(), (outer, inner, x, w, v, isMicrosoft) => {
        const body = { graph: bodyOf(inner) };
        survives(
          onnxFile({
            opset: 23,
            nodes: outer.map(({ op, attributes, in: names }, index) => ({
              op,
              in: op === 'If' || op === 'Loop' ? names : known(names, index),
              domain: isMicrosoft && !/^(If|Loop|Scan)$/.test(op) ? 'com.microsoft' : '',
              attributes: /^(If|Loop|Scan)$/.test(op)
                ? { ...attributes, body, then_branch: body, else_branch: { graph: bodyOf(inner.slice(1)) } }
                : { ...attributes },
              out: [outputs[index] ?? 'd', `${outputs[index]}2`],
            })),
            weights: [
              { name: 'w', dims: w },
              { name: 'v', dims: v },
              { name: 's', dims: [], ints: [3] },
            ],
            inputs: { x, y: x, z: ['batch', 'n', 8] },
            outputs: { a: [], b: [], c: [] },
          }),
        );
      }),
      { numRuns: series(1000, 3000), seed: 33 },
    );
  });

  const graphs = ['light_bvlc_alexnet', 'light_squeezenet', 'light_resnet50', 'light_shufflenet'];
  describe.each(graphs)('fuzz: the reader survives a changed %s (needs ../shared/reference)', (name) => {
    const path = `onnx/${name}.onnx`;
    const there = existsSync(referenceFile(path));
    const file = there ? readReference(path) : new Uint8Array(1);
    const place = fc.integer({ min: 0, max: file.length - 1 });

    test.skipIf(!there)('bytes changed, removed and repeated', () => {
      const value = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x7f, 0x80, 0xff));
      const changes = fc.array(fc.record({ at: place, value }), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(changes, place, fc.constantFrom('keep', 'cut', 'remove', 'double'), (list, at, how) => {
          const changed = Uint8Array.from(file);
          for (const change of list) changed[change.at] = change.value;
          if (how === 'cut') survives(changed.subarray(0, at));
          else if (how === 'remove')
            survives(new Uint8Array([...changed.subarray(0, at), ...changed.subarray(at + 7)]));
          else if (how === 'double')
            survives(new Uint8Array([...changed.subarray(0, at), ...changed.subarray(Math.max(0, at - 9))]));
          else survives(changed);
        }),
        { numRuns: series(40, 100), seed: 33 },
      );
    });

    test.skipIf(!there)('names of equal length exchanged: missing ends, cycles, operators with wrong inputs', () => {
      const names = namesIn(file);
      const groups = [...new Set(names.map(({ length }) => length))]
        .map((length) => names.filter((each) => each.length === length))
        .filter((group) => group.length > 1);
      const swap = fc.record({ group: fc.nat(), from: fc.nat(), to: fc.nat() }).map(({ group, from, to }) => {
        const alike = groups[group % groups.length] ?? [];
        return [alike[from % alike.length], alike[to % alike.length]] as const;
      });
      fc.assert(
        fc.property(fc.array(swap, { minLength: 1, maxLength: 4 }), (swaps) => {
          const changed = Uint8Array.from(file);
          for (const [from, to] of swaps)
            if (from !== undefined && to !== undefined)
              changed.set(file.subarray(from.start, from.start + from.length), to.start);
          survives(changed);
        }),
        { numRuns: series(30, 60), seed: 34 },
      );
    });
  });
});

/** The positions of the short texts in a file: names of nodes, tensors and operators. */
function namesIn(file: Uint8Array): { readonly start: number; readonly length: number }[] {
  const names: { start: number; length: number }[] = [];
  for (let at = 0; at < file.length; at++) {
    const length = file[at] ?? 0;
    if (length < 3 || length > 60 || at + length >= file.length) continue;
    const text = file.subarray(at + 1, at + 1 + length);
    if (!text.every((byte) => byte >= 0x21 && byte < 0x7f)) continue;
    names.push({ start: at + 1, length });
    at += length;
  }
  return names;
}

describe('names that would control a terminal', () => {
  const hostile = 'a\u001b]8;;x\u0007\n\u202e';
  const shown = 'a\\u{1b}]8;;x\\u{7}\\n\\u{202e}';
  const unknown = { op: 'Mystery', name: hostile, in: ['x'], out: ['y'] };

  test.each<[string, Uint8Array]>([
    ['a node that is refused', withNodes([{ op: 'Gemm', name: hostile, in: ['x'], out: ['y'] }])],
    ['a node that is not understood', withNodes([unknown])],
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
