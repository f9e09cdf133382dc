// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { accumulationWords, precisionWords, storedForms } from './formats.ts';
import { block } from './types.ts';

export const mode = block(
  'mode',
  'How the chip computes. Every chip has `mode base`. A chip that can change its precision also has `mode burst`.',
  {
    repeats: true,
    removable: true,
    subject: {
      kind: 'word',
      words: [
        {
          name: 'base',
          documentation: 'The normal mode. The chip runs in it unless the scheduler switches to burst mode.',
        },
        {
          name: 'burst',
          documentation: 'The faster mode, with the accuracy of its precision. Default: the chip has no burst mode.',
        },
      ],
    },
    properties: [
      {
        name: 'precision',
        type: { kind: 'word', words: precisionWords },
        required: true,
        documentation:
          'The number format that the arrays multiply. Memories store the operands in it too, unless `weights`, `activations` or `KV` state another one.',
        formerly: ['arithmetic'],
        example: 'int8',
      },
      {
        name: 'packing',
        type: {
          kind: 'word',
          words: [
            { name: 'none', documentation: 'One multiplication per processing element and cycle.' },
            {
              name: 'reduction',
              documentation:
                'Two multiplications along the reduction dimension: twice the effective rows, ceil(K / 2R) folds. Layers with small K gain less.',
            },
            {
              name: 'columns',
              documentation: 'Two multiplications for independent outputs: twice the effective columns.',
            },
          ],
        },
        default: { text: 'none', source: 'a conventional array' },
        documentation: 'How a processing element uses its additional multiplications.',
      },
      {
        name: 'products',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 4 },
        documentation:
          'Multiplications of one processing element per cycle: 1, 2 or 4. Default: 2 with `packing: reduction` or `columns`, otherwise 1.',
      },
      {
        name: 'weights',
        type: { kind: 'form', forms: storedForms },
        documentation:
          'The format in which memories store the weights of matrix products, with its scales. The weights are widened on their way into the arrays. `int4(128)` is 4-bit weights in groups of 128 with a 16-bit scale. Default: the precision.',
        formerly: ['weight'],
        example: 'int4(128)',
      },
      {
        name: 'activations',
        type: { kind: 'form', forms: storedForms },
        documentation: 'The format in which memories store activations. Default: the precision.',
        formerly: ['activation'],
        example: 'int8',
      },
      {
        name: 'KV',
        type: { kind: 'form', forms: storedForms },
        documentation:
          'The format of cached keys and values of attention layers. Default: the format of the activations.',
        formerly: ['kv', 'kv cache', 'KV cache', 'cache'],
        example: 'int8',
      },
      {
        name: 'accumulation',
        type: { kind: 'word', words: accumulationWords },
        documentation:
          'The format of partial sums, in the accumulators and where they are spilled. Default: 4 bytes, fp32 for floating-point products and int32 for integer products.',
        example: 'fp16',
      },
    ],
    snippet: 'mode ${1|base,burst|} { precision: ${2|bf16,int8|}, packing: ${3|none,reduction,columns|} }',
  },
);
