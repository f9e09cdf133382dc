// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { areaSchema } from './area.ts';
import { array } from './array.ts';
import { bounds } from './bounds.ts';
import { energy } from './energy.ts';
import { precisionWords } from './formats.ts';
import { buffer, cmem, dram, hbm, vmem } from './memories.ts';
import { mode } from './mode.ts';
import { linkBlock } from './parallel.ts';
import { tiles } from './tiles.ts';
import { type BlockSchema, block, ourAssumption } from './types.ts';

const vector = block(
  'vector',
  'The vector unit. It computes pooling, activations, element-wise operations, normalization and softmax.',
  {
    required: true,
    properties: [
      {
        name: 'rate',
        type: { kind: 'quantity', dimensions: ['operationsPerCycle', 'number'], ...bounds.perCycle },
        required: true,
        documentation: 'Elementary operations per cycle, summed over all lanes.',
        formerly: ['lanes'],
        example: '2048 operations/cycle',
      },
      {
        name: 'clock',
        type: { kind: 'quantity', dimensions: ['frequency'], ...bounds.frequency },
        documentation: 'Clock of the vector unit. Default: the clock of the chip.',
        example: '800 MHz',
      },
    ],
    snippet: 'vector { rate: ${1:2048 operations/cycle} }',
  },
);

const attention = block(
  'attention',
  'Fused attention: one call computes scores, softmax and context, and never writes the scores to memory. Keys and values enter the arrays as the stationary operand, one of them per cycle. Default: attention runs as ordinary products on all arrays.',
  {
    removable: true,
    properties: [
      {
        name: 'arrays',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 65536 },
        documentation: 'Arrays that one call uses. They divide the key-value heads. Default: all arrays of the chip.',
        example: '1',
      },
      {
        name: 'queries',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation:
          'Maximum number of queries of one sequence in one pass. Each pass loads the keys and the values into the arrays again.',
        example: '32',
      },
      {
        name: 'per pass',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Fixed time of each pass over the keys of one sequence.',
        example: '1.8 us',
      },
      {
        name: 'launch',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Fixed time of each call.',
        example: '6.2 us',
      },
      {
        name: 'softmax',
        type: { kind: 'quantity', dimensions: ['elementsPerCycle'], ...bounds.perCycle },
        documentation:
          'Scores whose softmax is computed per cycle. Default: the vector unit computes it, operation by operation.',
        example: '64 elements/cycle',
      },
    ],
    snippet: 'attention { queries: ${1:32}, per pass: ${2:1.8 us}, launch: ${3:6.2 us} }',
  },
);

const quantizer = block(
  'quantizer',
  'The source of the quantized weights for burst mode. It has no effect on a chip without a burst mode.',
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
            {
              name: 'off-chip',
              documentation: 'Quantized weights are fetched from HBM and compete with other traffic.',
            },
            { name: 'stored', documentation: 'Both copies are resident and use on-chip memory.' },
            {
              name: 'nested',
              documentation:
                'One 16-bit copy whose upper byte is the 8-bit weight. Burst mode reads the upper bytes only: nothing is converted, and there is no second copy.',
            },
          ],
        },
        default: { text: 'on-chip', source: 'Stimpack (JSA 145, 103025)' },
        documentation: 'The source of the quantized weights when the chip switches to burst mode.',
      },
      {
        name: 'rate',
        type: {
          kind: 'quantity',
          dimensions: ['elementsPerCycle'],
          ...bounds.perCycle,
          words: [{ name: 'unlimited', documentation: 'Conversion takes no time.', value: Number.POSITIVE_INFINITY }],
        },
        documentation:
          'Weight elements that the quantization unit converts per cycle. Only `source: on-chip` uses it. Default: one element for each column of each array, which is what the port of the arrays delivers.',
        example: '512 elements/cycle',
      },
      {
        name: 'nested penalty',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 10 },
        default: { text: '0 %', source: 'only a stated penalty is counted' },
        documentation:
          'Additional time of matrix products in base mode, because a nested copy is stored in two parts. Only `source: nested` uses it.',
        formerly: ['penalty'],
        example: '3 %',
      },
      {
        name: 'last fold',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
        default: { text: '0 %', source: 'only a stated cost is counted' },
        documentation:
          'The part of the time of a last fold that a product waits for after its conversion. The core in `rtl/` has 100 %. Only `source: on-chip` uses it.',
        example: '100 %',
      },
    ],
    insteadOfNone:
      "For a chip without a quantization unit, write 'quantizer { source: off-chip }' (burst mode fetches quantized weights) or 'mode burst: none' (no burst mode).",
    snippet: 'quantizer { source: ${1|on-chip,off-chip,stored,nested|} }',
  },
);

