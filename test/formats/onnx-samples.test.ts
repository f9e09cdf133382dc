import { describe, expect, test } from 'vitest';
import { type ModelStatements, noStatements } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { n } from './onnx-cases.ts';
import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { roundTrip } from './onnx-round-trip.ts';
import { macsOf, shapeProblems, total } from './sketch.ts';

/*
 * A fixed first dimension counts requests only if no operator combines its samples. The multiply-accumulates are computed by hand.
 */

const origin = { uri: 'test.npu', start: 0, end: 0 };

interface Case {
  readonly nodes: readonly NodeInput[];
  readonly x?: readonly (number | string)[];
  readonly inputs?: GraphInput['inputs'];
  readonly w?: Readonly<Record<string, readonly number[]>>;
  readonly v?: readonly TensorInput[];
  readonly out?: readonly (number | string)[];
}

const ints = (name: string, ...values: number[]): TensorInput => ({ name, dims: [values.length], ints: values });

/** The graph ends in the tensor y. */
function fileOf({ nodes, x = [8, 3, 6, 6], inputs, w = {}, v = [], out = [] }: Case): Uint8Array {
  const weights = Object.entries(w).map(([name, dims]) => ({ name, dims }));
  return onnxFile({
    nodes,
    inputs: inputs ?? { x },
    weights: [...weights, ...v],
    outputs: { y: out },
    opset: 17,
  });
}

const stating = (...shape: number[]): ModelStatements => ({
  inputs: [{ name: undefined, shape, origin }],
  assumptions: [],
});

function read(graph: Case, statements: ModelStatements = noStatements) {
  const { value, diagnostics } = readOnnx(fileOf(graph), 'Net', origin, statements);
  if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
  return {
    macs: total(value, macsOf),
    caveats: value?.caveats?.map(({ text, effect }) => `${effect.kind}: ${text}`) ?? [],
    inputs: value?.inputs ?? [{ shape: value?.inputShape }],
    errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    codes: diagnostics.map(({ code }) => code),
  };
}

/** 16 filters of 3 x 3 over 8 images of 6 x 6 leave 4 x 4 positions: 16 x 16 x 27 products for each image. */
const perImage = 16 * 16 * 27;
const features = [n('Conv', 'x w', 'c'), n('ReduceMean', 'c', 'm', { axes: [2, 3], keepdims: 0 })] as const;
const w = { w: [16, 3, 3, 3] };
const whole = 8 * perImage;

