import { type BlockSchema, block, type PropertySchema } from './types.ts';

const inputs: PropertySchema = {
  name: 'inputs',
  type: { kind: 'layers' },
  documentation:
    'The layers that it reads, by label: `inputs: [conv1, skip]`. Default: the layer before it. `input` is the input of the model.',
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
  type: { kind: 'pair', minimum: 1, most: 3 },
  required: true,
  documentation:
    'Size of the window: `3 x 3` (height, width), `3` for each direction, `3 x 3 x 3` (depth, height, width) for a volume. A sequence has one direction.',
  example: '3 x 3',
};

const stride: PropertySchema = {
  name: 'stride',
  type: { kind: 'pair', minimum: 1, most: 3 },
  default: { text: '1', source: 'the usual value' },
  documentation: 'Step of the window along each direction.',
};

const padding: PropertySchema = {
  name: 'padding',
  type: { kind: 'padding' },
  default: { text: '0', source: 'the usual value' },
  documentation:
    'Zeros around the input: `1`, `1 x 2` (height, width), `[top, bottom, left, right]`, `valid` (none), or `same` (as many as keep ceil(size / stride)). For a sequence: `[before, after]`. For a volume: `1 x 2 x 2`, or `[front, back, top, bottom, left, right]`.',
};

const bias: PropertySchema = {
  name: 'bias',
  type: { kind: 'flag' },
  default: { text: 'yes', source: 'the usual value, also where batch normalization is folded in' },
  documentation: 'Whether a bias is added to each output.',
};

const ownInput: PropertySchema = {
  name: 'input',
  type: { kind: 'shape' },
  documentation:
    'Shape of an external input that is not the model’s `input`: a second input (a mask, a cache), or the input of one layer in a list of layers that are not chained. Without `inputs`, the layer reads only this input.',
  example: '1 x 1024',
};

const sharedWeights: PropertySchema = {
  name: 'weights',
  type: { kind: 'layers' },
  documentation:
    'The label of an earlier layer with the same weights. The weights are stored and counted once. Default: the layer has separate weights.',
  example: 'tokens',
};

/** A layer's row. Its keyword is a literal type, so that the compiler requires a rule for each keyword. */
interface LayerSchema<Keyword extends string = string> extends BlockSchema {
  readonly keyword: Keyword;
}

function layer<const Keyword extends string>(
  keyword: Keyword,
  documentation: string,
  properties: readonly PropertySchema[] = [],
): LayerSchema<Keyword> {
  return {
    ...block(keyword, documentation, { properties: [...properties, inputs, ownInput], repeats: true }),
    keyword,
  };
}

const activations = [
  ['relu', 'max(0, x).'],
  ['relu6', 'min(max(0, x), 6).'],
  ['leaky-relu', 'x if x is positive, otherwise a small multiple of x.'],
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
] as const;

const elementwise = [
  ['add', 'Sum of its inputs, element by element.'],
  ['subtract', 'Difference of its inputs, element by element.'],
  ['multiply', 'Product of its inputs, element by element.'],
  ['divide', 'Quotient of its inputs, element by element.'],
  ['max', 'The larger of its inputs, element by element.'],
  ['min', 'The smaller of its inputs, element by element.'],
  ['pow', 'Power, element by element.'],
  ['elementwise', 'Any other function of its inputs, element by element.'],
] as const;

export type ActivationKeyword = (typeof activations)[number][0];
export type ElementwiseKeyword = (typeof elementwise)[number][0];

/** Keywords of the activation and element-wise layers. Each is also the name of the operation in the design. */
export const activationKeywords: readonly ActivationKeyword[] = activations.map(([name]) => name);
export const elementwiseKeywords: readonly ElementwiseKeyword[] = elementwise.map(([name]) => name);

const sequential: PropertySchema = {
  name: 'sequential',
  type: { kind: 'flag' },
  default: { text: 'no', source: 'the usual value: an encoder has its whole input at the start' },
  documentation:
    'The first dimension counts steps, and each step waits for the output of the step before, as in a decoder that reads its previous output.',
};

