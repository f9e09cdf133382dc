// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { block, ourAssumption } from './types.ts';

const issue = block(
  'issue',
  'With `preload: hidden`, rows enter the array in blocks, and no block crosses the end of an image row. Default: rows enter as one continuous stream.',
  {
    removable: true,
    properties: [
      {
        name: 'rows',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation: 'Maximum number of rows in one block.',
        example: '16',
      },
      {
        name: 'cycles',
        type: { kind: 'quantity', dimensions: ['cycles', 'number'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation:
          'Minimum time of a block. Gemmini uses 4 cycles, to separate two writes to the same accumulator.',
        example: '4 cycles',
      },
    ],
    snippet: 'issue { rows: ${1:16}, cycles: ${2:4 cycles} }',
  },
);

/** `array { ... }` of a chip. */
export const array = block(
  'array',
  'The systolic arrays (MXUs) that multiply matrices. A chip with several kinds of arrays has one block for each, with a name: `array Big { ... }`, `array Small { ... }`. Each layer then runs on the kind that is fastest for it, and the kinds take turns.',
  {
    required: true,
    repeats: true,
    removable: true,
    formerly: ['MXU', 'systolic'],
    subject: { kind: 'label' },
    properties: [
      {
        name: 'rows',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
        required: true,
        documentation:
          'Rows of processing elements. In weight-stationary dataflow, the reduction dimension K is mapped to the rows.',
        example: '128',
      },
      {
        name: 'columns',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
        required: true,
        documentation:
          'Columns of processing elements. In weight-stationary dataflow, the output dimension N is mapped to the columns.',
        formerly: ['cols'],
        example: '128',
      },
      {
        name: 'count',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
        default: { text: '1', source: ourAssumption },
        documentation: 'Number of identical arrays on one chip.',
        formerly: ['num'],
      },
      {
        name: 'dataflow',
        type: {
          kind: 'word',
          words: [
            {
              name: 'weight-stationary',
              documentation: 'Weights stay in the array. Activations and partial sums stream.',
              formerly: ['ws', 'WS', 'weight_stationary'],
            },
            {
              name: 'output-stationary',
              documentation: 'Partial sums stay in the array. Activations and weights stream.',
              formerly: ['os', 'OS', 'output_stationary'],
            },
            {
              name: 'input-stationary',
              documentation: 'Activations stay in the array. Weights and partial sums stream.',
              formerly: ['is', 'IS', 'input_stationary'],
            },
          ],
        },
        default: { text: 'weight-stationary', source: "the TPU's (Jouppi et al., ISCA 2017)" },
        documentation: 'The operand that stays in the processing elements while the other two stream through.',
      },
      {
        name: 'preload',
        type: {
          kind: 'word',
          words: [
            {
              name: 'hidden',
              documentation: 'The next tile is loaded while the current one computes (double buffering).',
            },
            {
              name: 'exposed',
              documentation: 'The next tile is loaded after the current one has drained, as in SCALE-Sim.',
            },
          ],
        },
        default: {
          text: 'hidden',
          source: 'double-buffered weights, as in the TPU (Jouppi et al., ISCA 2017) and in Gemmini',
        },
        documentation: 'When the stationary operand of the next tile is loaded.',
      },
      {
        name: 'convolution',
        type: {
          kind: 'word',
          words: [
            { name: 'im2col', documentation: 'One product with K = kernel height x kernel width x channels.' },
            {
              name: 'direct',
              documentation:
                'One product for each kernel position. The channels of each are rounded up to the size of the array.',
            },
          ],
        },
        default: { text: 'im2col', source: `${ourAssumption}: SCALE-Sim computes this way` },
        documentation: 'How a convolution is mapped to matrix products.',
      },
      {
        name: 'sustained',
        type: { kind: 'quantity', dimensions: ['ratio'], above: 0, maximum: 1 },
        default: { text: '100 %', source: 'the arrays wait only where the model shows it' },
        documentation:
          'Fraction of their peak that the arrays sustain while they compute. It covers losses that the model does not show, such as stalls of the instruction stream. State a measured value.',
        example: '74 %',
      },
      {
        name: 'sparse speedup',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 1, maximum: 2 },
        documentation:
          'How many times faster products with 2:4 sparse weights are than dense ones, for networks with `sparsity: two-of-four`. State a measured value: 1.24 to 1.47 on the DLA of NVIDIA’s Orin, never 2. Default: the arrays multiply the zeros too.',
        example: '1.3 x',
      },
    ],
    blocks: [issue],
    snippet: 'array { rows: ${1:128}, columns: ${2:128}, count: ${3:1} }',
  },
);