const combined: readonly [string, Case, string, number][] = [
  [
    'the mean of the frames',
    { nodes: [...features, n('ReduceMean', 'm', 'y', { axes: [0], keepdims: 1 })], w },
    "ReduceMean 'y'",
    whole,
  ],
  [
    'frames that are enlarged, which are planes one above the other',
    {
      nodes: [
        n('Conv', 'x w', 'c'),
        n('Resize', 'c _ factors', 'r'),
        n('ReduceMean', 'r', 'y', { axes: [0], keepdims: 1 }),
      ],
      w,
      v: [{ name: 'factors', dims: [4], floats: [1, 1, 1.5, 2] }],
    },
    "ReduceMean 'y'",
    whole,
  ],
  [
    'frames that Reshape moves behind another axis',
    {
      nodes: [...features, n('Reshape', 'm s', 'r'), n('ReduceMean', 'r', 'y', { axes: [1], keepdims: 0 })],
      w,
      v: [ints('s', -1, 8, 16)],
      out: [1, 16],
    },
    "ReduceMean 'y'",
    whole,
  ],
  [
    'cameras that one product reads',
    {
      nodes: [n('Conv', 'x w', 'c'), n('Reshape', 'c s', 'r'), n('MatMul', 'r g', 'y')],
      w: { ...w, g: [2048, 10] },
      v: [ints('s', 1, -1)],
    },
    "MatMul 'y'",
    whole + 20480,
  ],
  [
    'attention between frames',
    {
      nodes: [
        ...features,
        n('Transpose', 'm', 't', { perm: [1, 0] }),
        n('MatMul', 'm t', 's'),
        n('Softmax', 's', 'p'),
        n('MatMul', 'p m', 'y'),
      ],
      w,
      out: [8, 16],
    },
    "MatMul 's'",
    whole + 2 * 8 * 8 * 16,
  ],
  [
    'attention as Einsum',
    { nodes: [...features, n('Einsum', 'm m', 'y', { equation: 'qd,kd->qk' })], w, out: [8, 8] },
    "Einsum 'y'",
    whole + 8 * 8 * 16,
  ],
  [
    'a table of all pairs',
    { nodes: [...features, n('Gemm', 'm m', 'y', { transB: 1 })], w, out: ['pairs', 8] },
    "Gemm 'y'",
    whole + 8 * 8 * 16,
  ],
  [
    'a pair of images that Split separates',
    { nodes: [n('Conv', 'x w', 'c'), n('Split', 'c', 'a b', { axis: 0 }), n('Sub', 'a b', 'y')], w },
    "Split 'a'",
    whole,
  ],
  [
    'frames that are shifted by one',
    {
      nodes: [
        n('Conv', 'x w', 'c'),
        n('Slice', 'c one all zero', 'tail'),
        n('Slice', 'c zero one zero', 'head'),
        n('Concat', 'tail head', 'y', { axis: 0 }),
      ],
      w,
      v: [ints('one', 1), ints('all', 100), ints('zero', 0)],
      out: [8, 16, 4, 4],
    },
    "Slice 'tail'",
    whole,
  ],
  [
    'frames in the reverse order',
    {
      nodes: [n('Conv', 'x w', 'c'), n('Slice', 'c from to zero back', 'y')],
      w,
      v: [ints('from', -1), ints('to', -100), ints('zero', 0), ints('back', -1)],
      out: [8, 16, 4, 4],
    },
    "Slice 'y'",
    whole,
  ],
  [
    'a convolution over frames',
    {
      nodes: [
        ...features,
        n('Transpose', 'm', 't', { perm: [1, 0] }),
        n('Unsqueeze', 't zero', 'u'),
        n('Conv', 'u k', 'y', { pads: [1, 1] }),
      ],
      w: { ...w, k: [4, 16, 3] },
      v: [ints('zero', 0)],
      out: [1, 4, 8],
    },
    "Conv 'y'",
    whole + 8 * 4 * 48,
  ],
  [
    'a softmax over frames',
    { nodes: [...features, n('Softmax', 'm', 'y', { axis: 0 })], w, out: [8, 16] },
    "Softmax 'y'",
    whole,
  ],
  ['the best frame', { nodes: [...features, n('ArgMax', 'm', 'y', { keepdims: 0 })], w }, "ArgMax 'y'", whole],
  [
    'one frame that Gather takes',
    { nodes: [...features, n('Gather', 'm last', 'y', { axis: 0 })], w, v: [ints('last', 7)] },
    "Gather 'y'",
    whole,
  ],
  [
    'a normalization over frames that the exporter wrote as several operators',
    {
      nodes: [
        ...features,
        n('ReduceMean', 'm', 'mean', { axes: [0] }),
        n('Sub', 'm mean', 'd'),
        n('Mul', 'd d', 'sq'),
        n('ReduceMean', 'sq', 'var', { axes: [0] }),
        n('Add', 'var eps', 've'),
        n('Sqrt', 've', 'dev'),
        n('Div', 'd dev', 'y'),
      ],
      w,
      v: [{ name: 'eps', dims: [], floats: [1] }],
      out: [8, 16],
    },
    "LayerNormalization 'y'",
    whole,
  ],
  [
    'another number for each frame',
    {
      nodes: [...features, n('Add', 'm p', 'y')],
      w,
      v: [{ name: 'p', dims: [8, 1], floats: [0, 1, 2, 3, 4, 5, 6, 7] }],
      out: [8, 16],
    },
    "Add 'y'",
    whole,
  ],
  [
    'two clips of four frames',
    {
      nodes: [...features, n('Reshape', 'm s', 'r'), n('ReduceMean', 'r', 'y', { axes: [1], keepdims: 0 })],
      w,
      v: [ints('s', 2, 4, 16)],
      out: [2, 16],
    },
    "Reshape 'r'",
    whole,
  ],
  [
    'sequences of a recurrent cell that Reshape joins',
    {
      nodes: [n('LSTM', 'x W R', 'h', { hidden_size: 16 }), n('Reshape', 'h s', 'r'), n('MatMul', 'r g', 'y')],
      x: [12, 5, 20],
      w: { W: [1, 64, 20], R: [1, 64, 16], g: [80, 3] },
      v: [ints('s', 12, 80)],
      out: [12, 3],
    },
    "MatMul 'y'",
    60 * 64 * 36 + 12 * 240,
  ],
  [
    'a loop over frames',
    {
      nodes: [
        ...features,
        n('Scan', 'm', 'y', {
          num_scan_inputs: 1,
          body: {
            graph: { nodes: [n('Relu', 'a', 'b')], inputs: { a: [16] }, outputs: { b: [16] } },
          },
        }),
      ],
      w,
      out: [8, 16],
    },
    "Scan 'y'",
    whole,
  ],
  [
    'tokens of a packed attention',
    {
      nodes: [n('MatMul', 'x w', 'q'), n('PackedMultiHeadAttention', 'q q q _ t c', 'y', { num_heads: 4 })],
      x: [12, 32],
      w: { w: [32, 32] },
      v: [ints('t', 0), ints('c', 0, 12)],
      out: [12, 32],
    },
    "PackedMultiHeadAttention 'y'",
    12 * 1024 + 2 * 12 * 12 * 32,
  ],
];

