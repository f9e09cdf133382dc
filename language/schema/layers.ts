// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { type BlockSchema, block, ourAssumption, type PropertySchema } from './types.ts';

const inputs: PropertySchema = {
  name: 'inputs',
  type: { kind: 'layers' },
  documentation:
    'What the layer reads, by label: `inputs: [conv1, skip]`. Left out: the layer before it. `input` is the model’s input.',
};

function whole(name: string, documentation: string, parts: Partial<PropertySchema> = {}): PropertySchema {
  return {
    name,
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
    documentation,
    ...parts,
  };
}

const kernel: PropertySchema = {
  name: 'kernel',
  type: { kind: 'pair', minimum: 1 },
  required: true,
  documentation: 'Height and width of the window.',
  example: '3 x 3',
};

const stride: PropertySchema = {
  name: 'stride',
  type: { kind: 'pair', minimum: 1 },
  default: { text: '1', source: 'the usual' },
  documentation: 'Step of the window along height and width.',
};

const padding: PropertySchema = {
  name: 'padding',
  type: { kind: 'padding' },
  default: { text: '0', source: 'the usual' },
  documentation:
    'Zeros around the image: `1`, `1 x 2` (height, width), `[top, bottom, left, right]`, `valid` (none), or `same` (as many as keep ceil(size / stride)).',
};

const bias: PropertySchema = {
  name: 'bias',
  type: { kind: 'flag' },
  default: { text: 'yes', source: 'the usual; also where batch normalization was folded in' },
  documentation: 'Whether a bias is added to each output.',
};

const ownInput: PropertySchema = {
  name: 'input',
  type: { kind: 'shape' },
  documentation:
    'Shape of what this layer reads from outside, where that is not the model’s `input`: a second input (a mask, a cache), or one of a list of layers that are not chained. Without `inputs` it reads only that.',
  example: '1 x 1024',
};

const sharedWeights: PropertySchema = {
  name: 'weights',
  type: { kind: 'layers' },
  documentation:
    'The label of an earlier layer whose weights this one reads: one table in memory, counted once. Left out: weights of its own.',
  example: 'tokens',
};

function layer(keyword: string, documentation: string, properties: readonly PropertySchema[] = []): BlockSchema {
  return block(keyword, documentation, { properties: [...properties, inputs, ownInput], repeats: true });
}

const activations: readonly (readonly [string, string])[] = [
  ['relu', 'max(0, x).'],
  ['relu6', 'min(max(0, x), 6).'],
  ['leaky-relu', 'x where positive, else a small multiple of it.'],
  ['sigmoid', '1 / (1 + exp(-x)).'],
  ['tanh', 'Hyperbolic tangent.'],
  ['gelu', 'x times the normal distribution function.'],
  ['silu', 'x sigmoid(x), also called swish.'],
  ['hard-swish', 'x relu6(x + 3) / 6.'],
  ['exp', 'Exponential.'],
  ['sqrt', 'Square root.'],
  ['erf', 'Error function.'],
  ['clip', 'Limits to a range.'],
  ['activation', 'Any other function of one element.'],
];

const elementwise: readonly (readonly [string, string])[] = [
  ['add', 'Sum of its inputs, element by element.'],
  ['subtract', 'Difference of its inputs, element by element.'],
  ['multiply', 'Product of its inputs, element by element.'],
  ['divide', 'Quotient of its inputs, element by element.'],
  ['max', 'The larger of its inputs, element by element.'],
  ['min', 'The smaller of its inputs, element by element.'],
  ['pow', 'Power, element by element.'],
  ['elementwise', 'Any other function of its inputs, element by element.'],
];

/** Keywords of the activation and element-wise layers: what the operation is called in the design. */
export const activationKeywords: readonly string[] = activations.map(([name]) => name);
export const elementwiseKeywords: readonly string[] = elementwise.map(([name]) => name);

