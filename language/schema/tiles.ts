// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { block, type PropertySchema } from './types.ts';

function size(name: string, documentation: string, example: string): PropertySchema {
  return {
    name,
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
    documentation,
    example,
  };
}

/** `tiles { ... }` of a chip. */
export const tiles = block(
  'tiles',
  'The tiles that the software of the chip uses for its products, with the order of the loops. State `rows`, `reduction` and `outputs` together, or only `share`. A smaller layer uses smaller tiles. Recurrent layers ignore the sizes. Default: the fastest tiles of each layer are searched. `tiles conv1 { ... }` states those of the layers with this name.',
  {
    subject: { kind: 'label', dotted: true },
    repeats: true,
    removable: true,
    properties: [
      size(
        'rows',
        'Rows of activations in one tile. For a convolution, these are output pixels of all requests of a batch.',
        '256',
      ),
      size('reduction', 'Elements of the reduction dimension K in one tile.', '512'),
      size('outputs', 'Outputs (columns of the weights) in one tile.', '128'),
      {
        name: 'keep',
        type: {
          kind: 'word',
          words: [
            {
              name: 'sums',
              documentation: 'The innermost loop runs over the reduction: partial sums stay until they are complete.',
            },
            {
              name: 'weights',
              documentation: 'The innermost loop runs over the rows: each tile of weights is loaded once.',
            },
            {
              name: 'inputs',
              documentation: 'The innermost loop runs over the outputs: each tile of inputs is loaded once.',
            },
          ],
        },
        default: { text: 'sums', source: 'our assumption: Gemmini’s loops are in this order' },
        documentation:
          'The operand that stays on the chip while the others stream past. It states the order of the loops.',
      },
      {
        name: 'share',
        type: { kind: 'quantity', dimensions: ['ratio'], above: 0, maximum: 1 },
        default: { text: '100 %', source: 'tiles may use all that activations leave' },
        documentation: 'The part of VMEM or of the buffer that the tiles of one layer may use.',
        example: '50 %',
      },
    ],
    snippet: 'tiles { rows: ${1:256}, reduction: ${2:512}, outputs: ${3:128}, keep: ${4|sums,weights,inputs|} }',
  },
);
