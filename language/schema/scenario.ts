// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP's notation.

import { bounds } from './bounds.ts';
import { type BlockSchema, block, ourAssumption, type PropertySchema } from './types.ts';

const rate: PropertySchema = {
  name: 'rate',
  type: { kind: 'quantity', dimensions: ['rate'], ...bounds.rate },
  required: true,
  documentation: 'Requests per second, on average.',
  example: '2400 rps',
};

function time(name: string, documentation: string, parts: Partial<PropertySchema>): PropertySchema {
  return { name, type: { kind: 'quantity', dimensions: ['time'], ...bounds.time }, documentation, ...parts };
}

/** When requests come: `arrivals: poisson(2400 rps)`. */
export const arrivalForms: readonly BlockSchema[] = [
  block('poisson', 'Independent requests at a mean rate: exponential gaps.', { properties: [rate] }),
  block('constant', 'One request every 1 / rate.', { properties: [rate] }),
  block('bursty', 'Poisson arrivals whose rate jumps between two states; times in each are exponential.', {
    properties: [
      { ...rate, name: 'low', documentation: 'Rate in the quiet state.' },
      { ...rate, name: 'high', documentation: 'Rate in the busy state.' },
      time('quiet', 'Mean time in the quiet state.', { default: { text: '900 ms', source: ourAssumption } }),
      time('busy', 'Mean time in the busy state.', { default: { text: '100 ms', source: ourAssumption } }),
    ],
  }),
  block('diurnal', 'Poisson arrivals whose rate swings: rate * (1 + amplitude * sin(2 pi t / period)).', {
    properties: [
      rate,
      {
        name: 'amplitude',
        type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
        default: { text: '50 %', source: ourAssumption },
        documentation: 'Swing about the mean rate, as a fraction of it.',
      },
      time('period', 'Length of one swing.', { default: { text: '24 h', source: 'a day' } }),
    ],
  }),
  block('loadgen', "MLPerf LoadGen's server schedule, to the nanosecond.", {
    properties: [
      rate,
      {
        name: 'seed',
        type: { kind: 'seed' },
        default: { text: '3507442325620259414', source: 'any; this one has a reference schedule' },
        documentation: "LoadGen's schedule seed.",
      },
    ],
  }),
  block('trace', 'Replays the arrival times of a file.', {
    properties: [
      {
        name: 'file',
        type: { kind: 'text' },
        required: true,
        documentation: 'The file, relative to this one.',
        example: '"trace.csv"',
      },
      {
        name: 'speedup',
        type: { kind: 'quantity', dimensions: ['ratio'], ...bounds.factor },
        default: { text: '1 x', source: 'as recorded' },
        documentation: 'How much faster than recorded: 4 x divides every gap by four.',
      },
      {
        name: 'column',
        type: { kind: 'text' },
        documentation:
          'Name of the column with the times; its number, from 1, in a file without a header. Left out: recognized by name and content.',
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
        documentation: "Unit of the times. Left out: that of the column's name, such as `time_ms`, or recognized.",
        example: 'ms',
      },
      {
        name: 'gaps',
        type: { kind: 'flag' },
        documentation: 'Whether the values are times between requests. Left out: recognized by the name of the column.',
        example: 'yes',
      },
      {
        name: 'spread',
        type: { kind: 'flag' },
        documentation:
          'Whether rows that share a coarse time are spread evenly over it; `no`: they arrive at one instant. Left out: at one instant, with a warning.',
        example: 'yes',
      },
      {
        name: 'skip',
        type: { kind: 'flag' },
        documentation:
          'Whether rows without a time are left out on purpose. Left out: they are left out with a warning.',
        example: 'yes',
      },
    ],
  }),
];

