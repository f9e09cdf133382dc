import { activations } from './element-layers.ts';
import { bias, layer, sharedWeights, whole } from './layer-properties.ts';

/* The two layers of a transformer block. */

export const transformerLayers = [
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
];
