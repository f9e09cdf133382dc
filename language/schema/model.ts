// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { mixedKeyPattern } from '../../design/index.ts';
import { precisionWords } from './formats.ts';
import { structureSchemas } from './layer-structures.ts';
import { layerSchemas } from './layers.ts';
import { type BlockSchema, block } from './types.ts';

export const layersSchema: BlockSchema = block(
  'layers',
  'The layers of the network. Each layer reads the one before it.',
  {
    content: 'layers',
    blocks: [...layerSchemas, ...structureSchemas],
    snippet: 'layers {\n  $0\n}',
  },
);

const accuracy = block('accuracy', 'Accuracy of the network for each number format in which it runs.', {
  properties: [
    {
      name: 'metric',
      type: { kind: 'text' },
      default: { text: '"top-1"', source: 'the usual metric for image classification' },
      documentation: 'The name of the accuracy metric: "top-1", "F1", "mAP", ...',
    },
    ...precisionWords.map((word) => ({
      name: word.name,
      type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 } as const,
      documentation: `Accuracy in ${word.name}.`,
      example: '76.46 %',
    })),
  ],
  entries: {
    name: 'w4a16',
    type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
    documentation:
      'Accuracy with weights of 4 bits and activations of 16 bits, for a mode that stores its operands in different formats. Other numbers of bits are written in the same way: `w8a16`, and `w4a16kv8` with cached keys and values of 8 bits.',
    example: '75.9 %',
  },
  entryPattern: mixedKeyPattern,
  snippet: 'accuracy { metric: "${1:top-1}", bf16: ${2:76.46 %}, int8: ${3:76.29 %} }',
});

const inputs = block(
  'inputs',
  'Several inputs by name: `inputs { tokens: 128 x 768, mask: 128 x 128 }`. The first layer reads the first input. Other layers name their inputs in `inputs: [...]`. With `from`, it states the shapes that the file leaves open.',
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
  'With `from`: how the importer counts operators that it does not support, for each operator type: `assume { Foo: elementwise }`. Results list these assumptions.',
  {
    entries: {
      name: 'an operator type',
      type: {
        kind: 'word',
        words: [
          { name: 'elementwise', documentation: 'One vector operation for each output element.' },
          { name: 'copy', documentation: 'The operator copies its elements and computes nothing.' },
          { name: 'free', documentation: 'The operator costs nothing, because it only renames its input.' },
          {
            name: 'accepted',
            documentation:
              'Accepts the estimate of the importer where the cost depends on the data (`Loop`, `TopK`, `NonZero`).',
          },
          {
            name: 'once',
            documentation: 'For `Loop`: counts one round where the number of rounds depends on the data.',
          },
          { name: 'then', documentation: 'For `If`: the condition is true.' },
          { name: 'else', documentation: 'For `If`: the condition is false.' },
          {
            name: 'inferred',
            documentation:
              'For `shapes`: use the inferred shapes where they differ from the shapes that the file states.',
          },
          {
            name: 'weights',
            documentation: 'For `inputs`: the inputs of the graph that operators read as weights are weights.',
          },
        ],
      },
      documentation: 'How the importer counts each operator of this type.',
      example: 'elementwise',
    },
    snippet: 'assume { ${1:Operator}: ${2:elementwise} }',
  },
);

/** `model Name { ... }`, `model Name from "file.onnx"`. */
export const modelSchema: BlockSchema = block('model', 'A neural network: its input, its layers and its accuracy.', {
  subject: { kind: 'declares', declares: 'model' },
  clauses: [
    {
      keyword: 'from',
      documentation: 'A file with the layers: an ONNX model, or the config.json of a language model from Hugging Face.',
    },
  ],
  properties: [
    {
      name: 'input',
      type: {
        kind: 'shape',
        open: {
          name: 'tokens',
          documentation:
            'A language model whose requests have any number of tokens. The layers are those of one token, and only `attention { cache: yes }` connects tokens.',
        },
      },
      documentation:
        'Shape of one sample: height x width x channels, steps x features, or features. `tokens` for a language model of any length. Required unless `from` or `inputs` states it. With `from`, it sets the dimensions that the file leaves open and must agree with the others; with all dimensions of an ONNX file (`8 x 3 x 224 x 224`), one request has all samples.',
      example: '224 x 224 x 3',
    },
    {
      name: 'quantization',
      type: {
        kind: 'word',
        words: [
          { name: 'static', documentation: 'Scales are computed before deployment.' },
          { name: 'dynamic', documentation: 'The vector unit computes the range of the activations at run time.' },
          {
            name: 'weight-only',
            documentation:
              'Activations stay in base precision. Weights use less memory, but the arrays are not faster.',
          },
        ],
      },
      default: { text: 'static', source: 'MLPerf’s int8 submissions use it' },
      documentation: 'How burst mode quantizes this network.',
    },
    {
      name: 'sparsity',
      type: {
        kind: 'word',
        words: [
          { name: 'none', documentation: 'The weights are dense.' },
          {
            name: 'two-of-four',
            documentation:
              'Of four neighbouring weights of a reduction, two are zero (2:4). A chip that states `sparse speedup` stores half of the weights with an index of 2 bits for each. Products whose reduction is not a multiple of 4 stay dense.',
          },
        ],
      },
      default: { text: 'none', source: 'only a pruned network has a pattern of zeros' },
      documentation:
        'The pattern of zeros in the weights of matrix products. The accuracy is that of the pruned network.',
    },
  ],
  blocks: [layersSchema, inputs, assume, accuracy],
  snippet: 'model ${1:Name} {\n  input: ${2:224 x 224 x 3}\n  layers {\n    $0\n  }\n}',
});

/** `block Name(filters, stride: 1) { layers }`: layers with parameters, used like a layer. */
export const blockSchema: BlockSchema = block(
  'block',
  'Named layers with parameters. Use `block Bottleneck(filters, stride: 1) { ... }` like a layer: `Bottleneck(64)`.',
  {
    subject: { kind: 'declares', declares: 'block' },
    content: 'layers',
    blocks: layersSchema.blocks,
    snippet: 'block ${1:Name}(${2:filters}) {\n  $0\n}',
  },
);