const recurrent: readonly PropertySchema[] = [
  whole('hidden', 'Width of the hidden state.', { required: true, example: '1024' }),
  {
    name: 'directions',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 },
    default: { text: '1', source: 'the usual value' },
    documentation: 'With 2, one pass runs forwards and one backwards, and their outputs are joined.',
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
    default: { text: 'no', source: 'a reshape only changes the view' },
    documentation: 'Whether the data is copied in memory.',
  },
];

/** Every layer, in the order in which the reference lists them. */
export const layerSchemas = [
  layer(
    'conv',
    'Convolution over height x width x channels, length x channels (1-D), or depth x height x width x channels (3-D).',
    [
      kernel,
      whole('filters', 'Output channels.', { required: true, example: '64' }),
      stride,
      padding,
      {
        name: 'dilation',
        type: { kind: 'pair', minimum: 1, most: 3 },
        default: { text: '1', source: 'the usual value' },
        documentation: 'Distance between the window’s elements.',
      },
      whole('groups', 'The number of independent convolutions into which channels and filters are split.', {
        default: { text: '1', source: 'the usual value' },
      }),
      bias,
      sharedWeights,
    ],
  ),
  layer('depthwise', 'Depthwise convolution: one filter for each channel.', [
    kernel,
    stride,
    padding,
    {
      name: 'dilation',
      type: { kind: 'pair', minimum: 1, most: 3 },
      default: { text: '1', source: 'the usual value' },
      documentation: 'Distance between the window’s elements.',
    },
    whole('multiplier', 'Filters for each channel.', { default: { text: '1', source: 'the usual value' } }),
    bias,
    sharedWeights,
  ]),
  layer('dense', 'y = x W + b on the last dimension. Each index of the leading dimensions is a row.', [
    whole('outputs', 'Width of the output.', { required: true, example: '1000' }),
    bias,
    sequential,
    sharedWeights,
  ]),
  layer('matmul', 'Product of two activations: (..., M, K) x (..., K, N). Leading dimensions of 1 are broadcast.', [
    {
      name: 'transposed',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual value' },
      documentation: 'The second input is (..., N, K).',
    },
  ]),
  layer('attention', 'Multi-head attention over a (steps x features) sequence, including its projections.', [
    whole('heads', 'Query heads.', { required: true, example: '16' }),
    whole(
      'key-value-heads',
      'Heads of keys and values. Fewer than `heads` is grouped-query attention. Default: the same as `heads`.',
    ),
    whole('head-size', 'Width of one head. Default: features / heads.'),
    whole('context', 'The number of keys that each query attends to. Default: the length of the sequence of keys.'),
    {
      name: 'causal',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual value for encoders' },
      documentation: 'Causal mask: each position attends only to earlier positions.',
    },
    {
      name: 'cache',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual value for encoders' },
      documentation:
        'In a network with `input: tokens`: keys and values of earlier tokens are in a KV cache, and each token attends to all tokens up to itself.',
    },
    whole(
      'window',
      'The most keys that each query attends to: the last ones, with its own (sliding window). Default: all of them.',
      { example: '4096' },
    ),
    {
      name: 'rotary',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the original transformer adds positions to its input' },
      documentation: 'Rotary position embedding: queries and keys are rotated by their position.',
    },
    {
      name: 'query-key-norm',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual value; Qwen3 and Gemma 3 have it' },
      documentation: 'Each head of queries and keys is normalized by its root mean square, with one scale per element.',
    },
    {
      name: 'bias',
      type: {
        kind: 'word',
        words: [
          { name: 'yes', documentation: 'All projections have a bias.' },
          { name: 'no', documentation: 'No projection has a bias.' },
          { name: 'qkv', documentation: 'The projections of queries, keys and values have a bias (Qwen2).' },
        ],
      },
      default: { text: 'yes', source: 'the usual value of encoders' },
      documentation: 'The projections that add a bias.',
    },
    sharedWeights,
  ]),
  layer(
    'feed-forward',
    'The feed-forward network of a decoder: `width` hidden features, and the features of its input again. With `experts`, a mixture of experts.',
    [
      whole('width', 'Hidden features, of one expert.', { required: true, example: '14336' }),
      {
        name: 'gated',
        type: { kind: 'flag' },
        default: { text: 'yes', source: 'Llama, Qwen, Mistral and Gemma' },
        documentation: 'The function of one product multiplies a second product of the same width (SwiGLU, GeGLU).',
      },
      {
        name: 'function',
        type: { kind: 'word', words: activations.map(([name, documentation]) => ({ name, documentation })) },
        default: { text: 'silu', source: 'Llama, Qwen and Mistral' },
        documentation: 'The function between the products.',
      },
      whole('experts', 'Feed-forward networks of equal size. A router selects `active` of them for each token.', {
        default: { text: '1', source: 'the usual value: no router' },
        example: '8',
      }),
      whole('active', 'Experts that each token uses.', {
        default: { text: '1', source: 'one expert needs no choice; Mixtral uses 2' },
        example: '2',
      }),
      { ...bias, default: { text: 'no', source: 'Llama, Qwen and Mistral' } },
      sharedWeights,
    ],
  ),
  layer('lstm', 'LSTM over (steps x features) or (steps x sequences x features), computed step by step.', recurrent),
  layer('gru', 'GRU over (steps x features) or (steps x sequences x features), computed step by step.', recurrent),
  layer(
    'rnn',
    'Plain recurrent network over (steps x features) or (steps x sequences x features), computed step by step.',
    recurrent,
  ),
  layer('embedding', 'Looks up rows in a table of `rows` by `width`.', [
    whole('rows', 'Rows of the table.', { required: true, example: '30522' }),
    whole('width', 'Elements of one row.', { required: true, example: '1024' }),
    whole('lookups', 'Rows that one request reads. Default: one for each element of the input.'),
    {
      name: 'pooled',
      type: { kind: 'flag' },
      default: { text: 'no', source: 'the usual value in language models' },
      documentation: 'The rows are summed.',
    },
    sharedWeights,
  ]),
  layer('maxpool', 'Maximum over a window.', [
    kernel,
    { ...stride, default: { text: '1', source: 'the usual value' } },
    padding,
  ]),
  layer('avgpool', 'Average over a window.', [kernel, stride, padding]),
  layer('globalpool', 'Average over the whole image, sequence or volume: height x width x channels becomes channels.'),
  layer('batchnorm', 'Batch normalization.', [
    {
      name: 'folded',
      type: { kind: 'flag' },
      default: { text: 'yes', source: 'what inference compilers do' },
      documentation:
        'Scale and shift are merged into the convolution before it, so the layer costs nothing and has no parameters.',
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
      default: { text: '-1', source: 'the usual value: the last dimension, channels or features' },
      documentation: 'The dimension. A negative number counts from the end.',
    },
  ]),
  layer(
    'last-token',
    'In a network with `input: tokens`: keeps the last token of each sequence. The layers after it run once for each sequence of a step, not for each token.',
  ),
  layer('flatten', 'Merges all dimensions into one.'),
  layer('reshape', 'The same elements in another shape.', reshaping),
  layer('slice', 'Some elements of the input: a slice, a gather, or the last step of a sequence.', reshaping),
  layer('expand', 'Repeats elements of the input: an expansion or a tiling.', reshaping),
  layer('transpose', 'Swaps the last two dimensions and copies the data.'),
  layer('shuffle', 'Channel shuffle: exchanges channels between groups and copies the data.'),
  layer('upsample', 'Enlarges or shrinks an image.', [
    {
      name: 'factor',
      type: { kind: 'pair', minimum: 1 },
      default: { text: '2', source: 'the usual value' },
      documentation: 'Integer scale factor along height and width. `size` overrides it.',
    },
    {
      name: 'size',
      type: { kind: 'pair', minimum: 1 },
      documentation: 'Height and width of the output, for fractional scale factors.',
      example: '65 x 65',
    },
  ]),
];

/** The keyword of a layer. `language/check/operations/` has one rule for each. */
export type LayerKeyword = (typeof layerSchemas)[number]['keyword'];
