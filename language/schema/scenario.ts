// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { caveatCodes, diagnosticCodes } from '../../design/index.ts';
import { bounds } from './bounds.ts';
import { type BlockSchema, block, ourAssumption, type PropertySchema } from './types.ts';

const rate: PropertySchema = {
  name: 'rate',
  type: { kind: 'quantity', dimensions: ['rate'], ...bounds.rate },
  required: true,
  documentation: 'Mean requests per second.',
  example: '2400 rps',
};

function time(name: string, documentation: string, parts: Partial<PropertySchema>): PropertySchema {
  return { name, type: { kind: 'quantity', dimensions: ['time'], ...bounds.time }, documentation, ...parts };
}

/** When requests arrive: `arrivals: poisson(2400 rps)`. */
export const arrivalForms: readonly BlockSchema[] = [
  block('poisson', 'Independent requests at a mean rate, with exponential gaps.', { properties: [rate] }),
  block('constant', 'One request every 1 / rate.', { properties: [rate] }),
  block('bursty', 'Poisson arrivals whose rate alternates between two states. The time in each state is exponential.', {
    properties: [
      { ...rate, name: 'low', documentation: 'Rate in the quiet state.' },
      { ...rate, name: 'high', documentation: 'Rate in the busy state.' },
      time('quiet', 'Mean time in the quiet state.', { default: { text: '900 ms', source: ourAssumption } }),
      time('busy', 'Mean time in the busy state.', { default: { text: '100 ms', source: ourAssumption } }),
    ],
  }),
  block('diurnal', 'Poisson arrivals with a periodic rate: rate * (1 + amplitude * sin(2 pi t / period)).', {
    properties: [
      rate,
      {
        name: 'amplitude',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
        default: { text: '50 %', source: ourAssumption },
        documentation: 'Largest difference from the mean rate, as a fraction of the mean rate.',
      },
      time('period', 'Length of one period.', { default: { text: '24 h', source: 'a day' } }),
    ],
  }),
  block('loadgen', 'The schedule of MLPerf LoadGen’s server scenario, equal to the nanosecond.', {
    properties: [
      rate,
      {
        name: 'seed',
        type: { kind: 'seed' },
        default: { text: '3507442325620259414', source: 'any value; a reference schedule exists for this one' },
        documentation: 'Seed of LoadGen’s schedule.',
      },
    ],
  }),
  block(
    'closed',
    'A closed loop: each client sends a request, waits for the answer, and sends the next one. With one client, this is MLPerf’s single-stream scenario.',
    {
      properties: [
        {
          name: 'concurrency',
          type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, ...bounds.waiting },
          default: { text: '1', source: 'MLPerf single-stream' },
          documentation: 'Number of clients, each with one request at a time.',
          example: '1',
        },
        {
          name: 'think',
          type: { kind: 'quantity', dimensions: ['time'], ...bounds.pause },
          default: { text: '0 s', source: 'MLPerf single-stream' },
          documentation: 'Time from an answer to the next request of the same client.',
          example: '10 ms',
        },
      ],
    },
  ),
  block(
    'multi-stream',
    'MLPerf’s multi-stream scenario: a query of several requests, then the next query as soon as all of them are done. A query runs as one batch.',
    {
      properties: [
        {
          name: 'requests',
          type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 4096 },
          default: { text: '8', source: 'MLPerf multi-stream' },
          documentation: 'Requests of one query. The batch must have room for all of them.',
          example: '8',
        },
      ],
    },
  ),
  block(
    'offline',
    'MLPerf’s offline scenario: all requests wait from the start, and the run ends when all of them are done. The throughput is the result.',
    {
      properties: [
        {
          name: 'requests',
          type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, ...bounds.waiting },
          default: { text: '24576', source: 'the minimum of MLPerf offline' },
          documentation: 'Number of requests.',
          example: '24576',
        },
      ],
    },
  ),
  block('trace', 'Replays the arrival times of a file.', {
    properties: [
      {
        name: 'file',
        type: { kind: 'text' },
        required: true,
        documentation: 'Path of the trace, relative to this file.',
        example: '"trace.csv"',
      },
      {
        name: 'speedup',
        type: { kind: 'quantity', dimensions: ['ratio'], ...bounds.factor },
        default: { text: '1 x', source: 'as recorded' },
        documentation: 'Replay speed: 4 x divides every gap by four.',
      },
      {
        name: 'column',
        type: { kind: 'text' },
        documentation:
          'Name of the column with the times, or its number (from 1) in a file without a header. Default: recognized by name and content.',
        example: '"arrival_time"',
      },
      {
        name: 'unit',
        type: {
          kind: 'word',
          words: [
            { name: 's', documentation: 'Seconds.' },
            { name: 'ms', documentation: 'Milliseconds.' },
            { name: 'us', documentation: 'Microseconds.' },
            { name: 'ns', documentation: 'Nanoseconds.' },
            { name: 'min', documentation: 'Minutes.' },
            { name: 'h', documentation: 'Hours.' },
          ],
        },
        documentation:
          'Unit of the times. Default: the unit in the name of the column, such as `time_ms`, or recognized from the values.',
        example: 'ms',
      },
      {
        name: 'gaps',
        type: { kind: 'flag' },
        documentation: 'Whether the values are gaps between requests. Default: recognized by the name of the column.',
        example: 'yes',
      },
      {
        name: 'spread',
        type: { kind: 'flag' },
        documentation:
          'Whether rows with the same coarse time are spread evenly over its interval. With `no`, they arrive at the same instant. Default: the same instant, with a warning.',
        example: 'yes',
      },
      {
        name: 'skip',
        type: { kind: 'flag' },
        documentation:
          'With `yes`, rows that cannot be read are skipped on purpose. Default: they are skipped with a warning.',
        example: 'yes',
      },
      {
        name: 'where',
        type: { kind: 'text' },
        documentation:
          "A column and a value, `COLUMN=VALUE`: only rows with this value are replayed, such as one network's. If not stated: all rows.",
        example: '"Model=GPT-4"',
      },
    ],
  }),
];

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
  block('oracle', 'Knows all future arrivals: an upper bound for every policy.'),
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
    name: 'accuracy',
    documentation:
      'Mean accuracy over all requests. Each request has the accuracy of the lowest precision that computed part of it.',
    operator: '>=',
    dimension: 'ratio',
  },
  { name: 'throughput', documentation: 'Completed requests per second.', operator: '>=', dimension: 'rate' },
  {
    name: 'goodput',
    documentation: 'Requests per second that are completed within the latency limit.',
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
  blocks: [batch, slo],
  snippet: 'serve ${1:Model} {\n  arrivals: poisson(${2:1000 rps})\n  slo {\n    p99 latency <= ${3:15 ms}\n  }\n}',
});