const sequential: PropertySchema = {
  name: 'sequential',
  type: { kind: 'flag' },
  default: { text: 'no', source: 'the usual: encoders know all their input' },
  documentation:
    'The first dimension is steps, each of which waits for what the network made of the one before: a decoder that reads its own output.',
};

const recurrent: readonly PropertySchema[] = [
  whole('hidden', 'Width of the hidden state.', { required: true, example: '1024' }),
  {
    name: 'directions',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 },
    default: { text: '1', source: 'the usual' },
    documentation: '2: one pass forwards and one backwards; their outputs are joined.',
  },
  bias,
  sequential,
  sharedWeights,
];

const reshaping: readonly PropertySchema[] = [
  { name: 'shape', type: { kind: 'shape' }, required: true, documentation: 'The new shape.', example: '49 x 512' },
  {
    name: 'copies',
    type: { kind: 'flag' },
    default: { text: 'no', source: 'a change of view' },
    documentation: 'Whether the bytes move.',
  },
];

/** Every layer, in the order in which the reference lists them. */
export const layerSchemas: readonly BlockSchema[] = [
  layer('conv', 'Convolution over height x width x channels.', [
    kernel,
    whole('filters', 'Output channels.', { required: true, example: '64' }),
    stride,
    padding,
    {
      name: 'dilation',
      type: { kind: 'pair', minimum: 1 },
      default: { text: '1', source: 'the usual' },
      documentation: 'Distance between the window’s elements.',
    },
    whole('groups', 'Channels and filters are split into so many independent convolutions.', {
      default: { text: '1', source: 'the usual' },
    }),
    bias,
    sharedWeights,
  ]),
  layer('depthwise', 'Depthwise convolution: one filter for each channel.', [
    kernel,
    stride,
    padding,
    {
      name: 'dilation',
      type: { kind: 'pair', minimum: 1 },
      default: { text: '1', source: 'the usual' },
      documentation: 'Distance between the window’s elements.',
    },
    whole('multiplier', 'Filters for each channel.', { default: { text: '1', source: 'the usual' } }),
    bias,
    sharedWeights,
  ]),
  layer('dense', 'y = x W + b on the last dimension; every leading dimension is a row.', [
    whole('outputs', 'Width of the output.', { required: true, example: '1000' }),
    bias,
    sequential,
    sharedWeights,
  ]),
  layer('matmul', 'Product of two activations: (..., M, K) x (..., K, N). Leading dimensions of 1 are broadcast.', [
    {
      name: 'transposed',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual' },
      documentation: 'The second input is (..., N, K).',
    },
  ]),
  layer('attention', 'Multi-head attention of a (steps x features) sequence, its projections included.', [
    whole('heads', 'Query heads.', { required: true, example: '16' }),
    whole('key-value-heads', 'Fewer than `heads` is grouped-query attention. Left out: as many as `heads`.'),
    whole('head-size', 'Width of one head. Left out: features / heads.'),
    whole('context', 'Keys that each query meets. Left out: the length of the sequence that gives the keys.'),
    {
      name: 'causal',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual for encoders' },
      documentation: 'Each position meets only those before it.',
    },
    bias,
    sharedWeights,
  ]),
  layer('lstm', 'LSTM over (steps x features) or (steps x sequences x features), one step after the other.', recurrent),
  layer('gru', 'GRU over (steps x features) or (steps x sequences x features), one step after the other.', recurrent),
  layer(
    'rnn',
    'Plain recurrent network over (steps x features) or (steps x sequences x features), one step after the other.',
    recurrent,
  ),
  layer('embedding', 'Look-ups in a table of `rows` by `width`.', [
    whole('rows', 'Rows of the table.', { required: true, example: '30522' }),
    whole('width', 'Elements of one row.', { required: true, example: '1024' }),
    whole('lookups', 'Rows that one request reads. Left out: one for each element of the input.'),
    {
      name: 'pooled',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual in language models' },
      documentation: 'The rows are summed.',
    },
    sharedWeights,
  ]),
  layer('maxpool', 'Maximum over a window.', [
    kernel,
    { ...stride, default: { text: '1', source: 'the usual' } },
    padding,
  ]),
  layer('avgpool', 'Average over a window.', [kernel, stride, padding]),
  layer('globalpool', 'Average over the whole image: height x width x channels becomes channels.'),
  layer('batchnorm', 'Batch normalization.', [
    {
      name: 'folded',
      type: { kind: 'flag' },
      default: { text: 'yes', source: 'what inference compilers do' },
      documentation: 'Scale and shift went into the convolution before it: costs nothing and keeps no parameters.',
    },
  ]),
  layer('layernorm', 'Layer normalization over the last dimension.'),
  layer('groupnorm', 'Group normalization.'),
  layer('rmsnorm', 'Normalization by the root mean square of the last dimension.'),
  layer('lrn', 'Local response normalization (AlexNet).'),
  layer('softmax', 'Softmax over the last dimension.'),
  ...activations.map(([name, documentation]) => layer(name, documentation)),
  ...elementwise.map(([name, documentation]) => layer(name, documentation)),
  layer('concat', 'Joins its inputs along one dimension.', [
    {
      name: 'axis',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: -8, maximum: 7 },
      default: { text: '-1', source: 'the usual: the last, channels or features' },
      documentation: 'The dimension; negative ones count from the end.',
    },
  ]),
  layer('flatten', 'All dimensions become one.'),
  layer('reshape', 'Same elements in another shape.', reshaping),
  layer('slice', 'Some of its input’s elements: a slice, a gather, the last step of a sequence.', reshaping),
  layer('expand', 'More elements than its input has, each from there: an expansion, a tiling.', reshaping),
  layer('transpose', 'The last two dimensions change places; the bytes move.'),
  layer('shuffle', 'Channel shuffle: channels change places between groups; the bytes move.'),
  layer('upsample', 'Enlarges an image, or makes it smaller.', [
    {
      name: 'factor',
      type: { kind: 'pair', minimum: 1 },
      default: { text: '2', source: 'the usual' },
      documentation: 'Enlargement along height and width, in whole numbers. Without effect where `size` is stated.',
    },
    {
      name: 'size',
      type: { kind: 'pair', minimum: 1 },
      documentation: 'Height and width that it makes, for enlargements by a fraction.',
      example: '65 x 65',
    },
  ]),
];

