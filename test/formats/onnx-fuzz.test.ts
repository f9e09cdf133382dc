import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { series } from '../series.ts';
import { type GraphInput, onnxFile } from './onnx-file.ts';
import { readReference, referenceFile } from './reference.ts';
import { shapeProblems } from './sketch.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };

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
