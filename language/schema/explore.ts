// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { type BlockSchema, block } from './types.ts';

/** The words after `maximize` and `minimize`. */
export const objectiveWords = [
  { name: 'capacity', documentation: 'The largest load that meets every objective.' },
  { name: 'latency', documentation: 'The 99th percentile of latency.' },
  { name: 'throughput', documentation: 'Completed requests per second.' },
  { name: 'goodput', documentation: 'Requests per second that are completed within the latency limit.' },
  { name: 'accuracy', documentation: 'Mean accuracy over all requests.' },
  { name: 'energy', documentation: 'Energy per request.' },
  { name: 'power', documentation: 'Average power of all chips.' },
  { name: 'area', documentation: 'Area of all chips. The chip needs `area { ... }` with a figure for each part.' },
  { name: 'chips', documentation: 'Number of chips.' },
] as const;

/** What `subject to` limits. Each limit is an upper one. */
export const constraintWords = [
  {
    name: 'area',
    dimension: 'area',
    documentation: 'Area of all chips together. Designs above the limit are excluded.',
  },
  {
    name: 'power',
    dimension: 'power',
    documentation: 'Average power of all chips together. Designs above the limit are excluded.',
  },
  { name: 'chips', dimension: 'number', documentation: 'Number of chips. Designs above the limit are excluded.' },
] as const;

/** `explore Name { ... }`. */
export const exploreSchema: BlockSchema = block(
  'explore',
  'A sweep over designs: which values vary, and which goals to optimize. `subject to area <= 400 mm2` excludes designs above a limit of their area, power or number of chips.',
  {
    subject: { kind: 'declares', declares: 'explore' },
    content: 'space',
    properties: [
      {
        name: 'scenario',
        type: { kind: 'reference', to: 'scenario' },
        required: true,
        documentation: 'The scenario that each design runs.',
      },
    ],
    blocks: [
      block(
        'vary',
        'A property of an npu, a scheduler or a scenario, or a `let`, with its values: a list, `from .. to step distance`, or `from .. to step 2 x` for a factor.',
        {
          repeats: true,
          clauses: [{ keyword: 'in', documentation: 'The values.' }],
          snippet: 'vary ${1:Npu.HBM.bandwidth} in [${2:400 GB/s, 800 GB/s}]',
        },
      ),
      block('maximize', 'A goal to maximize.', { repeats: true, subject: { kind: 'word', words: objectiveWords } }),
      block('minimize', 'A goal to minimize.', { repeats: true, subject: { kind: 'word', words: objectiveWords } }),
    ],
    snippet:
      'explore ${1:Name} {\n  scenario: ${2:Scenario}\n  vary ${3:Npu.HBM.bandwidth} in [${4:400 GB/s, 800 GB/s}]\n  maximize capacity\n}',
  },
);