const axis: PropertySchema = {
  name: 'axis',
  type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: -8, maximum: 7 },
  default: { text: '-1', source: 'the usual: the last, channels or features' },
  documentation: 'Where `join: concat` joins the branches.',
};

/** What arranges layers: sequences by default, and these. */
export const structureSchemas: readonly BlockSchema[] = [
  block('repeat', 'The layers inside, so many times, one behind the other.', {
    subject: { kind: 'count' },
    content: 'layers',
    repeats: true,
    snippet: 'repeat ${1:3} {\n  $0\n}',
  }),
  block('residual', 'The layers inside, and their output added to what came in, or to what `shortcut` makes of it.', {
    content: 'layers',
    repeats: true,
    snippet: 'residual {\n  $0\n}',
  }),
  block('shortcut', 'Inside `residual`: the layers on the way around.', { content: 'layers' }),
  block('parallel', 'Branches that read the same input and whose outputs are joined.', {
    content: 'layers',
    repeats: true,
    properties: [
      {
        name: 'join',
        type: {
          kind: 'word',
          words: [
            { name: 'concat', documentation: 'One behind the other along `axis`.' },
            { name: 'add', documentation: 'Summed.' },
            { name: 'multiply', documentation: 'Multiplied.' },
          ],
        },
        default: { text: 'concat', source: `${ourAssumption}: what Inception and SqueezeNet do` },
        documentation: 'What becomes of the branches’ outputs.',
      },
      axis,
    ],
    snippet: 'parallel {\n  branch {\n    $1\n  }\n  branch {\n    $2\n  }\n}',
  }),
  block('branch', 'Inside `parallel`: one sequence of layers; empty, it hands on what came in.', {
    content: 'layers',
    repeats: true,
  }),
];