describe('samples that an operator combines belong to one request', () => {
  test.each(combined)('%s', (_, graph, node, macs) => {
    const { macs: counted, caveats } = read(graph);
    expect(counted).toBe(macs);
    expect(caveats).toHaveLength(1);
    expect(caveats[0]).toMatch(/^any: Dimension \d of the input 'x', \d+, could be a batch, but /);
    expect(caveats[0]).toContain(`but ${node} combines its samples`);
  });

  test.each(combined)(
    'the whole shape confirms it, and the text of import has the same counts: %s',
    (_, graph, __, macs) => {
      const { macs: counted, caveats, errors } = read(graph, stating(...((graph.x ?? [8, 3, 6, 6]) as number[])));
      expect([counted, caveats, errors]).toEqual([macs, [], []]);
      const text = roundTrip(fileOf(graph));
      expect(text?.after).toEqual(text?.before);
    },
  );

  test('one sample can be stated, with a caveat', () => {
    const { macs, caveats } = read(combined[0]?.[1] ?? { nodes: [] }, stating(6, 6, 3));
    expect(macs).toBe(perImage);
    expect(caveats).toEqual([
      "heavier: The shape of one sample is stated for the input 'x', but ReduceMean 'y' combines all 8 samples, so one request can cost up to 8 times as much. If one request has all of them, write 'input: 8 x 3 x 6 x 6' beside 'from'. To accept one sample, write 'accept { onnx-assumed-dimension: yes }' in the scenario.",
    ]);
  });
});