/** When the chip bursts: `burst: slack { guard: 5 % }`. */
export const burstForms: readonly BlockSchema[] = [
  block('never', 'Always base mode.'),
  block('always', 'Always burst mode.'),
  block('queue', 'Burst while at least so many requests wait.', {
    properties: [
      {
        name: 'threshold',
        type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 2 ** 31 },
        required: true,
        documentation: 'Waiting requests.',
        example: '8',
      },
    ],
  }),
  block(
    'slack',
    'Burst only where a running or queued request is predicted to miss its deadline in base mode, and back when the base plan holds again.',
    {
      properties: [
        {
          name: 'guard',
          type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 1 },
          default: { text: '5 %', source: ourAssumption },
          documentation: 'How long before the deadline a request must be done, as a fraction of the latency limit.',
        },
        {
          name: 'hold',
          type: { kind: 'quantity', dimensions: ['time'], ...bounds.pause },
          default: { text: '2 ms', source: ourAssumption },
          documentation: 'How long the base plan must hold before the chip goes back to base mode.',
        },
      ],
    },
  ),
  block('oracle', 'Sees the future: an upper bound on what any policy can do.'),
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
    default: { text: 'fifo', source: 'the usual' },
    documentation: 'Which waiting request goes next.',
  },
  {
    name: 'burst',
    type: { kind: 'form', forms: burstForms },
    default: { text: 'slack', source: "the paper's idea (JSA 145, 103025)" },
    documentation: 'When the chip computes in burst mode. A chip without one never does.',
  },
  {
    name: 'switch at',
    type: {
      kind: 'word',
      words: [
        { name: 'layer', documentation: 'Also in the middle of a request.' },
        { name: 'request', documentation: 'Only between requests (batches).' },
      ],
    },
    default: { text: 'layer', source: ourAssumption },
    documentation: 'Borders at which the mode may change.',
  },
  {
    name: 'preemption',
    type: {
      kind: 'word',
      words: [
        { name: 'none', documentation: 'What runs, runs to its end.' },
        { name: 'layer', documentation: 'A more urgent batch interrupts at a layer border.' },
      ],
    },
    default: { text: 'none', source: 'the usual' },
    documentation: 'Whether a more urgent batch may interrupt a running one.',
  },
];

/** `scheduler Name { ... }`. */
export const schedulerSchema: BlockSchema = block(
  'scheduler',
  'Which request runs next, and when the chip bursts. The defaults are a fifo queue and the slack policy.',
  {
    subject: { kind: 'declares', declares: 'scheduler' },
    properties: schedulerProperties,
    snippet: 'scheduler ${1:Name} {\n  order: ${2|fifo,edf,sjf,priority|}\n  burst: ${3|slack,always,never,oracle|}\n}',
  },
);

const batch = block('batch', 'Requests that are computed together.', {
  properties: [
    {
      name: 'max',
      type: { kind: 'quantity', dimensions: ['number', 'requests'], integer: true, minimum: 1, maximum: 4096 },
      default: { text: '1', source: 'no batching' },
      documentation: 'The most requests in a batch.',
    },
    {
      name: 'timeout',
      type: { kind: 'quantity', dimensions: ['time'], ...bounds.pause },
      default: { text: '0 ms', source: 'a batch is what waits when a chip is free' },
      documentation: 'How long the oldest request waits for the batch to fill.',
    },
  ],
  snippet: 'batch { max: ${1:8}, timeout: ${2:1 ms} }',
});

/** What `slo { ... }` constrains: `p99 latency <= 15 ms`. */
export const metricWords = [
  {
    name: 'latency',
    documentation: 'Time from arrival to finish: `p99 latency`, `p99.9 latency`, `mean latency`, `max latency`.',
    operator: '<=',
    dimension: 'time',
  },
  {
    name: 'accuracy',
    documentation: 'Mean over the requests, each with the accuracy of the lowest precision that touched it.',
    operator: '>=',
    dimension: 'ratio',
  },
  { name: 'throughput', documentation: 'Finished requests per second.', operator: '>=', dimension: 'rate' },
  {
    name: 'goodput',
    documentation: 'Finished requests per second that kept the latency limit.',
    operator: '>=',
    dimension: 'rate',
  },
] as const;

const slo = block(
  'slo',
  'Service-level objectives, one a line: `p99 latency <= 15 ms`, `accuracy >= 76.3 %`, `throughput >= 1000 rps`, `goodput >= 1000 rps`.',
  { content: 'constraints', snippet: 'slo {\n  p99 latency <= ${1:15 ms}\n}' },
);

const serve = block('serve', "One model's traffic, and what is promised for it. `as` gives it a label of its own.", {
  subject: { kind: 'reference', to: 'model' },
  clauses: [{ keyword: 'as', documentation: 'A label, where one model is served twice.' }],
  required: true,
  repeats: true,
  properties: [
    {
      name: 'arrivals',
      type: { kind: 'form', forms: arrivalForms },
      required: true,
      documentation: 'When requests come.',
      example: 'poisson(1000 rps)',
    },
    {
      name: 'priority',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: -1000000, maximum: 1000000 },
      default: { text: '0', source: 'all alike' },
      documentation: 'Larger goes first under `order: priority`.',
    },
  ],
  blocks: [batch, slo],
  snippet: 'serve ${1:Model} {\n  arrivals: poisson(${2:1000 rps})\n  slo {\n    p99 latency <= ${3:15 ms}\n  }\n}',
});

