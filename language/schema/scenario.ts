// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { caveatCodes, diagnosticCodes } from '../../design/index.ts';
import { arrivalForms } from './arrivals.ts';
import { bounds } from './bounds.ts';
import { parallelBlock } from './parallel.ts';
import { schedulerSchema } from './scheduler.ts';
import { kvBlock, stepProperties, tokensBlock } from './sequences.ts';
import { type BlockSchema, block, ourAssumption } from './types.ts';

const batch = block('batch', 'How requests are grouped and computed together.', {
  properties: [
    {
      name: 'max',
      type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 4096 },
      default: { text: '1', source: 'no batching' },
      documentation: 'Maximum number of requests in a batch.',
    },
    {
      name: 'timeout',
      type: { kind: 'quantity', dimensions: ['time'], ...bounds.pause },
      default: { text: '0 ms', source: 'a free chip takes the requests that are waiting' },
      documentation: 'Maximum time that the oldest request waits for the batch to fill.',
    },
    ...stepProperties,
  ],
  snippet: 'batch { max: ${1:8}, timeout: ${2:1 ms} }',
});

/** What `slo { ... }` constrains: `p99 latency <= 15 ms`. */
export const metricWords = [
  {
    name: 'latency',
    documentation: 'Time from arrival to completion: `p99 latency`, `p99.9 latency`, `mean latency`, `max latency`.',
    operator: '<=',
    dimension: 'time',
  },
  {
    name: 'ttft',
    documentation:
      'Time to first token: from the arrival of a request to the first token of its answer. Only for a language model. `p99 ttft`, `mean ttft`, `max ttft`.',
    operator: '<=',
    dimension: 'time',
  },
  {
    name: 'tpot',
    documentation:
      'Time per output token: (last token - first token) / (tokens - 1). Some tools divide by the number of tokens. Requests with one token have none. Only for a language model. `p95 tpot`, `mean tpot`, `max tpot`.',
    operator: '<=',
    dimension: 'time',
  },
  {
    name: 'accuracy',
    documentation:
      'Mean accuracy over all requests. Each request has the accuracy of the lowest precision that computed part of it.',
    operator: '>=',
    dimension: 'ratio',
  },
  {
    name: 'throughput',
    documentation:
      'Completed requests per second. For a language model also the output tokens of completed requests per second: `throughput >= 5000 tokens/s`.',
    operator: '>=',
    dimension: 'rate',
    /** Another dimension that the limit can have. */
    also: 'tokenRate',
  },
  {
    name: 'goodput',
    documentation:
      'Requests per second that are completed within the latency limit. For a language model: that meet their limits of latency, TTFT and TPOT.',
    operator: '>=',
    dimension: 'rate',
  },
] as const;

const slo = block(
  'slo',
  'Service-level objectives, one per line: `p99 latency <= 15 ms`, `accuracy >= 76.3 %`, `throughput >= 1000 rps`, `goodput >= 1000 rps`.',
  { content: 'constraints', snippet: 'slo {\n  p99 latency <= ${1:15 ms}\n}' },
);

const serve = block('serve', 'The traffic of one model and its objectives. `as` gives the serve a different label.', {
  subject: { kind: 'reference', to: 'model' },
  clauses: [{ keyword: 'as', documentation: 'A label, required if one model is served twice.' }],
  required: true,
  repeats: true,
  properties: [
    {
      name: 'arrivals',
      type: { kind: 'form', forms: arrivalForms },
      required: true,
      documentation: 'When requests arrive.',
      example: 'poisson(1000 rps)',
    },
    {
      name: 'priority',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: -1000000, maximum: 1000000 },
      default: { text: '0', source: 'all serves are equal' },
      documentation: 'With `order: priority`, the request with the largest priority runs first.',
    },
  ],
  blocks: [batch, tokensBlock, kvBlock, parallelBlock, slo],
  snippet: 'serve ${1:Model} {\n  arrivals: poisson(${2:1000 rps})\n  slo {\n    p99 latency <= ${3:15 ms}\n  }\n}',
});