const switching = block('switch', 'The cost of a switch between base mode and burst mode.', {
  properties: [
    {
      name: 'latency',
      type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
      default: { text: '1 us', source: `${ourAssumption}: the arrays drain and are reconfigured` },
      documentation: 'Time for which the arrays are idle at each switch, in both directions.',
    },
  ],
  snippet: 'switch { latency: ${1:1 us} }',
});

const dispatch = block(
  'dispatch',
  'Fixed costs of starting work on the chip. They do not depend on the size of the work. Default: no fixed costs.',
  {
    removable: true,
    properties: [
      {
        name: 'latency',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Time from the launch of a batch to its first operation, once for each batch.',
        example: '5 us',
      },
      {
        name: 'per operator',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Time to start one operator (a layer of the network), once for each operator of a batch.',
        example: '0.9 us',
      },
    ],
    snippet: 'dispatch { latency: ${1:5 us}, per operator: ${2:0.9 us} }',
  },
);

const host = block(
  'host',
  'The link to the host. The inputs and the results of each batch cross it. Default: they start and end in the off-chip memory at no cost.',
  {
    removable: true,
    properties: [
      {
        name: 'bandwidth',
        type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
        required: true,
        documentation: 'Bytes per second in each direction.',
        example: '16 GB/s',
      },
      {
        name: 'latency',
        type: { kind: 'quantity', dimensions: ['time', 'cycles'], ...bounds.pause },
        default: { text: '0 s', source: 'only stated costs are counted' },
        documentation: 'Time before the first byte of a transfer arrives, once for each transfer.',
        example: '2 us',
      },
    ],
    snippet: 'host { bandwidth: ${1:16 GB/s}, latency: ${2:2 us} }',
  },
);

/** `npu Name extends Other { ... }`. */
export const npuSchema: BlockSchema = block(
  'npu',
  'A neural processing unit: its arrays, memories and modes. With `extends`, it copies another npu and replaces the values that this block states.',
  {
    subject: { kind: 'declares', declares: 'npu' },
    clauses: [{ keyword: 'extends', documentation: 'The npu that this one copies.' }],
    properties: [
      {
        name: 'clock',
        type: { kind: 'quantity', dimensions: ['frequency'], ...bounds.frequency },
        required: true,
        documentation:
          'Clock frequency of the arrays and the quantization unit, and of the vector unit and the memories unless they state another one.',
        formerly: ['frequency', 'freq'],
        example: '1.05 GHz',
      },
      {
        name: 'residency',
        type: {
          kind: 'word',
          words: [
            { name: 'pinned', documentation: 'Weights are chosen once, by benefit per byte, and never evicted.' },
            {
              name: 'lru',
              documentation:
                'Weights are loaded and evicted layer by layer. The least recently used layer is evicted first.',
            },
          ],
        },
        default: { text: 'pinned', source: `${ourAssumption}: the TPU's compiler decides what CMEM stores` },
        documentation: 'Which weights stay in CMEM across requests.',
      },
    ],
    blocks: [
      array,
      vector,
      attention,
      vmem,
      cmem,
      buffer,
      hbm,
      dram,
      tiles,
      mode,
      quantizer,
      switching,
      dispatch,
      host,
      linkBlock,
      energy,
      areaSchema(precisionWords),
    ],
    snippet: 'npu ${1:Name} extends ${2:TPUv4i} {\n  $0\n}',
  },
);