const autoForm = block('auto', 'Runs until every verdict is decided or the budget is used up.', {
  properties: [
    {
      name: 'budget',
      type: { kind: 'quantity', dimensions: ['requests', 'number'], integer: true, minimum: 1, maximum: 1e9 },
      default: { text: '200000 requests', source: `${ourAssumption}: a fraction of a second of simulation` },
      documentation: 'Maximum number of requests that a run simulates.',
    },
  ],
});

export const acceptableCodes = caveatCodes.filter((code) => diagnosticCodes[code].severity !== 'error');

/** `accept { trace-cut: yes }`: the caveats that a scenario takes responsibility for. */
const accept = block(
  'accept',
  'Caveats that you take responsibility for: `accept { trace-cut: yes }`. They change no verdict any more; results list them among the stated inputs.',
  {
    // What is an error cannot be accepted.
    properties: acceptableCodes.map((code) => ({
      name: code,
      type: { kind: 'flag' } as const,
      documentation: `Accepts [${code}](diagnostics/${code}.md): ${diagnosticCodes[code].title.toLowerCase()}.`,
      example: 'yes',
    })),
    snippet: 'accept { ${1:trace-cut}: yes }',
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
        documentation: 'Number of identical chips that share one queue.',
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
          'Fraction of the requests of each serve, from the first one, that the statistics exclude. Default: `0 %` if all traffic is traces.',
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
    blocks: [serve, { ...schedulerSchema, subject: { kind: 'none' } }, accept],
    snippet:
      'scenario ${1:Name} {\n  npu: ${2:Npu}\n  serve ${3:Model} {\n    arrivals: poisson(${4:1000 rps})\n    slo {\n      p99 latency <= ${5:15 ms}\n    }\n  }\n}',
  },
);

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
