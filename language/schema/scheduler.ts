// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { bounds } from './bounds.ts';
import { type BlockSchema, block, ourAssumption, type PropertySchema } from './types.ts';

/** When the chip runs in burst mode: `burst: slack { guard: 5 % }`. */
export const burstForms: readonly BlockSchema[] = [
  block('never', 'Always base mode.'),
  block('always', 'Always burst mode.'),
  block('queue', 'Burst mode while at least `threshold` requests are waiting.', {
    properties: [
      {
        name: 'threshold',
        type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation: 'Number of waiting requests.',
        example: '8',
      },
    ],
  }),
  block(
    'slack',
    'Burst mode only if a running or queued request would miss its deadline in base mode. The chip returns to base mode when all deadlines can be met in base mode again.',
    {
      properties: [
        {
          name: 'guard',
          type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
          default: { text: '5 %', source: ourAssumption },
          documentation: 'Safety margin before the deadline, as a fraction of the latency limit.',
        },
        {
          name: 'hold',
          type: { kind: 'quantity', dimensions: ['time'], ...bounds.pause },
          default: { text: '2 ms', source: ourAssumption },
          documentation: 'How long base mode must be sufficient before the chip returns to it.',
        },
      ],
    },
  ),
  block('oracle', 'Uses all future arrivals: an upper bound for every policy.'),
];

const schedulerProperties: readonly PropertySchema[] = [
  {
    name: 'order',
    type: {
      kind: 'word',
      words: [
        { name: 'fifo', documentation: 'First come, first served.' },
        { name: 'edf', documentation: 'Earliest deadline first.' },
        { name: 'sjf', documentation: 'Shortest job first.' },
        { name: 'priority', documentation: 'Largest `priority` first.' },
      ],
    },
    default: { text: 'fifo', source: 'the usual value' },
    documentation: 'Which waiting request runs next.',
  },
  {
    name: 'burst',
    type: { kind: 'form', forms: burstForms },
    default: { text: 'slack', source: 'the policy of the paper (JSA 145, 103025)' },
    documentation: 'When the chip runs in burst mode. It has no effect on a chip without a burst mode.',
  },
  {
    name: 'switch at',
    type: {
      kind: 'word',
      words: [
        { name: 'layer', documentation: 'Between layers, also in the middle of a request.' },
        { name: 'request', documentation: 'Only between batches.' },
      ],
    },
    default: { text: 'layer', source: ourAssumption },
    documentation: 'The points at which the mode may switch.',
  },
  {
    name: 'preemption',
    type: {
      kind: 'word',
      words: [
        { name: 'none', documentation: 'No preemption: a running batch always finishes.' },
        { name: 'layer', documentation: 'A more urgent batch interrupts the running one between layers.' },
      ],
    },
    default: { text: 'none', source: 'the usual value' },
    documentation: 'Whether a more urgent batch may interrupt a running one.',
  },
];

/** `scheduler Name { ... }`. */
export const schedulerSchema: BlockSchema = block(
  'scheduler',
  'Decides which request runs next and when the chip runs in burst mode. Default: a fifo queue with the slack policy.',
  {
    subject: { kind: 'declares', declares: 'scheduler' },
    properties: schedulerProperties,
    snippet: 'scheduler ${1:Name} {\n  order: ${2|fifo,edf,sjf,priority|}\n  burst: ${3|slack,always,never,oracle|}\n}',
  },
);
