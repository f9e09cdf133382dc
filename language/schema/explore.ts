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
  { name: 'power', documentation: 'Average power.' },
] as const;

/** `explore Name { ... }`. */
export const exploreSchema: BlockSchema = block(
  'explore',
  'A sweep over designs: which values vary, and which goals to optimize.',
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
