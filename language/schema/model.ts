// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { layerSchemas, structureSchemas } from './layers.ts';
import { precisionWords } from './npu.ts';
import { type BlockSchema, block } from './types.ts';

export const layersSchema: BlockSchema = block('layers', 'The network’s layers, each reading the one before it.', {
  content: 'layers',
  blocks: [...layerSchemas, ...structureSchemas],
  snippet: 'layers {\n  $0\n}',
});

const accuracy = block('accuracy', 'Accuracy of the network by the precision that it is computed in.', {
  properties: [
    {
      name: 'metric',
      type: { kind: 'text' },
      default: { text: '"top-1"', source: 'the usual for image classification' },
      documentation: 'What is measured: "top-1", "F1", "mAP", ...',
    },
    ...precisionWords.map((word) => ({
      name: word.name,
      type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 } as const,
      documentation: `Accuracy in ${word.name}.`,
      example: '76.46 %',
    })),
  ],
  snippet: 'accuracy { metric: "${1:top-1}", bf16: ${2:76.46 %}, int8: ${3:76.29 %} }',
});

const inputs = block(
  'inputs',
  'Several inputs by name, the first of which the first layer reads: `inputs { tokens: 128 x 768, mask: 128 x 128 }`. Layers name the others in `inputs: [...]`. Beside `from`: the shapes of inputs that the file leaves open.',
  {
    entries: {
      name: 'an input',
      type: { kind: 'shape' },
      documentation: 'Shape of one sample of this input.',
      example: '128 x 768',
    },
    snippet: 'inputs { ${1:tokens}: ${2:128 x 768} }',
  },
);

const assume = block(
  'assume',
  'Beside `from`: how operators that the importer does not understand are counted, by operator type: `assume { Foo: elementwise }`. Results list what you assume.',
  {
    entries: {
      name: 'an operator type',
      type: {
        kind: 'word',
        words: [
          { name: 'elementwise', documentation: 'One vector operation for each element that it makes.' },
          { name: 'copy', documentation: 'Its elements move; nothing is computed.' },
          { name: 'free', documentation: 'It costs nothing, as an operator that only renames its input.' },
          {
            name: 'accepted',
            documentation: 'As the importer counts it, where the cost depends on the data (`Loop`, `TopK`, `NonZero`).',
          },
          { name: 'then', documentation: 'For `If`: the branch of a true condition runs.' },
          { name: 'else', documentation: 'For `If`: the branch of a false condition runs.' },
          {
            name: 'inferred',
            documentation:
              'For `shapes`: the shapes that the file states are stale, and those that its operators make are right.',
          },
        ],
      },
      documentation: 'How each operator of this type is counted.',
      example: 'elementwise',
    },
    snippet: 'assume { ${1:Operator}: ${2:elementwise} }',
  },
);

/** `model Name { ... }`, `model Name from "file.onnx"`. */
export const modelSchema: BlockSchema = block('model', 'A neural network: its input, its layers, its accuracy.', {
  subject: { kind: 'declares', declares: 'model' },
  clauses: [{ keyword: 'from', documentation: 'An ONNX file that the layers are read from.' }],
  properties: [
    {
      name: 'input',
      type: { kind: 'shape' },
      documentation:
        'Shape of one sample: height x width x channels, steps x features, or features. Required unless `from` reads it or `inputs` names several. Beside `from`, it sets the dimensions that the file leaves open and must agree with those that it fixes.',
      example: '224 x 224 x 3',
    },
    {
      name: 'quantization',
      type: {
        kind: 'word',
        words: [
          { name: 'static', documentation: 'Scales are known beforehand.' },
          { name: 'dynamic', documentation: 'A range pass over activations on the vector unit.' },
          {
            name: 'weight-only',
            documentation: 'Activations stay in base precision: weights shrink, the arrays gain nothing.',
          },
        ],
      },
      default: { text: 'static', source: 'what MLPerf’s int8 submissions use' },
      documentation: 'How burst mode quantizes this network.',
    },
  ],
  blocks: [layersSchema, inputs, assume, accuracy],
  snippet: 'model ${1:Name} {\n  input: ${2:224 x 224 x 3}\n  layers {\n    $0\n  }\n}',
});

/** `block Name(filters, stride: 1) { layers }`: layers with parameters, used like a layer. */
export const blockSchema: BlockSchema = block(
  'block',
  'Layers under a name, with parameters: `block Bottleneck(filters, stride: 1) { ... }` is used like a layer, `Bottleneck(64)`.',
  {
    subject: { kind: 'declares', declares: 'block' },
    content: 'layers',
    blocks: layersSchema.blocks,
    snippet: 'block ${1:Name}(${2:filters}) {\n  $0\n}',
  },
);
