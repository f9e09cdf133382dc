import { type TraceUnit, traceUnits } from '../../design/index.ts';
import { newTimeField, parseTime } from './time-field.ts';

/** What the name of a column says that it holds. */
export type ColumnRole = 'arrival' | 'gap' | 'end' | 'duration' | 'prompt' | 'output' | 'other';

export interface ColumnName {
  readonly role: ColumnRole;
  /** The smaller, the likelier the arrival of a request, where there are several times. */
  readonly rank: number;
  /** Units in a second, where the name states the unit. */
  readonly unitsPerSecond: number | undefined;
}

const unitNames: Readonly<Record<TraceUnit, string>> = {
  ns: 'ns nsec nanos nanosec nanosecond nanoseconds',
  us: 'us µs μs âµs â¼s usec micros microsec microsecond microseconds',
  ms: 'ms msec millis millisec millisecond milliseconds',
  s: 's sec secs second seconds',
  min: 'min mins minute minutes',
  h: 'h hr hrs hour hours',
};
const unitOf: ReadonlyMap<string, number> = new Map(
  Object.entries(unitNames).flatMap(([unit, names]) =>
    names.split(' ').map((name) => [name, traceUnits[unit as TraceUnit]] as const),
  ),
);

/** Tried in this order: an `inter_arrival_time` is no arrival, and an `end_timestamp` is no timestamp. */
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
  ['other', /token|length|(^|_)(id|ids|size|bytes|count|rate|rps|qps)$/, 0],
  [
    'gap',
    /inter_?(arrival|request|departure)|(^|_)(iat|gap|gaps|delta|deltas|interval|intervals|dt)(_|$)|since_(last|prev)|^(delay|sleep|pause)$/,
    0,
  ],
  [
    'duration',
    /duration|latency|latencies|elapsed|run_?time|(execution|exec|service|processing|prefill|decode|response|queue|queueing|queuing|wait|waiting|think|compute|gpu|cpu|total)_time|time_(taken|spent|to_first)|ttft|tpot|itl|e2e|timeout|uptime/,
    0,
  ],
  [
    'end',
    /(^|_)(end|ended|ends|finish|finished|complete|completed|completion|done|stop|stopped|departure|last)(_|$)/,
    0,
  ],
  ['arrival', /arriv/, 1],
  ['arrival', /^(time_?stamps?|ts)$/, 2],
  [
    'arrival',
    /(^|_)(submit|submitted|submission|request|requested|start|started|issue|issued|send|sent|created|creation|received|enqueue|enqueued|invocation)_?(time|at|ts|timestamp|time_stamp|date)?$/,
    3,
  ],
  ['arrival', /time_?stamp|(^|_)ts$/, 4],
  ['arrival', /^(time|times|t|date|datetime|date_time|asctime|when|at|epoch|unix|unix_time|unixtime|seconds)$/, 5],
  ['arrival', /time|(^|_)(date|epoch)(_|$)/, 6],
];

/** "timestamp_ns", "Arrival time (ms)", "time[us]", "requestStartNs", "seconds", "metadata.request_start_ns". */
export function readColumnName(header: string): ColumnName {
  const last = header.slice(header.lastIndexOf('.') + 1);
  const lower = last
    .replace(/([a-z\d])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .trim();
  const words = lower.split(/[\s_\-/()[\]]+/u).filter((word) => word !== '');
  const named = unitOf.get(words.at(-1) ?? '');
  const isUnit = named !== undefined && (words.length > 1 || lower.length > 1);
  const unitsPerSecond = isUnit ? named : undefined;
  const name = (isUnit && words.length > 1 ? words.slice(0, -1) : words).join('_');
  if (isUnit && words.length === 1) return { role: 'arrival', rank: 5, unitsPerSecond };
  for (const [role, pattern, rank] of roles) if (pattern.test(name)) return { role, rank, unitsPerSecond };
  return { role: isUnit ? 'arrival' : 'other', rank: 7, unitsPerSecond };
}

const scratch = new Uint8Array(64);
const field = newTimeField();

/** What the cells of a column look like. */
export interface ColumnContent {
  /** Cells that are times, of all cells. */
  readonly times: number;
  readonly cells: number;
  readonly isDates: boolean;
  /** Whether a number has a decimal point. */
  readonly hasFraction: boolean;
  readonly first: number;
  /** Steps to an earlier time. */
  readonly descents: number;
}

export function looksLikeTime(text: string): boolean {
  return readTimeText(text) !== undefined;
}

/** A cell as a number of units, or seconds of a date; exact enough to compare. */
export function readTimeText(text: string): { readonly value: number; readonly isDate: boolean } | undefined {
  if (text.length === 0 || text.length > scratch.length) return undefined;
  for (let at = 0; at < text.length; at++) scratch[at] = text.charCodeAt(at);
  if (!parseTime(scratch, 0, text.length, field)) return undefined;
  return { value: field.high * 1e9 + field.low + field.fraction / 1e12, isDate: field.isDate };
}

export function contentOf(cells: readonly string[]): ColumnContent {
  let times = 0;
  let dates = 0;
  let descents = 0;
  let hasFraction = false;
  let first = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const cell of cells) {
    const time = readTimeText(cell);
    if (time === undefined) continue;
    if (times === 0) first = time.value;
    times++;
    if (time.isDate) dates++;
    else if (/[.e]/iu.test(cell)) hasFraction = true;
    if (time.value < before) descents++;
    before = time.value;
  }
  return { times, cells: cells.length, isDates: dates * 2 > times, hasFraction, first, descents };
}

/** The unit in which a number is a time of our age (2001 to 2100); undefined where it is none in any. */
export function epochUnit(value: number): number | undefined {
  return [1, 1e3, 1e6, 1e9].find((unit) => value / unit > 978e6 && value / unit < 4.1e9);
}
