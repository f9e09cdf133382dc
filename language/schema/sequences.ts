// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { storedForms } from './formats.ts';
import { type BlockSchema, block, ourAssumption, type PropertySchema, type QuantityType } from './types.ts';

/* How a language model is served: tokens in and out, KV cache, and the limits of a step. docs/sequences.md explains the terms. */

/** The longest context that a published model accepts is ten million tokens; a float32 column of a trace is exact up to here. */
const mostTokens = 2 ** 24;

const count: QuantityType = {
  kind: 'quantity',
  dimensions: ['tokens', 'number'],
  integer: true,
  minimum: 1,
  maximum: mostTokens,
};

function tokens(name: string, documentation: string, example: string): PropertySchema {
  return { name, type: count, required: true, documentation, example };
}

/** The distributions of token counts: `out: lognormal(mean: 211, sigma: 1.1)`. */
export const tokenForms: readonly BlockSchema[] = [
  block(
    'lognormal',
    'Token counts whose logarithm has a normal distribution: many short answers and a few very long ones.',
    {
      properties: [
        {
          name: 'mean',
          type: { kind: 'quantity', dimensions: ['tokens', 'number'], minimum: 1, maximum: mostTokens },
          required: true,
          documentation: 'Mean of the counts.',
          example: '211',
        },
        {
          name: 'sigma',
          type: { kind: 'quantity', dimensions: ['number'], minimum: 0, maximum: 4 },
          default: { text: '1', source: `${ourAssumption}: the largest of 100 counts is about ten times the median` },
          documentation: 'Standard deviation of the natural logarithm of the counts.',
        },
      ],
    },
  ),
  block('uniform', 'Every whole number from `least` to `most` is equally likely.', {
    properties: [tokens('least', 'Smallest count.', '64'), tokens('most', 'Largest count.', '512')],
  }),
  block('empirical', 'Each value of a list is equally likely. Repeat a value to make it more likely.', {
    properties: [
      {
        name: 'values',
        type: { kind: 'numbers', quantity: count, most: 4096 },
        required: true,
        documentation: 'The counts.',
        example: '[128, 256, 1024]',
      },
    ],
  }),
];

function direction(name: string, documentation: string, example: string): PropertySchema {
  return {
    name,
    type: { kind: 'form', forms: tokenForms, quantity: count },
    documentation: `${documentation} A number, or a distribution. Default: the column of the trace.`,
    example,
  };
}

export const tokensBlock = block('tokens', 'The tokens of each request of a language model.', {
  properties: [
    direction('in', 'Tokens of the prompt.', '1155'),
    direction(
      'out',
      'Tokens of the answer. The first one comes from the prompt, and each later one from one more step.',
      'lognormal(mean: 211, sigma: 1.1)',
    ),
    {
      name: 'shared',
      type: count,
      documentation:
        'Tokens at the start of every prompt that are equal in all requests, for example a system prompt. They are part of `in`. A request finds the full blocks of them in the KV cache, if they are still there, and computes only the rest of its prompt. Default: nothing is shared.',
      example: '512 tokens',
    },
  ],
  snippet: 'tokens { in: ${1:1155}, out: ${2:lognormal(mean: 211, sigma: 1.1)} }',
});

export const kvBlock = block('kv', 'The KV cache of a language model: the keys and values of earlier tokens.', {
  properties: [
    {
      name: 'format',
      type: { kind: 'form', forms: storedForms },
      documentation:
        'The format of cached keys and values, except those that `burst` is for. Default: `KV` of base mode.',
      example: 'bf16',
    },
    {
      name: 'burst',
      type: { kind: 'form', forms: storedForms },
      documentation:
        'The format of the keys and values that steps in burst mode write. A block keeps the format of the step that took it, and attention reads each block in its format. Default: `KV` of burst mode if it states one and `format` is not stated, otherwise as in base mode.',
      example: 'int8',
    },
    {
      name: 'block',
      type: { kind: 'quantity', dimensions: ['tokens', 'number'], integer: true, minimum: 1, maximum: 4096 },
      default: { text: '16 tokens', source: 'vLLM' },
      documentation: 'Tokens of one block. Memory for the cache is given out in blocks.',
    },
    {
      name: 'sharing',
      type: { kind: 'flag' },
      default: { text: 'yes', source: 'vLLM' },
      documentation:
        'Whether requests with equal beginnings share the blocks of them: `tokens { shared }`, or the block hashes of a trace.',
      example: 'no',
    },
  ],
  snippet: 'kv { format: ${1:bf16}, block: ${2:16 tokens} }',
});

/** The properties of `batch` for a language model: the limits of one step. */
export const stepProperties: readonly PropertySchema[] = [
  {
    name: 'sequences',
    type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 4096 },
    default: { text: '256', source: 'vLLM 0.19 on a device with less than 70 GB' },
    documentation: 'Only for a language model: maximum number of requests that run at the same time.',
    example: '256',
  },
  {
    name: 'tokens',
    type: { kind: 'quantity', dimensions: ['tokens', 'number'], integer: true, minimum: 1, maximum: 65536 },
    default: { text: '2048', source: 'vLLM 0.19 on a device with less than 70 GB' },
    documentation: 'Only for a language model: maximum number of new tokens in one step, of prompts and answers.',
    example: '2048',
  },
  {
    name: 'chunked',
    type: { kind: 'flag' },
    default: { text: 'yes', source: 'vLLM' },
    documentation: 'Only for a language model: whether a long prompt is divided among several steps.',
    example: 'yes',
  },
  {
    name: 'buckets',
    type: {
      kind: 'numbers',
      quantity: { kind: 'quantity', dimensions: ['tokens', 'number'], integer: true, minimum: 1, maximum: 65536 },
      most: 256,
    },
    documentation:
      'Only for a language model on a chip whose compiler fixes shapes: the numbers of tokens for which steps are compiled, ascending. Each step is padded to the next larger one. The last one must be at least `tokens`. Default: no padding.',
    example: '[128, 512, 2048]',
  },
];
