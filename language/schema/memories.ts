// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { bounds } from './bounds.ts';
import { block, type PropertySchema } from './types.ts';

const capacity: PropertySchema = {
  name: 'capacity',
  type: { kind: 'quantity', dimensions: ['bytes'], ...bounds.bytes },
  required: true,
  documentation: 'Size of the memory.',
  example: '128 MiB',
};

const bandwidth: PropertySchema = {
  name: 'bandwidth',
  type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
  required: true,
  requiredUnless: ['read', 'write'],
  documentation: 'Bytes per second, shared by reads and writes.',
  example: '614 GB/s',
};

const read: PropertySchema = {
  name: 'read',
  type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
  documentation:
    'Bytes per second of reads alone. Default: `bandwidth`. If `read` and `write` are both stated, `bandwidth` may be omitted: it is their sum, as of two separate ports.',
  example: '400 GB/s',
};

const write: PropertySchema = {
  name: 'write',
  type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
  documentation: 'Bytes per second of writes alone. Default: `bandwidth`.',
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

const properties: readonly PropertySchema[] = [capacity, bandwidth, read, write, efficiency, access];

export const vmem = block('VMEM', 'The working scratchpad that every tile passes through.', {
  required: true,
  properties,
  snippet: 'VMEM { capacity: ${1:16 MiB}, bandwidth: ${2:25 TB/s} }',
});

export const cmem = block('CMEM', 'The large scratchpad for weights and activations. Default: the chip has no CMEM.', {
  removable: true,
  properties,
  snippet: 'CMEM { capacity: ${1:128 MiB}, bandwidth: ${2:2 TB/s} }',
});

export const hbm = block('HBM', 'The off-chip memory. It stores the weights of every model in every precision.', {
  required: true,
  properties,
  snippet: 'HBM { capacity: ${1:8 GB}, bandwidth: ${2:614 GB/s} }',
});
