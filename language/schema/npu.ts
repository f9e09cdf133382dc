// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { bounds } from './bounds.ts';
import { type BlockSchema, block, ourAssumption, type PropertySchema, type WordSchema } from './types.ts';

export const precisionWords: readonly WordSchema[] = [
  { name: 'bf16', documentation: 'BFloat16: 8 bits of exponent, 7 of fraction; 2 bytes.' },
  { name: 'fp16', documentation: 'IEEE half precision; 2 bytes.' },
  { name: 'fp32', documentation: 'IEEE single precision; 4 bytes.' },
  { name: 'int8', documentation: 'Integers of 8 bits, scaled; 1 byte.' },
];

const issue = block(
  'issue',
  'Under `preload: hidden`: rows of work reach the array in blocks, none across the end of an image row. Left out: one continuous stream.',
  {
    removable: true,
    properties: [
      {
        name: 'rows',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation: 'The most rows in one block.',
        example: '16',
      },
      {
        name: 'cycles',
        type: { kind: 'quantity', dimensions: ['cycles', 'number'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation: 'What a block takes at the least. Gemmini: 4, which keeps two writes to one accumulator apart.',
        example: '4 cycles',
      },
    ],
    snippet: 'issue { rows: ${1:16}, cycles: ${2:4 cycles} }',
  },
);

const array = block('array', 'The systolic arrays (MXUs) that multiply matrices. All are alike.', {
  required: true,
  properties: [
    {
      name: 'rows',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
      required: true,
      documentation: 'Rows of processing elements. Weight-stationary, the reduction dimension K runs along them.',
      example: '128',
    },
    {
      name: 'columns',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
      required: true,
      documentation: 'Columns of processing elements. Weight-stationary, the outputs N run along them.',
      formerly: ['cols'],
      example: '128',
    },
    {
      name: 'count',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
      default: { text: '1', source: ourAssumption },
      documentation: 'How many such arrays one chip has.',
    },
    {
      name: 'dataflow',
      type: {
        kind: 'word',
        words: [
          {
            name: 'weight-stationary',
            documentation: 'Weights stay in the array; activations and partial sums stream.',
            formerly: ['ws', 'weight_stationary'],
          },
          {
            name: 'output-stationary',
            documentation: 'Partial sums stay; activations and weights stream.',
            formerly: ['os', 'output_stationary'],
          },
          {
            name: 'input-stationary',
            documentation: 'Activations stay; weights and partial sums stream.',
            formerly: ['is', 'input_stationary'],
          },
        ],
      },
      default: { text: 'weight-stationary', source: "the TPU's (Jouppi et al., ISCA 2017)" },
      documentation: 'Which operand stays in the processing elements while the others stream past.',
    },
    {
      name: 'preload',
      type: {
        kind: 'word',
        words: [
          { name: 'hidden', documentation: 'The next tile loads while this one computes (double-buffered).' },
          { name: 'exposed', documentation: "The next tile loads after this one has drained: SCALE-Sim's timing." },
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
            documentation: 'The array walks over the kernel’s positions; each rounds its channels up to the array.',
          },
        ],
      },
      default: { text: 'im2col', source: `${ourAssumption}: what SCALE-Sim computes with` },
      documentation: 'How a convolution becomes matrix products.',
    },
  ],
  blocks: [issue],
  snippet: 'array { rows: ${1:128}, columns: ${2:128}, count: ${3:1} }',
});

const vector = block('vector', 'The vector unit: pooling, activations, element-wise work, normalization, softmax.', {
  required: true,
  properties: [
    {
      name: 'rate',
      type: { kind: 'quantity', dimensions: ['operationsPerCycle', 'number'], ...bounds.perCycle },
      required: true,
      documentation: 'Elementary operations per cycle, all lanes together.',
      example: '2048 operations/cycle',
    },
  ],
  snippet: 'vector { rate: ${1:2048 operations/cycle} }',
});

const capacity: PropertySchema = {
  name: 'capacity',
  type: { kind: 'quantity', dimensions: ['bytes'], ...bounds.bytes },
  required: true,
  documentation: 'How much it holds.',
  example: '128 MiB',
};

const bandwidth: PropertySchema = {
  name: 'bandwidth',
  type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
  required: true,
  documentation: 'Bytes per second, reads and writes together.',
  example: '614 GB/s',
};

const vmem = block('VMEM', 'The working scratchpad that every tile passes through.', {
  required: true,
  properties: [capacity, bandwidth],
  snippet: 'VMEM { capacity: ${1:16 MiB}, bandwidth: ${2:25 TB/s} }',
});

const cmem = block('CMEM', 'The large scratchpad that keeps weights and activations. Left out: the chip has none.', {
  removable: true,
  properties: [capacity, bandwidth],
  snippet: 'CMEM { capacity: ${1:128 MiB}, bandwidth: ${2:2 TB/s} }',
});

const hbm = block('HBM', 'The off-chip memory. It holds the weights of every model in every precision.', {
  required: true,
  properties: [capacity, bandwidth],
  snippet: 'HBM { capacity: ${1:8 GB}, bandwidth: ${2:614 GB/s} }',
});

const mode = block(
  'mode',
  'How the chip computes: `mode base`, and for a chip that can change its precision `mode burst`.',
  {
    repeats: true,
    removable: true,
    subject: {
      kind: 'word',
      words: [
        { name: 'base', documentation: 'The mode that requests are computed in unless the scheduler says otherwise.' },
        {
          name: 'burst',
          documentation: 'The faster mode, at the accuracy of its precision. Left out: the chip has none.',
        },
      ],
    },
    properties: [
      {
        name: 'precision',
        type: { kind: 'word', words: precisionWords },
        required: true,
        documentation: 'The number format that the arrays multiply.',
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
                'Two along the reduction: twice the effective rows, ceil(K / 2R) folds. Layers of small K gain less.',
            },
            { name: 'columns', documentation: 'Two independent outputs: twice the effective columns.' },
          ],
        },
        default: { text: 'none', source: 'a conventional array' },
        documentation: 'Where the second multiplication of a processing element goes.',
      },
    ],
    snippet: 'mode ${1|base,burst|} { precision: ${2|bf16,int8|}, packing: ${3|none,reduction,columns|} }',
  },
);

