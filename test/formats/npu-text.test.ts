import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layer, Model, Operation, Shape } from '../../design/index.ts';
import { readOnnx, readScaleSimConfig, readScaleSimTopology, writeNpu } from '../../formats/index.ts';
import { labelsFor } from '../../formats/npu-text/index.ts';
import { compile } from '../../language/index.ts';
import { layerSchemas, structureSchemas } from '../../language/schema/index.ts';
import { costModel } from '../../simulator/hardware/index.ts';
import { operatorCases } from './onnx-cases.ts';
import { describeWithReference, readReference } from './reference.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };

function compiled(text: string) {
  const uri = 'file:///imported.npu';
  return compile(uri, {
    readText: (target) => (target === uri ? text : { kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
    importModel: () => ({ value: undefined, diagnostics: [] }),
    importTrace: () => ({ value: undefined, diagnostics: [] }),
  });
}

/** A model without the parts that a text cannot keep: its origin, and names as foreign formats spell them. */
function essence(model: Model | undefined) {
  return model?.layers.map(({ operation, inputs, inputShapes, outputShape }) => ({
    operation,
    inputs,
    inputShapes,
    outputShape,
  }));
}

function roundTrip(model: Model): void {
  const text = writeNpu({ notes: [], npus: [], models: [model] });
  const { design, diagnostics } = compiled(text);
  expect(diagnostics.map((each) => each.message)).toEqual([]);
  expect(design.models[0]?.inputShape).toEqual(model.inputShape);
  expect(essence(design.models[0])).toEqual(essence(model));
}

/** The lines of the layers of a model with these operations on one input. */
function layerLines(input: Shape, layers: readonly Partial<Layer>[]): string[] {
  const model: Model = {
    name: 'Net',
    origin,
    inputShape: input,
    quantization: 'static',
    accuracy: null,
    layers: layers.map((layer, index) => ({
      name: `l${index}`,
      operation: { kind: 'softmax' },
      inputs: [index - 1],
      inputShapes: [input],
      outputShape: input,
      origin,
      ...layer,
    })),
  };
  return writeNpu({ notes: [], npus: [], models: [model] })
    .split('\n')
    .slice(3, -3)
    .map((line) => line.trim());
}

describe('the text of imported chips and networks', () => {
  const one = { height: 1, width: 1 };
  const none = { top: 0, bottom: 0, left: 0, right: 0 };
  const conv: Operation = {
    kind: 'conv',
    kernel: { height: 3, width: 5 },
    stride: one,
    padding: none,
    dilation: one,
    filters: 8,
    groups: 1,
    bias: true,
  };
  const lines: readonly (readonly [Operation, string, Shape?])[] = [
    [conv, 'conv { kernel: 3 x 5, filters: 8 }'],
    [
      {
        ...conv,
        stride: { height: 2, width: 1 },
        padding: { top: 1, bottom: 2, left: 0, right: 0 },
        dilation: { height: 2, width: 2 },
        groups: 2,
        bias: false,
      },
      'conv { kernel: 3 x 5, stride: 2 x 1, padding: [1, 2, 0, 0], dilation: 2, filters: 8, groups: 2, bias: no }',
    ],
    [
      { ...conv, padding: { top: 1, bottom: 1, left: 2, right: 2 }, groups: 4, filters: 8 },
      'depthwise { kernel: 3 x 5, padding: 1 x 2, multiplier: 2 }',
    ],
    [{ kind: 'dense', outputs: 10, bias: false }, 'dense { outputs: 10, bias: no }'],
    [{ kind: 'recurrent', cell: 'gru', hidden: 7, directions: 2, bias: true }, 'gru { hidden: 7, directions: 2 }'],
    [{ kind: 'recurrent', cell: 'rnn', hidden: 7, directions: 1, bias: false }, 'rnn { hidden: 7, bias: no }'],
    [{ kind: 'dense', outputs: 10, bias: true, sequential: true }, 'dense { outputs: 10, sequential: yes }'],
    [
      { kind: 'recurrent', cell: 'lstm', hidden: 7, directions: 1, bias: true, sequential: true },
      'lstm { hidden: 7, sequential: yes }',
    ],
    [
      { kind: 'embedding', rows: 9, width: 4, lookups: 2, pooled: true },
      'embedding { rows: 9, width: 4, lookups: 2, pooled: yes }',
    ],
    [
      { kind: 'pool', operation: 'average', kernel: { height: 7, width: 7 }, stride: one, padding: none },
      'avgpool { kernel: 7 x 7 }',
    ],
    [{ kind: 'normalization', normalization: 'batch', folded: false }, 'batchnorm { folded: no }'],
    [{ kind: 'normalization', normalization: 'local-response', folded: false }, 'lrn'],
    [{ kind: 'activation', function: 'hard-swish' }, 'hard-swish'],
    [{ kind: 'elementwise', operation: 'multiply' }, 'multiply { inputs: [input] }'],
    [{ kind: 'concat', axis: -2 }, 'concat { axis: -2 }'],
    [{ kind: 'reshape', copies: true }, 'reshape { shape: 8 x 8 x 4, copies: yes }'],
    [{ kind: 'reshape', copies: false }, 'slice { shape: 8 x 4 }', [8, 4]],
    [{ kind: 'reshape', copies: true }, 'expand { shape: 9 x 8 x 8 x 4, copies: yes }', [9, 8, 8, 4]],
    [{ kind: 'upsample', factor: { height: 2, width: 3 } }, 'upsample { factor: 2 x 3 }'],
    [
      { kind: 'attention', heads: 4, keyValueHeads: 2, headSize: 16, contextLength: 128, causal: true, bias: true },
      'attention { heads: 4, key-value-heads: 2, head-size: 16, context: 128, causal: yes }',
    ],
  ];
  test.each(lines.map((line) => [line[1], line] as const))('%s', (expected, [operation, , outputShape = [8, 8, 4]]) => {
    expect(layerLines([8, 8, 4], [{ operation, outputShape }])).toEqual([`l0: ${expected}`]);
  });

  test('a layer states its inputs if they are not the layer before, and shapes that differ from the input', () => {
    expect(
      layerLines(
        [8, 4],
        [
          { inputs: [-1] },
          { inputs: [0] },
          { inputs: [0] },
          {
            inputs: [2, -1],
            inputShapes: [
              [8, 4],
              [8, 4],
            ],
            operation: { kind: 'concat', axis: -1 },
          },
          { inputs: [-1], inputShapes: [[5, 6]], operation: { kind: 'dense', outputs: 2, bias: false } },
        ],
      ),
    ).toEqual([
      'l0: softmax',
      'l1: softmax',
      'l2: softmax { inputs: [l0] }',
      'l3: concat { inputs: [l2, input] }',
      'l4: dense { outputs: 2, bias: no, input: 5 x 6 }',
    ]);
  });

  test('labels are words that the language can spell, and all are different', () => {
    const names = ['gpu_0/conv1:0', 'gpu_0/conv1.0', '3x3', 'relu', 'relu_2', '', 'Über-layer', 'input', '___'];
    const labels = layerLines(
      [4],
      names.map((name) => ({ name })),
    ).map((line) => line.split(':')[0]);
    expect(labels).toEqual([
      'gpu_0_conv1_0',
      'gpu_0_conv1_0_2',
      'layer_3x3',
      'relu_1',
      'relu_2',
      'layer',
      'Über_layer',
      'input_1',
      'layer_2',
    ]);
    for (const label of labels)
      expect(compiled(`model M {\n  input: 4\n  layers {\n    ${label}: softmax\n  }\n}\n`).diagnostics).toEqual([]);
  });

  test.each(['extends', 'from', 'as', 'in', 'by'])(
    'a network named %s gets another name, because the word begins a clause',
    (name) => {
      const model = { name, origin, inputShape: [3], quantization: 'dynamic', accuracy: null, layers: [] } as const;
      expect(writeNpu({ notes: [], npus: [], models: [model] })).toContain(`model ${name}_1 {`);
    },
  );

  test('for any names, the text compiles to the same layers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), { minLength: 1, maxLength: 6 }),
        (names) => {
          roundTrip({
            name: names.join('/'),
            origin,
            inputShape: [3],
            quantization: 'dynamic',
            accuracy: null,
            layers: names.map((name, index) => ({
              name,
              operation: { kind: 'softmax' },
              inputs: [index > 2 ? 0 : index - 1],
              inputShapes: [[3]],
              outputShape: [3],
              origin,
            })),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each(operatorCases)('the text compiles to the same network: %s', (_, file) => {
    const { value } = readOnnx(file, 'Net', origin);
    if (value === undefined) throw new Error('the case does not import');
    roundTrip(value);
  });

  test('the text of a SCALE-Sim configuration compiles to the same chip', () => {
    const text =
      '[general]\nrun_name = 16x64 os\n[architecture_presets]\nArrayHeight: 16\nArrayWidth: 64\nIfmapSramSzkB: 100\nFilterSramSzkB: 1\nOfmapSramSzkB: 64\nBandwidth: 3\nDataflow: os\n[run_presets]\nInterfaceBandwidth: USER\n';
    const imported = readScaleSimConfig(text, 'file:///scale.cfg').value;
    if (imported === undefined) throw new Error('the configuration does not import');
    const written = writeNpu({ notes: ['Imported from scale.cfg.'], npus: [imported], models: [] });
    expect(written).toContain('// Imported from scale.cfg.\n');
    expect(written).toContain('npu Array_16x64_os {\n  clock: 1 GHz\n');
    expect(written).toContain('HBM { capacity: 1 TiB, bandwidth: 23 GB/s }');
    const { design, diagnostics } = compiled(written);
    expect(diagnostics).toEqual([]);
    // The language fills in the values that only burst mode uses.
    const { origin: _, quantizer: __, switchLatencySeconds: ___, ...npu } = imported.npu;
    expect(design.npus[0]).toMatchObject(npu);
  });

  test('the text of an array that issues blocks and walks over kernels compiles to the same array', () => {
    const imported = readScaleSimConfig(
      '[architecture_presets]\nArrayHeight: 8\nArrayWidth: 8\nIfmapSramSzkB: 8\nFilterSramSzkB: 8\nOfmapSramSzkB: 8\nDataflow: ws\n',
      'file:///a.cfg',
    ).value;
    if (imported === undefined) throw new Error('the configuration does not import');
    const array = {
      ...imported.npu.array,
      preload: 'hidden',
      convolution: 'direct',
      issue: { blockRows: 8, minimumCycles: 4 },
    } as const;
    const written = writeNpu({ notes: [], npus: [{ ...imported, npu: { ...imported.npu, array } }], models: [] });
    const { design, diagnostics } = compiled(written);
    expect(diagnostics).toEqual([]);
    expect(design.npus[0]?.array).toEqual(array);
  });

  test('the text of a SCALE-Sim topology keeps the inputs that its layers state', () => {
    const model = readScaleSimTopology('Layer,M,N,K,\na,2,3,4,\nb,5,6,7,\n', 'file:///two.csv').value;
    expect(writeNpu({ notes: [], npus: [], models: model === undefined ? [] : [model] })).toBe(
      'model two {\n  input: 2 x 4\n  layers {\n    a: dense { outputs: 3, bias: no }\n    b: dense { outputs: 6, bias: no, input: 5 x 7 }\n  }\n}\n',
    );
  });
});

const graphs = ['light_resnet50', 'light_bvlc_alexnet', 'light_squeezenet', 'light_shufflenet'];

describeWithReference(
  '.npu text of real graphs',
  graphs.map((name) => `onnx/${name}.onnx`),
  () => {
    test.each(graphs)('%s', (name) => {
      const { value } = readOnnx(readReference(`onnx/${name}.onnx`), name, origin);
      if (value === undefined) throw new Error('the graph does not import');
      roundTrip(value);
      const again = compiled(writeNpu({ notes: [], npus: [], models: [value] })).design.models[0];
      const npu = readScaleSimConfig(
        '[architecture_presets]\nArrayHeight: 128\nArrayWidth: 128\nIfmapSramSzkB: 4096\nFilterSramSzkB: 4096\nOfmapSramSzkB: 4096\nDataflow: ws\n',
        'file:///a.cfg',
      ).value?.npu;
      if (npu === undefined || again === undefined) throw new Error('nothing to compare');
      const [before, after] = [costModel(npu, value, 'base', 1), costModel(npu, again, 'base', 1)];
      expect([after.macs, after.parameters, after.cycles]).toEqual([before.macs, before.parameters, before.cycles]);
    });
  },
);

// The list is in formats/npu-text/names.ts, because `formats` cannot import the language.
describe('a label is never a keyword of layers', () => {
  test.each([...layerSchemas, ...structureSchemas].map(({ keyword }) => [keyword]))('%s', (keyword) => {
    expect(labelsFor([keyword])).not.toEqual([keyword]);
  });
});