const autoForm = block('auto', 'Runs until every verdict is decided or the budget is used up.', {
  properties: [
    {
      name: 'budget',
      type: { kind: 'quantity', dimensions: ['requests', 'number'], integer: true, minimum: 1, maximum: 1e9 },
      default: { text: '200000 requests', source: `${ourAssumption}: a fraction of a second of simulation` },
      documentation:
        'Maximum number of requests that a run simulates. Default for a language model: 20000, because its requests have many steps.',
    },
  ],
});

/** The caveats that `accept` may name: all except errors. */
export const acceptableCodes = caveatCodes.filter((code) => diagnosticCodes[code].severity !== 'error');

/** `accept { trace-cut: yes }`: the caveats that a scenario takes responsibility for. */
const accept = block(
  'accept',
  'Caveats that you take responsibility for: `accept { trace-cut: yes }`. They change no verdict any more; results list them among the stated inputs.',
  {
    properties: acceptableCodes.map((code) => ({
      name: code,
      type: { kind: 'flag' } as const,
      documentation: `Accepts [${code}](diagnostics/${code}.md): ${diagnosticCodes[code].title.toLowerCase()}.`,
      example: 'yes',
    })),
    snippet: 'accept { ${1:trace-cut}: yes }',
  },
);

/** `also Stimpack { chips: 1 }`: chips of another kind behind the queue of the scenario. */
const also = block(
  'also',
  'Chips of another kind that share the queue: `also Stimpack { chips: 2 }`. A batch runs on the free chip that completes it soonest.',
  {
    subject: { kind: 'reference', to: 'npu' },
    repeats: true,
    properties: [
      {
        name: 'chips',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 0, maximum: 1024 },
        default: { text: '1', source: 'one chip' },
        documentation: 'Number of chips of this kind. With 0, the scenario has none of them.',
      },
    ],
    snippet: 'also ${1:Npu} { chips: ${2:1} }',
  },
);

/** `scenario Name { ... }`. */
export const scenarioSchema: BlockSchema = block(
  'scenario',
  'One or more chips, a scheduler and traffic. Each save simulates the scenarios of the file.',
  {
    subject: { kind: 'declares', declares: 'scenario' },
    properties: [
      { name: 'npu', type: { kind: 'reference', to: 'npu' }, required: true, documentation: 'The chip.' },
      {
        name: 'chips',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 1024 },
        default: { text: '1', source: 'one chip' },
        documentation: 'Number of these chips. They share one queue, also with chips of other kinds (`also`).',
      },
      {
        name: 'scheduler',
        type: { kind: 'reference', to: 'scheduler' },
        documentation: 'The name of a scheduler, or a block `scheduler { ... }`. Default: fifo with the slack policy.',
      },
      {
        name: 'compare',
        type: { kind: 'variants' },
        documentation:
          'Variants to simulate with the same traffic: other npus, schedulers, or `Npu with scheduler`. A burst policy may replace the name of the scheduler.',
        example: '[TPUv4i]',
      },
      {
        name: 'duration',
        type: {
          kind: 'form',
          forms: [autoForm],
          quantity: { kind: 'quantity', dimensions: ['time', 'requests'], ...bounds.duration },
        },
        default: { text: 'auto', source: 'the run continues until the verdicts are decided' },
        documentation: 'Length of the simulation: `auto`, a time, or a number of requests.',
      },
      {
        name: 'warmup',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 0.9 },
        default: { text: '5 %', source: ourAssumption },
        documentation:
          'Fraction of the requests of each serve, from the first one, that the statistics exclude. Default: `0 %` if all traffic is traces and no token count is drawn.',
      },
      {
        name: 'confidence',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0.5, maximum: 0.9999 },
        default: { text: '99 %', source: 'MLPerf LoadGen uses it' },
        documentation: 'Confidence level of the verdicts.',
      },
      {
        name: 'seed',
        type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 0, maximum: 2 ** 32 - 1 },
        default: { text: '1', source: 'any value' },
        documentation: 'Seed of all random streams. The same seed gives the same result.',
      },
    ],
    blocks: [also, serve, { ...schedulerSchema, subject: { kind: 'none' } }, accept],
    snippet:
      'scenario ${1:Name} {\n  npu: ${2:Npu}\n  serve ${3:Model} {\n    arrivals: poisson(${4:1000 rps})\n    slo {\n      p99 latency <= ${5:15 ms}\n    }\n  }\n}',
  },
);