const quantizer = block(
  'quantizer',
  "Where burst mode's quantized weights come from. Without a burst mode it does nothing.",
  {
    properties: [
      {
        name: 'source',
        type: {
          kind: 'word',
          words: [
            {
              name: 'on-chip',
              documentation: 'The quantization unit converts the resident base weights, layer by layer.',
            },
            { name: 'off-chip', documentation: 'Quantized weights are fetched from HBM, against the other traffic.' },
            { name: 'stored', documentation: 'Both copies are resident, at the space of both.' },
          ],
        },
        default: { text: 'on-chip', source: 'Stimpack (JSA 145, 103025)' },
        documentation: 'Where the quantized weights come from when the chip changes to burst mode.',
      },
      {
        name: 'rate',
        type: {
          kind: 'quantity',
          dimensions: ['elementsPerCycle'],
          ...bounds.perCycle,
          words: [{ name: 'unlimited', documentation: 'Conversion takes no time.', value: Number.POSITIVE_INFINITY }],
        },
        default: { text: '128 elements/cycle', source: `${ourAssumption}: one per column of a 128-wide array` },
        documentation: 'Weight elements that the quantization unit converts per cycle; used by `on-chip`.',
      },
    ],
    snippet: 'quantizer { source: ${1|on-chip,off-chip,stored|}, rate: ${2:128 elements/cycle} }',
  },
);

const switching = block('switch', 'What a mode change costs the arrays.', {
  properties: [
    {
      name: 'latency',
      type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
      default: { text: '1 us', source: `${ourAssumption}: the arrays drain and are configured anew` },
      documentation: 'Time in which the arrays do nothing while they change mode, in each direction.',
    },
  ],
  snippet: 'switch { latency: ${1:1 us} }',
});

const macEnergy = block(
  'mac',
  'Energy of one multiply-accumulate, by precision. Only those that are stated are reported.',
  {
    properties: precisionWords.map((word) => ({
      name: word.name,
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      documentation: `Energy of one multiply-accumulate in ${word.name}.`,
      example: '0.6 pJ',
    })),
  },
);

function energyPerByte(memory: string): PropertySchema {
  return {
    name: memory,
    type: { kind: 'quantity', dimensions: ['energyPerByte'], ...bounds.energy },
    default: { text: '0 pJ/B', source: 'nothing is counted that is not stated' },
    documentation: `Energy per byte that moves in or out of ${memory}.`,
    example: '1.75 pJ/B',
  };
}

const energy = block('energy', 'Energy figures. Left out, no energy is reported: a figure without a source is none.', {
  removable: true,
  properties: [
    {
      name: 'vector',
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      default: { text: '0 pJ', source: 'nothing is counted that is not stated' },
      documentation: 'Energy of one elementary operation of the vector unit.',
      example: '0.5 pJ',
    },
    energyPerByte('VMEM'),
    energyPerByte('CMEM'),
    energyPerByte('HBM'),
    {
      name: 'quantize',
      type: { kind: 'quantity', dimensions: ['energy'], ...bounds.energy },
      default: { text: '0 pJ', source: 'nothing is counted that is not stated' },
      documentation: 'Energy of quantizing one weight element.',
      example: '0.5 pJ',
    },
    {
      name: 'static',
      type: { kind: 'quantity', dimensions: ['power'], ...bounds.power },
      default: { text: '0 W', source: 'nothing is counted that is not stated' },
      documentation: 'Power that the chip draws whether or not it computes.',
      example: '55 W',
    },
  ],
  blocks: [macEnergy],
});

/** `npu Name extends Other { ... }`. */
export const npuSchema: BlockSchema = block(
  'npu',
  'A neural processing unit: arrays, memories, and the modes in which it computes. `extends` takes another npu and replaces what the block states.',
  {
    subject: { kind: 'declares', declares: 'npu' },
    clauses: [{ keyword: 'extends', documentation: 'The npu that this one starts from.' }],
    properties: [
      {
        name: 'clock',
        type: { kind: 'quantity', dimensions: ['frequency'], ...bounds.frequency },
        required: true,
        documentation: 'Frequency of arrays, vector unit and quantization unit.',
        formerly: ['frequency', 'freq'],
        example: '1.05 GHz',
      },
      {
        name: 'residency',
        type: {
          kind: 'word',
          words: [
            { name: 'pinned', documentation: 'Chosen once, by benefit per byte, and never evicted.' },
            { name: 'lru', documentation: 'Whole layers come and go, the least recently used one first.' },
          ],
        },
        default: { text: 'pinned', source: `${ourAssumption}: the TPU's compiler decides what lies in CMEM` },
        documentation: 'Which weights CMEM keeps from request to request.',
      },
    ],
    blocks: [array, vector, vmem, cmem, hbm, mode, quantizer, switching, energy],
    snippet: 'npu ${1:Name} extends ${2:TPUv4i} {\n  $0\n}',
  },
);
