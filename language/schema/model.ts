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

/** `model Name { ... }`, `model Name from "file.onnx"`. */
export const modelSchema: BlockSchema = block('model', 'A neural network: its input, its layers, its accuracy.', {
  subject: { kind: 'declares', declares: 'model' },
  clauses: [{ keyword: 'from', documentation: 'An ONNX file that the layers are read from.' }],
  properties: [
    {
      name: 'input',
      type: { kind: 'shape' },
      documentation:
        'Shape of one sample: height x width x channels, steps x features, or features. Required unless `from` reads it.',
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
  blocks: [layersSchema, accuracy],
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
