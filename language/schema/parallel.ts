// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { bounds } from './bounds.ts';
import { block } from './types.ts';

/* A language model on several chips: how it is divided, and the link between the chips. */

export const linkBlock = block(
  'link',
  'The link to other chips of the same kind, which form a ring. Only `parallel` in a serve uses it. Default: no link.',
  {
    removable: true,
    properties: [
      {
        name: 'bandwidth',
        type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
        required: true,
        documentation: 'Bytes per second that a chip sends to the next one, while it receives as many.',
        example: '100 GB/s',
      },
      {
        name: 'latency',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Time until the first byte arrives at the next chip, once for each step of a ring.',
        example: '1 us',
      },
    ],
    snippet: 'link { bandwidth: ${1:100 GB/s}, latency: ${2:1 us} }',
  },
);

export const parallelBlock = block(
  'parallel',
  'Divides a language model among several chips that work on each step together. The chip needs a `link`. Default: one chip has the whole network.',
  {
    properties: [
      {
        name: 'tensor',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 256 },
        required: true,
        documentation:
          'Number of chips. It divides the heads, the key-value heads and the hidden features of the network. Two ring all-reduces in each layer add up the partial results.',
        example: '4',
      },
    ],
    snippet: 'parallel { tensor: ${1:4} }',
  },
);