const autoForm = block('auto', 'Runs until every verdict is decided, or the budget is spent.', {
  properties: [
    {
      name: 'budget',
      type: { kind: 'quantity', dimensions: ['requests', 'number'], integer: true, minimum: 1, maximum: 1e9 },
      default: { text: '200000 requests', source: `${ourAssumption}: a fraction of a second of simulation` },
      documentation: 'The most requests that a run takes to decide.',
    },
  ],
});

/** `scenario Name { ... }`. */
export const scenarioSchema: BlockSchema = block('scenario', 'Chips, a scheduler and traffic: what a save simulates.', {
  subject: { kind: 'declares', declares: 'scenario' },
  properties: [
    { name: 'npu', type: { kind: 'reference', to: 'npu' }, required: true, documentation: 'The chip.' },
    {
      name: 'chips',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 1024 },
      default: { text: '1', source: 'one chip' },
      documentation: 'Identical chips behind one queue.',
    },
    {
      name: 'scheduler',
      type: { kind: 'reference', to: 'scheduler' },
      documentation:
        'A declared scheduler; or a block `scheduler { ... }` right here. Left out: fifo with the slack policy.',
    },
    {
      name: 'compare',
      type: { kind: 'variants' },
      documentation:
        'What is simulated beside it under the same traffic: other npus, schedulers, or `Npu with scheduler`, where a burst policy may stand for the scheduler.',
      example: '[TPUv4i]',
    },
    {
      name: 'duration',
      type: {
        kind: 'form',
        forms: [autoForm],
        quantity: { kind: 'quantity', dimensions: ['time', 'requests'], ...bounds.duration },
      },
      default: { text: 'auto', source: 'runs as long as the verdicts need' },
      documentation: 'How long is simulated: `auto`, a time, or a number of requests.',
    },
    {
      name: 'warmup',
      type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0, maximum: 0.9 },
      default: { text: '5 %', source: ourAssumption },
      documentation:
        'Fraction of the requests of each serve, from the first, that statistics leave out. `0 %` if all traffic is traces and no other value is written.',
    },
    {
      name: 'confidence',
      type: { kind: 'quantity', dimensions: ['ratio'], minimum: 0.5, maximum: 0.9999 },
      default: { text: '99 %', source: "as MLPerf LoadGen's" },
      documentation: 'How sure a verdict must be.',
    },
    {
      name: 'seed',
      type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 0, maximum: 2 ** 32 - 1 },
      default: { text: '1', source: 'any' },
      documentation: 'Seed of all random streams: one seed, one result.',
    },
  ],
  blocks: [serve, { ...schedulerSchema, subject: { kind: 'none' } }],
  snippet:
    'scenario ${1:Name} {\n  npu: ${2:Npu}\n  serve ${3:Model} {\n    arrivals: poisson(${4:1000 rps})\n    slo {\n      p99 latency <= ${5:15 ms}\n    }\n  }\n}',
});

export const objectiveWords = [
  { name: 'capacity', documentation: 'The largest load that meets every objective.' },
  { name: 'latency', documentation: 'The 99th percentile of latency.' },
  { name: 'throughput', documentation: 'Finished requests per second.' },
  { name: 'goodput', documentation: 'Finished requests per second that kept the latency limit.' },
  { name: 'accuracy', documentation: 'Served accuracy.' },
  { name: 'energy', documentation: 'Energy per request.' },
  { name: 'power', documentation: 'Average power.' },
] as const;

/** `explore Name { ... }`. */
export const exploreSchema: BlockSchema = block('explore', 'A sweep over designs: what varies, and what is sought.', {
  subject: { kind: 'declares', declares: 'explore' },
  content: 'space',
  properties: [
    {
      name: 'scenario',
      type: { kind: 'reference', to: 'scenario' },
      required: true,
      documentation: 'What each design is tried on.',
    },
  ],
  blocks: [
    block(
      'vary',
      'A property of an npu, a scheduler or a scenario, or a `let`, and the values that it takes: a list, or `from .. to step distance`, or `from .. to step 2 x` for a factor.',
      {
        repeats: true,
        clauses: [{ keyword: 'in', documentation: 'The values.' }],
        snippet: 'vary ${1:Npu.HBM.bandwidth} in [${2:400 GB/s, 800 GB/s}]',
      },
    ),
    block('maximize', 'What should be large.', { repeats: true, subject: { kind: 'word', words: objectiveWords } }),
    block('minimize', 'What should be small.', { repeats: true, subject: { kind: 'word', words: objectiveWords } }),
  ],
  snippet:
    'explore ${1:Name} {\n  scenario: ${2:Scenario}\n  vary ${3:Npu.HBM.bandwidth} in [${4:400 GB/s, 800 GB/s}]\n  maximize capacity\n}',
});
