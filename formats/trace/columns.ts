import { type TraceUnit, traceUnits } from '../../design/index.ts';
import { comma, newTimeField, parseTime, point, type TimeForm } from './time-field.ts';

/** What a column contains, according to its name. */
export type ColumnRole =
  | 'arrival'
  | 'gap'
  | 'end'
  | 'duration'
  | 'prompt'
  | 'output'
  /** The number of requests that a row represents, or their rate. */
  | 'count'
  /** Kinds of events. Not all of them are arrivals of requests. */
  | 'event'
  | 'model'
  | 'other';

export interface ColumnName {
  readonly role: ColumnRole;
  /** Which of several time columns is the arrival of a request: a smaller rank is more likely. */
  readonly rank: number;
  /** How many units of the column are in a second. Undefined if the name states no unit. */
  readonly unitsPerSecond: number | undefined;
  /** Whether the name states a unit that has no known length, such as ticks, or a multiple, such as 10 ms. */
  readonly hasStrangeUnit: boolean;
}

const unitNames: Readonly<Record<TraceUnit, string>> = {
  ns: 'ns nsec nanos nanosec nanosecond nanoseconds',
  us: 'us µs μs âµs â¼s usec micros microsec microsecond microseconds',
  ms: 'ms msec millis millisec millisecond milliseconds',
  s: 's sec secs second seconds',
  min: 'min mins minute minutes',
  h: 'h hr hrs hour hours',
  // `day` and `d` are too often other things, such as the day of a date.
  d: 'days',
};
const unitOf: ReadonlyMap<string, number> = new Map(
  Object.entries(unitNames).flatMap(([unit, names]) =>
    names.split(' ').map((name) => [name, traceUnits[unit as TraceUnit]] as const),
  ),
);

const strangeUnit =
  /^(ticks?|cycles?|clks?|jiffies|frames?|steps?|weeks?|m|cs|ds|ps|centiseconds?|deciseconds?|picoseconds?|\d+(ns|us|µs|ms|s|sec|min|h))$/;

/** The patterns are tried in this order, so that `inter_arrival_time` is not read as an arrival, nor `end_timestamp` as a timestamp. */
const roles: readonly (readonly [ColumnRole, RegExp, number])[] = [
  [
    'prompt',
    /^(context|prompt|request|input)_?(tokens?|length|toks|len|token_count|num_tokens)$|^num_(prompt|input|prefill)_tokens$|^isl$/,
    0,
  ],
  [
    'output',
    /^(generated|completion|response|output|decode)_?(tokens?|length|toks|len|token_count|num_tokens)$|^num_(output|decode|completion)_tokens$|^osl$/,
    0,
  ],
  [
    'count',
    /^(num_|n_|no_|number_of_|total_)?(requests?|reqs?|invocations?|queries|calls|hits|instances|inst)(_?(count|number|num|rate|total|per_\w+|s|sec|min))?$|^arrivals?_(count|number|num|rate|per_\w+)$|^num_arrivals$|^(count|counts|sum|sample_?count|rate|rps|qps|batch_?size|repeats|multiplicity|invocations_per_\w+)$|_(rps|qps)$|(^|[^a-z])(requests|reqs|queries|invocations|hits)([^a-z]|$)/,
    0,
  ],
  ['event', /^(event|events|event_?(type|name|kind|code)|ph|metric|metric_?name|action)$/, 0],
  ['model', /^(model|model_?(name|id)|llm|network)$/, 0],
  // AIPerf's `credit_issued_ns` is the time of a permission, not of the request.
  ['other', /^credit_/, 0],
  ['other', /token|length|(^|_)(id|ids|size|bytes|count|rate|rps|qps)$/, 0],
  [
    'gap',
    /inter_?(arrival|request|departure)|(^|_)(iat|gap|gaps|delta|deltas|interval|intervals|dt)(_|$)|since_(last|prev)|^(delay|sleep|pause)$/,
    0,
  ],
  [
    'duration',
    /duration|latency|latencies|elapsed|run_?time|(^|_)(execution|exec|service|process|processing|inference|generation|prefill|decode|response|queue|queueing|queuing|wait|waiting|think|compute|gpu|cpu|total)_time|time_(taken|spent|to_first)|ttft|tpot|itl|e2e|timeout|uptime|(^|_)(dur|lat|rt|rtt|took|tat|turnaround|ttlb)(_|$)/,
    0,
  ],
  [
    'end',
    /(^|_)(end|ended|ends|finish|finished|complete|completed|completion|done|stop|stopped|departure|departed|exit|exited|leave|left|close|closed|last)(_|$)|^(response|reply|resp)_/,
    0,
  ],
  ['arrival', /arriv/, 1],
  [
    'arrival',
    /(^|_)(submit|submitted|submission|enqueue|enqueued|queued|received|created|creation)_?(time|at|ts|timestamp|time_stamp|date)?$/,
    2,
  ],
  ['arrival', /^(time_?stamps?|ts)$/, 3],
  [
    'arrival',
    /(^|_)(request|requested|start|started|begin|began|open|opened|enter|entered|entry|issue|issued|send|sent|invocation)_?(time|at|ts|timestamp|time_stamp|date|utc)?$/,
    4,
  ],
  ['arrival', /time_?stamp|(^|_)ts$/, 5],
  ['arrival', /^(time|times|t|date|datetime|date_time|asctime|when|at|epoch|unix|unix_time|unixtime|seconds)$/, 6],
  ['arrival', /time|(^|_)(date|epoch)(_|$)/, 7],
];