describe('samples that no operator combines are a batch', () => {
  const alike = { name: 'p', dims: [8, 16], floats: Array.from({ length: 128 }, (_, at) => at % 16) };
  test.each<[string, Case, number]>([
    [
      'a classifier',
      {
        nodes: [
          n('Conv', 'x w', 'c'),
          n('BatchNormalization', 'c g g g g', 'bn'),
          n('MaxPool', 'bn', 'mp', { kernel_shape: [2, 2] }),
          n('GlobalAveragePool', 'mp', 'p'),
          n('Flatten', 'p', 'f'),
          n('Gemm', 'f v b', 'l', { transB: 1 }),
          n('Softmax', 'l', 'y'),
        ],
        w: { ...w, g: [16], v: [10, 16], b: [10] },
      },
      perImage + 160,
    ],
    [
      'a squeeze without axes, which keeps the batch',
      {
        nodes: [
          n('Conv', 'x w', 'c'),
          n('GlobalAveragePool', 'c', 'p'),
          n('Squeeze', 'p', 's'),
          n('MatMul', 's v', 'y'),
        ],
        w: { ...w, v: [16, 10] },
        out: [8, 10],
      },
      perImage + 160,
    ],
    [
      'a product whose weights have as many rows as the batch',
      {
        nodes: [...features, n('MatMul', 'm v', 'y')],
        w: { w: [8, 3, 3, 3], v: [8, 10] },
        out: [8, 10],
      },
      perImage / 2 + 80,
    ],
    [
      'attention of each sample with its heads in the batch',
      {
        nodes: [
          n('Conv', 'x w', 'c'),
          n('Reshape', 'c heads', 'h'),
          n('Transpose', 'h', 't', { perm: [0, 2, 1] }),
          n('MatMul', 't h', 's'),
          n('Softmax', 's', 'p', { axis: -1 }),
          n('MatMul', 'h p', 'o'),
          n('Reshape', 'o back', 'y'),
        ],
        w,
        v: [ints('heads', 32, 4, 16), ints('back', 8, 16, 4, 4)],
        out: ['rows', 16, 4, 4],
      },
      perImage + 2 * 4 * 16 * 16 * 4,
    ],
    [
      'windows of an image that are folded into the batch',
      {
        nodes: [
          n('Conv', 'x w', 'c'),
          n('Reshape', 'c windows', 'a'),
          n('Transpose', 'a', 'b', { perm: [0, 2, 4, 3, 5, 1] }),
          n('Reshape', 'b rows', 'r'),
          n('MatMul', 'r v', 'd'),
          n('Reshape', 'd apart', 'y'),
        ],
        w: { ...w, v: [16, 16] },
        v: [ints('windows', 8, 16, 2, 2, 2, 2), ints('rows', -1, 4, 16), ints('apart', 8, 2, 2, 2, 2, 16)],
      },
      perImage + 16 * 256,
    ],
    [
      'numbers that are the same for each sample',
      { nodes: [...features, n('Add', 'm p', 'y')], w, v: [alike], out: [8, 16] },
      perImage,
    ],
    [
      'sequences of a recurrent cell',
      {
        nodes: [
          n('LSTM', 'x W R', 'h last', { hidden_size: 16 }),
          n('Squeeze', 'last zero', 's'),
          n('MatMul', 's g', 'y'),
        ],
        x: [12, 5, 20],
        w: { W: [1, 64, 20], R: [1, 64, 16], g: [16, 3] },
        v: [ints('zero', 0)],
      },
      12 * 64 * 36 + 48,
    ],
    [
      'a scale that is computed over all samples',
      {
        nodes: [...features, n('DynamicQuantizeLinear', 'm', 'q s z'), n('MatMulInteger', 'q v z', 'y')],
        w: { ...w, v: [16, 10] },
      },
      perImage + 160,
    ],
  ])('%s', (_, graph, macs) => {
    const { macs: counted, caveats, codes } = read(graph);
    expect([counted, caveats, codes]).toEqual([macs, [], ['onnx-note']]);
  });

  test('a number for each sample beside the images, as the time steps of a diffusion model', () => {
    const { macs, caveats, inputs } = read({
      nodes: [
        n('Conv', 'x w', 'c'),
        n('Unsqueeze', 't one', 'u'),
        n('MatMul', 'u v', 'e'),
        n('Unsqueeze', 'e two', 'f'),
        n('Add', 'c f', 'y'),
      ],
      inputs: { x: [8, 3, 6, 6], t: [8] },
      w: { ...w, v: [1, 16] },
      v: [ints('one', 1), ints('two', 2, 3)],
    });
    expect([macs, caveats]).toEqual([perImage + 16, []]);
    expect(inputs.map(({ shape }) => shape)).toEqual([[6, 6, 3], [1]]);
  });
});

test('attention over [steps, batch x heads, features], as ONNX Runtime saves that of PyTorch', () => {
  const transposes = { transBatchA: 1, transBatchB: 1, transB: 1 };
  const graph: Case = {
    nodes: [
      n('Transpose', 'x', 't', { perm: [1, 0, 2] }),
      n('MatMul', 't w', 'm'),
      n('Reshape', 'm apart', 'q'),
      { ...n('FusedMatMul', 'q q', 's', transposes), domain: 'com.microsoft' },
      n('Softmax', 's', 'p'),
      { ...n('FusedMatMul', 'p q', 'o', { transBatchB: 1 }), domain: 'com.microsoft' },
      n('Transpose', 'o', 'u', { perm: [1, 0, 2] }),
      n('Reshape', 'u joined', 'j'),
      n('Transpose', 'j', 'z', { perm: [1, 0, 2] }),
      n('Relu', 'z', 'y'),
    ],
    x: [8, 6, 32],
    w: { w: [32, 32] },
    v: [ints('apart', 6, 32, 8), ints('joined', 6, 8, 32)],
    out: [8, 6, 32],
  };
  const { macs, errors } = read(graph, stating(6, 32));
  expect([macs, errors]).toEqual([6 * 1024 + 2 * 36 * 32, []]);
});

