import { elementLayers } from './element-layers.ts';
import { bias, layer, sequential, sharedWeights, whole } from './layer-properties.ts';
import { transformerLayers } from './transformer-layers.ts';
import type { PropertySchema } from './types.ts';

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

const dilation: PropertySchema = {
  name: 'dilation',
  type: { kind: 'pair', minimum: 1, most: 3 },
  default: { text: '1', source: 'the usual value' },
  documentation: 'Distance between the window’s elements.',
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
      dilation,
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
    dilation,
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
  ...transformerLayers,
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
  ...elementLayers,
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
