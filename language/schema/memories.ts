// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { bounds } from './bounds.ts';
import { block, type PropertySchema, type QuantityType } from './types.ts';

const rate: QuantityType = {
  kind: 'quantity',
  dimensions: ['bandwidth', 'bytesPerCycle'],
  ...bounds.bandwidth,
  boundsOf: { bytesPerCycle: bounds.perCycle },
};

const capacity: PropertySchema = {
  name: 'capacity',
  type: { kind: 'quantity', dimensions: ['bytes'], ...bounds.bytes },
  required: true,
  documentation: 'Size of the memory.',
  formerly: ['size'],
  example: '128 MiB',
};

const bandwidth: PropertySchema = {
  name: 'bandwidth',
  type: rate,
  required: true,
  requiredUnless: ['read', 'write'],
  documentation: 'Bytes per second or per cycle, shared by reads and writes.',
  formerly: ['bw', 'BW'],
  example: '614 GB/s',
};

const read: PropertySchema = {
  name: 'read',
  type: rate,
  documentation:
    'Bandwidth of reads alone. Default: `bandwidth`. If `read` and `write` are both stated, `bandwidth` may be omitted: it is their sum, as of two separate ports.',
  example: '400 GB/s',
};

const write: PropertySchema = {
  name: 'write',
  type: rate,
  documentation: 'Bandwidth of writes alone. Default: `bandwidth`.',
  example: '300 GB/s',
};

const efficiency: PropertySchema = {
  name: 'efficiency',
  type: { kind: 'quantity', dimensions: ['ratio'], above: 0, maximum: 1 },
  default: { text: '100 %', source: 'the stated bandwidths are what long transfers reach' },
  documentation:
    'Fraction of the stated bandwidths that long transfers reach. It covers refresh, row changes and turns between reads and writes.',
  example: '85 %',
};

const access: PropertySchema = {
  name: 'access',
  type: { kind: 'quantity', dimensions: ['bytes'], integer: true, minimum: 1, maximum: 2 ** 20 },
  default: { text: '1 B', source: 'only a stated cost is counted' },
  documentation:
    'The smallest number of bytes that one random access moves. A look-up in a table reads whole multiples of it.',
  example: '64 B',
};

const clock: PropertySchema = {
  name: 'clock',
  type: { kind: 'quantity', dimensions: ['frequency'], ...bounds.frequency },
  documentation: 'Clock of the memory, for bandwidths in bytes per cycle. Default: the clock of the chip.',
  example: '800 MHz',
};

const properties: readonly PropertySchema[] = [capacity, bandwidth, read, write, efficiency, access, clock];

export const vmem = block('VMEM', 'The working scratchpad that every tile passes through.', {
  required: true,
  requiredUnless: ['buffer'],
  replaces: ['buffer'],
  properties,
  snippet: 'VMEM { capacity: ${1:16 MiB}, bandwidth: ${2:25 TB/s} }',
});

export const cmem = block('CMEM', 'The large scratchpad for weights and activations. Default: the chip has no CMEM.', {
  removable: true,
  replaces: ['buffer'],
  properties,
  snippet: 'CMEM { capacity: ${1:128 MiB}, bandwidth: ${2:2 TB/s} }',
});

export const buffer = block(
  'buffer',
  'One on-chip buffer for tiles, activations and weights, in the place of VMEM and CMEM. They share its capacity and its bandwidth.',
  {
    replaces: ['VMEM', 'CMEM'],
    formerly: ['unified', 'SRAM'],
    properties,
    snippet: 'buffer { capacity: ${1:8 MiB}, bandwidth: ${2:2 TB/s} }',
  },
);

export const hbm = block(
  'HBM',
  'The off-chip memory. It stores the weights of every model in every precision. With `HBM: none`, all weights and activations must fit into the on-chip memories, and inputs and results cross the link to the host.',
  {
    required: true,
    requiredUnless: ['DRAM'],
    removable: true,
    formerly: ['HBM2', 'HBM2E', 'HBM3', 'HBM3E', 'HBM4'],
    properties,
    snippet: 'HBM { capacity: ${1:8 GB}, bandwidth: ${2:614 GB/s} }',
  },
);

export const dram = block(
  'DRAM',
  'The off-chip memory of a chip without HBM, such as LPDDR or GDDR. Reports then call it DRAM.',
  {
    sameAs: 'HBM',
    removable: true,
    formerly: [
      ...['DDR', 'DDR3', 'DDR4', 'DDR5', 'LPDDR', 'LPDDR4', 'LPDDR4X', 'LPDDR5', 'LPDDR5X', 'LPDDR6'],
      ...['GDDR', 'GDDR5', 'GDDR5X', 'GDDR6', 'GDDR6X', 'GDDR7'],
    ],
    properties,
    snippet: 'DRAM { capacity: ${1:4 GB}, bandwidth: ${2:34 GB/s} }',
  },
);
