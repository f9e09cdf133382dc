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
          'Name of the column with the times, or its number (from 1) if no column has this name. Default: recognized by name and content.',
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
            { name: 'd', documentation: 'Days.' },
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
        name: 'ends',
        type: { kind: 'flag' },
        documentation:
          'Whether the times are ends of requests: with `yes`, the column with their durations is subtracted. Default: recognized by the names of the columns.',
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
      {
        name: 'block',
        type: { kind: 'quantity', dimensions: ['tokens', 'number'], integer: true, minimum: 1, maximum: 1_048_576 },
        documentation:
          'Tokens of a block that one of the block hashes of the trace identifies. Default: the only size that explains how many hashes each prompt has.',
        example: '512 tokens',
      },
    ],
  }),
];