/** Whether a cell is only a unit, as in the second row of a header: `ms`, `(ms)` or `[us]`. */
export function isUnit(cell: string): boolean {
  return unitOf.has(cell.toLowerCase().replace(/^[([](.*)[)\]]$/u, '$1'));
}

/** Reads names such as "timestamp_ns", "Arrival time (ms)", "time[us]", "requestStartNs", "seconds" and "metadata.request_start_ns". */
export function readColumnName(header: string): ColumnName {
  const lower = lastPart(header);
  const words = lower.split(/[\s_\-/()[\]]+/u).filter((word) => word !== '');
  const named = unitOf.get(words.at(-1) ?? '');
  const isUnit = named !== undefined && (words.length > 1 || (lower.length > 1 && lower !== 'days'));
  const hasStrangeUnit =
    words.length > 1 && (strangeUnit.test(words.at(-1) ?? '') || (isUnit && /^\d+$/u.test(words.at(-2) ?? '')));
  const unitsPerSecond = isUnit ? named : undefined;
  const name = (isUnit && words.length > 1 ? words.slice(0, -1) : words).join('_');
  // "Requests/s" is a rate, and not a time in seconds.
  const whole = words.join('_');
  for (const [role, pattern, rank] of roles)
    if ((role === 'count' || role === 'event') && pattern.test(whole))
      return { role, rank, unitsPerSecond: undefined, hasStrangeUnit };
  if (isUnit && words.length === 1) return { role: 'arrival', rank: 6, unitsPerSecond, hasStrangeUnit };
  for (const [role, pattern, rank] of roles)
    if (pattern.test(name)) return { role, rank, unitsPerSecond, hasStrangeUnit };
  return { role: isUnit ? 'arrival' : 'other', rank: guessRank, unitsPerSecond, hasStrangeUnit };
}

/** Names of the start of a part of a request, which may have waited before. */
const startsOfParts =
  /(prefill|decode|exec|execution|service|process|processing|inference|gpu|compute|batch|kernel)_?(start|begin)|(^|_)(dispatch|dequeue|schedule)/;

/** Whether the name of a column is that of the start of processing, and not of the arrival before it. */
export function namesStartOfPart(name: string): boolean {
  return startsOfParts.test(lastPart(name));
}

/** Names that mean arrivals even in a file with other times: submissions of clusters, `request_creation_time` of AWS, `StartUTC` of Traefik. */
const certainArrivals =
  /arriv|(^|_)(submit|submitted|submission|enqueue|enqueued|queued)(_|$)|^request_creation_time$|^start_utc$/;

/** Whether the name of a column is that of arrivals, even beside other columns of times. */
export function namesArrivals(name: string): boolean {
  return certainArrivals.test(lastPart(name));
}

