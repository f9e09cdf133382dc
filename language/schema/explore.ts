// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import {
  type ExplorationMeasure,
  type ExploredTime,
  exploredTimes,
  type TimeStatistic,
  timeMeasure,
  timeStatistics,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import type { DimensionName } from '../units/index.ts';
import { type BlockSchema, block, type PropertySchema, type WordSchema } from './types.ts';

/** A measure that a goal or a constraint names. */
export interface MeasureWord extends WordSchema {
  readonly name: string;
  readonly measure: ExplorationMeasure;
  /** Of a limit in `subject to`. */
  readonly dimension: DimensionName;
}

const plainWords = [
  {
    name: 'capacity',
    measure: 'capacity',
    dimension: 'rate',
    documentation: 'The largest load that meets every objective.',
  },
  {
    name: 'latency',
    measure: 'latency',
    dimension: 'time',
    documentation: 'The 99th percentile of latency, of the serve with the longest one.',
  },
  { name: 'throughput', measure: 'throughput', dimension: 'rate', documentation: 'Completed requests per second.' },
  {
    name: 'goodput',
    measure: 'goodput',
    dimension: 'rate',
    documentation: 'Requests per second that are completed within the latency limit.',
  },
  {
    name: 'token throughput',
    measure: 'token throughput',
    dimension: 'tokenRate',
    documentation: 'Output tokens of completed requests per second. Only for language models.',
  },
  {
    name: 'accuracy',
    measure: 'accuracy',
    dimension: 'ratio',
    documentation: 'Mean accuracy over all requests, of the serve with the lowest one.',
  },
  { name: 'energy', measure: 'energy', dimension: 'energy', documentation: 'Energy per request.' },
  { name: 'power', measure: 'power', dimension: 'power', documentation: 'Average power of all chips.' },
  {
    name: 'area',
    measure: 'area',
    dimension: 'area',
    documentation: 'Area of all chips. The chip needs `area { ... }` with a figure for each part.',
  },
  { name: 'chips', measure: 'chips', dimension: 'number', documentation: 'Number of chips.' },
] as const satisfies readonly MeasureWord[];

const timeText: Readonly<Record<ExploredTime, string>> = {
  latency: 'of latency',
  ttft: 'of the time to the first token of a language model',
  tpot: 'of the time per output token of a language model',
};

function statisticText(statistic: TimeStatistic): string {
  if (statistic === 'mean') return 'The mean';
  return statistic === 'max' ? 'The largest value' : `The ${statistic.slice(1)}th percentile`;
}

/** Lists show some as examples of all. */
const shownTimes: ReadonlySet<string> = new Set(['p99.9 latency', 'mean latency', 'p99 ttft', 'p95 tpot']);

/** `p99.9 latency`, `mean ttft`: each statistic of each time. */
const timeWords = exploredTimes.flatMap((time) =>
  timeStatistics.map(
    (statistic): MeasureWord => ({
      name: `${statistic} ${time}`,
      measure: timeMeasure({ statistic, time }),
      dimension: 'time',
      ...(shownTimes.has(`${statistic} ${time}`) ? {} : { unlisted: true }),
      documentation: `${statisticText(statistic)} ${timeText[time]}, of the serve with the longest one.`,
    }),
  ),
);

const statisticsText = `The times \`latency\`, \`ttft\` and \`tpot\` have the statistics ${timeStatistics.map((name) => `\`${name}\``).join(', ')}.`;

/** The words after `maximize`, `minimize` and `subject to`. */
export const measureWords: readonly MeasureWord[] = [...plainWords, ...timeWords];

const searchProperties: readonly PropertySchema[] = [
  {
    name: 'budget',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: limits.explorationSpace },
    required: true,
    documentation: 'Number of designs to try.',
    example: '2000',
  },
  {
    name: 'seed',
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 0, maximum: 2 ** 32 - 1 },
    default: { text: '1', source: 'any value' },
    documentation: 'Another seed gives other designs.',
  },
];

/** `search: nsga2 { budget: 2000 }`. */
const searchForms: readonly BlockSchema[] = [
  block('grid', 'Every combination of the values.'),
  block('random', 'Random combinations, each at most once.', { properties: searchProperties }),
  block('sobol', 'Combinations that fill the space evenly: a Sobol sequence.', { properties: searchProperties }),
  block('nsga2', 'Combinations that the genetic algorithm NSGA-II chooses from the results so far.', {
    properties: searchProperties,
  }),
];

/** `explore Name { ... }`. */
export const exploreSchema: BlockSchema = block(
  'explore',
  'A sweep over designs: which values vary, and which goals to optimize. `subject to area <= 400 mm2` excludes the designs beyond a limit of any measure.',
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
      {
        name: 'search',
        type: { kind: 'form', forms: searchForms },
        default: { text: 'grid', source: 'every combination' },
        documentation: 'Which combinations of the values are tried.',
        example: 'nsga2 { budget: 2000 }',
      },
    ],
    blocks: [
      block(
        'vary',
        'A property of an npu, a scheduler or a scenario, or a `let`, with its values: a list, or a range `from .. to` with `step distance`, `step 2 x` (a factor), `linear 9` or `logarithmic 9` (a number of values). Values such as `0.5 x` multiply the value in the file.',
        {
          repeats: true,
          clauses: [{ keyword: 'in', documentation: 'The values.' }],
          snippet: 'vary ${1:Npu.HBM.bandwidth} in [${2:400 GB/s, 800 GB/s}]',
        },
      ),
      block('maximize', `A goal to maximize. ${statisticsText}`, {
        repeats: true,
        subject: { kind: 'word', words: measureWords },
      }),
      block('minimize', `A goal to minimize. ${statisticsText}`, {
        repeats: true,
        subject: { kind: 'word', words: measureWords },
      }),
    ],
    snippet:
      'explore ${1:Name} {\n  scenario: ${2:Scenario}\n  vary ${3:Npu.HBM.bandwidth} in [${4:400 GB/s, 800 GB/s}]\n  maximize capacity\n}',
  },
);