describe('an operator that could combine the samples', () => {
  test('is named if one request cannot be counted alone', () => {
    const { macs, caveats } = read({
      nodes: [...features, n('Foo', 'm', 'f'), n('Reshape', 'f row', 'r'), n('MatMul', 'r v', 'y')],
      w: { ...w, v: [128, 10] },
      v: [ints('row', 1, 128)],
    });
    expect(macs).toBe(whole + 1280);
    expect(caveats).toContainEqual(
      expect.stringContaining("but Foo 'f' could combine its samples, so one request is counted with all 8."),
    );
  });

  const unknown: Case = {
    nodes: [...features, { op: 'Foo', domain: 'com.example', in: ['m'], out: ['y'] }],
    w,
    out: [8, 16],
  };

  test('is a caveat that names it, and one request is counted', () => {
    const { macs, caveats } = read(unknown);
    expect(macs).toBe(perImage);
    expect(caveats.filter((text) => text.startsWith('heavier'))).toEqual([
      "heavier: Dimension 0 of the input 'x', 8, is counted as a batch, so one request is counted. But Foo 'y' could combine its samples, and then one request costs up to 8 times as much. Write the shape of one sample beside 'from': 'input: 6 x 6 x 3', or 'input: 8 x 3 x 6 x 6' if one request has all of it.",
    ]);
  });

  test.each<[string, readonly NodeInput[]]>([
    ['a sequence', [n('SplitToSequence', 'm', 's', { axis: 1 }), n('SequenceAt', 's k', 'z'), n('Relu', 'm', 'y')]],
    ['places that are computed', [n('ArgMax', 'm', 'i', { axis: 1 }), n('GatherND', 'm i', 'z'), n('Relu', 'm', 'y')]],
  ])('is found if another output has the samples: %s', (_, nodes) => {
    const bytes = onnxFile({
      nodes: [...features, ...nodes],
      inputs: { x: [8, 3, 6, 6] },
      weights: [
        { name: 'w', dims: [16, 3, 3, 3] },
        { name: 'k', dims: [], ints: [0] },
      ],
      outputs: { y: [8, 16], z: [] },
      opset: 17,
    });
    const caveats = readOnnx(bytes, 'Net', origin).value?.caveats ?? [];
    expect(caveats.map(({ text }) => text)).toEqual([expect.stringContaining("'z' could combine its samples")]);
  });

  test('a body is followed', () => {
    const body = { nodes: [n('Relu', 'a', 'b')], inputs: { a: [8] }, outputs: { b: [8] } };
    const { caveats, codes } = read({
      nodes: [...features, n('Scan', 'm', 'y', { num_scan_inputs: 1, scan_input_axes: [1], body: { graph: body } })],
      w,
      out: [16, 8],
    });
    expect([caveats, codes]).toEqual([[], ['onnx-note']]);
  });

  test.each<[string, readonly number[], number]>([
    ['one sample', [6, 6, 3], perImage],
    ['all dimensions', [8, 3, 6, 6], whole],
  ])('has a way out: %s', (_, shape, macs) => {
    const { macs: counted, caveats } = read(unknown, stating(...shape));
    expect(counted).toBe(macs);
    expect(caveats.filter((text) => text.startsWith('heavier'))).toEqual([]);
  });
});

describe('a statement with all dimensions of the file', () => {
  const nodes = [n('Conv', 'x w', 'y')];
  test.each<[string, readonly (number | string)[], readonly number[], number, readonly string[]]>([
    ['in the order of the file', [8, 3, 6, 6], [8, 3, 6, 6], 8, []],
    ['with the channels last', [8, 3, 6, 6], [8, 6, 6, 3], 8, []],
    ['that fills an open batch', ['N', 3, 6, 6], [4, 3, 6, 6], 4, []],
    ['with open positions', ['N', 3, 'H', 'W'], [2, 3, 6, 6], 2, []],
    ['of a batch of one', [1, 3, 6, 6], [1, 3, 6, 6], 1, []],
  ])('%s', (_, x, shape, images, errors) => {
    const read1 = read({ nodes, x, w, out: [] }, stating(...shape));
    expect([read1.macs, read1.caveats, read1.errors]).toEqual([images * perImage, [], errors]);
  });

  test('that contradicts the file is an error', () => {
    expect(read({ nodes, w }, stating(7, 3, 6, 6)).errors[0]).toContain('dimension 1 is 8, not 7');
    expect(read({ nodes, w }, stating(6, 6)).errors[0]).toContain(
      'state 3 dimensions, or all 4 of the file if one request has all samples',
    );
  });

  test('also decides the other inputs with the same batch', () => {
    const both = (a: readonly (number | string)[], b: readonly (number | string)[]): Case => ({
      nodes: [n('MatMul', 'a v', 'c'), n('Add', 'c b', 'y')],
      inputs: { a, b },
      w: { v: [4, 5] },
      out: [],
    });
    expect(read(both([8, 3, 4], [8, 3, 5]), stating(8, 3, 4)).inputs.map(({ shape }) => shape)).toEqual([
      [8, 3, 4],
      [8, 3, 5],
    ]);
    expect(read(both(['B', 3, 4], ['B', 3, 5]), stating(8, 3, 4)).inputs.map(({ shape }) => shape)).toEqual([
      [8, 3, 4],
      [8, 3, 5],
    ]);
  });
});