/** The name of a field without the path of its objects, in the form of the patterns: `requestStart` is `request_start`. */
function lastPart(name: string): string {
  return name
    .slice(name.lastIndexOf('.') + 1)
    .replace(/([a-z\d])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .trim();
}

/** From this rank on, the name alone does not identify an arrival: `overhead_ms` has a unit and is not one. */
export const guessRank = 8;

const scratch = new Uint8Array(64);
const field = newTimeField();

/** What the cells of a column contain. */
export interface ColumnContent {
  /** The number of cells that are times, of cells that are not empty, and of all cells. */
  readonly times: number;
  readonly filled: number;
  readonly cells: number;
  readonly form: TimeForm;
  /** The character code of the decimal separator. */
  readonly decimalMark: number;
  /** Whether any number is not whole. `494467.0` is whole: programs that store all numbers as floats write it so. */
  readonly hasFraction: boolean;
  /** The most digits after the decimal point that any number has. */
  readonly decimals: number;
  readonly first: number;
  readonly last: number;
  /** How many times are earlier than the time before them. */
  readonly descents: number;
  /** Whether the values go up and down without a trend, as durations do. See `isTrendless`. */
  readonly isTrendless: boolean;
  /** Whether numbers that count from a start go up and down, with or without a trend: the durations of a queue that grows have one. */
  readonly isUneven: boolean;
  /** Whether each value is 1 more than the one before. Such a column counts the rows. */
  readonly isCounter: boolean;
  /** The values of the cells that are times, in their order. */
  readonly values: readonly number[];
}

export function looksLikeTime(text: string): boolean {
  return readTimeText(text) !== undefined;
}

interface TimeText {
  readonly value: number;
  readonly form: TimeForm;
}

/** A cell as a number of units, or as the seconds of a date or clock. It is exact enough for comparisons. */
function readTimeText(text: string, decimalMark: number = point): TimeText | undefined {
  if (text.length === 0 || text.length > scratch.length) return undefined;
  for (let at = 0; at < text.length; at++) scratch[at] = text.charCodeAt(at);
  field.decimalMark = decimalMark;
  if (!parseTime(scratch, 0, text.length, field)) return undefined;
  const { form } = field;
  return { value: field.high * 1e9 + field.low + field.fraction / 1e12, form };
}

/** `isCommaFree`: whether commas separate the columns of the file. Then a comma inside a cell is not a decimal separator. */
export function contentOf(cells: readonly string[], isCommaFree: boolean): ColumnContent {
  const decimalMark = !isCommaFree && hasDecimalCommas(cells) ? comma : point;
  const read = cells.flatMap((cell) => readTimeText(cell, decimalMark) ?? []);
  const numbers = read.filter(({ form }) => form === 'number').length;
  const dates = read.filter(({ form }) => form === 'date');
  const form = dates.length * 2 > read.length ? 'date' : numbers * 2 >= read.length ? 'number' : 'clock';
  const values = read.filter((one) => one.form === form).map(({ value }) => value);
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  const descents = steps.filter((step) => step < 0).length;
  return {
    times: read.length,
    filled: cells.filter((cell) => cell !== '').length,
    cells: cells.length,
    form,
    decimalMark,
    hasFraction: form === 'number' && read.some((one) => one.form === 'number' && !Number.isInteger(one.value)),
    decimals: form === 'number' ? cells.reduce((most, cell) => Math.max(most, decimalsOf(cell)), 0) : 0,
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
    descents,
    values,
    isTrendless: isTrendless(values, descents),
    isUneven: form === 'number' && epochUnit(values[0] ?? 0) === undefined && isUneven(values, descents),
    isCounter: steps.length > 0 && steps.every((step) => step === 1) && form === 'number',
  };
}

function decimalsOf(cell: string): number {
  return /^[+-]?\d*[.,](\d+)$/u.exec(cell)?.[1]?.length ?? 0;
}

/**
 * Whether numbers are written as `12,5`. Three digits after each comma may be thousands, so `1,000` is not read as a decimal, but `0,125`
 * is.
 */
function hasDecimalCommas(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  const commas = filled.filter((cell) => /^[+-]?\d+,\d+$/u.test(cell));
  return commas.length * 2 > filled.length && commas.some((cell) => /^[+-]?0,|,(\d{1,2}|\d{4,})$/u.test(cell));
}

/** With fewer values, no trend is computed, because it would mean nothing. Our assumption. */
const fewestForTrend = 5;
/**
 * The smallest trend, as a share of the range of the values. From the first half of a file to the second, arrivals in order move by about
 * half of their range. Values without an order move by far less. Our assumption.
 */
const leastTrend = 0.3;

/** Values go up and down if at least this share of the rows is earlier than the row before. Our assumption. */
const unevenShare = 1 / 8;

function isUneven(values: readonly number[], descents: number): boolean {
  return values.length >= fewestForTrend && descents >= unevenShare * values.length;
}

function isTrendless(values: readonly number[], descents: number): boolean {
  if (!isUneven(values, descents)) return false;
  const half = values.length >> 1;
  const mean = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / some.length;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return Math.abs(mean(values.slice(half)) - mean(values.slice(0, half))) < leastTrend * (high - low);
}

/** The unit in which a number is a date between 2001 and 2100. Undefined if there is no such unit. */
export function epochUnit(value: number): number | undefined {
  return [1, 1e3, 1e6, 1e9].find((unit) => value / unit > 978e6 && value / unit < 4.1e9);
}
