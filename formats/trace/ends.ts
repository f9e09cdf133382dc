import type { TraceOptions } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { guessRank, namesArrivals, namesStartOfPart } from './columns.ts';
import { type Column, holdsTimes, nameOf } from './sample.ts';
import type { Finding } from './trace.ts';

/*
 * Programs that write a line when a request is done may write the time of its end, and others write the time of its start. A name such as
 * `timestamp` does not show which. A column of durations shows that the line was written at the end.
 */

/** Names of durations of a part of a request: they are not the time between its arrival and its end. */
const partial = /ttft|tpot|itl|first|queu|wait|prefill|decode|compute|gpu|cpu/u;
/** Names of durations that do not belong to a request. */
const unrelated = /think|timeout|uptime/u;
/** Names of the duration of a whole request. */
const whole = /total|e2e|end.?to.?end|elapsed|duration|latenc|taken|run.?time/u;

/** Names of waits before a request is processed. */
const waits = /(^|_)(queue|queueing|queuing|wait|waiting)(_|$)/u;

/** Columns with durations of requests, or of their parts. */
function durationsOf(columns: readonly Column[]): readonly Column[] {
  return columns.filter(
    ({ role, name, content }) =>
      role === 'duration' && content.form === 'number' && holdsTimes(content) && !unrelated.test(name.toLowerCase()),
  );
}

/** Names of numbers with decimals that are no durations. */
const noDurations =
  /score|temperature|top_?p|penalty|prob|price|cost|usd|percent|ratio|util|load|size|bytes|(^|_)([kmg]i?b|cpu|gpu|lat|lon|x|y|version)(_|$)/u;

/**
 * Columns with an unknown name whose values can be durations: numbers from 0 with decimals, nearly all of them different, without a trend. A column
 * of gaps is one of them if its values are not the differences of `times`.
 */
function unnamedDurations(times: Column, columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => {
    const { role, rank, name, content } = column;
    const isUnknown =
      (role === 'other' || role === 'arrival') && rank >= guessRank && !noDurations.test(name.toLowerCase());
    if (column === times || !(isUnknown || (role === 'gap' && !isDifference(column, times)))) return false;
    const { values, form, filled, cells } = content;
    const isVaried = new Set(values).size * 2 > values.length;
    const isPositive = values.every((value) => value >= 0);
    return (
      form === 'number' &&
      content.hasFraction &&
      filled === cells &&
      values.length > 1 &&
      isVaried &&
      isPositive &&
      content.isUneven
    );
  });
}

/** Whether gaps are the differences of times, up to their unit: they rise and fall with them. */
function isDifference({ content: gaps }: Column, { content: times }: Column): boolean {
  const differences = times.values.slice(1).map((time, row) => time - (times.values[row] ?? 0));
  // The gap of a row is to the row before or to the next one.
  return [gaps.values.slice(1), gaps.values.slice(0, -1)].some(
    (values) => values.length === differences.length && areProportional(values, differences),
  );
}

/** How far rounded gaps can be from the differences of rounded times, as a share of the largest one. Our assumption. */
const roundedGaps = 0.02;

function areProportional(left: readonly number[], right: readonly number[]): boolean {
  const scale = sumOf(left) / sumOf(right);
  const most = left.reduce((largest, value) => Math.max(largest, value), 0);
  return left.every((value, row) => Math.abs(value - scale * (right[row] ?? 0)) <= roundedGaps * most);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The column to subtract from ends, and what was guessed. undefined: there is none. */
export function subtractedFrom(
  columns: readonly Column[],
  times: Column,
  options: TraceOptions,
): { readonly duration: Column; readonly findings: readonly Finding[] } | undefined {
  const complete = durationsOf(columns).filter(({ name }) => !partial.test(name.toLowerCase()));
  const named = complete.filter(({ name }) => whole.test(name.toLowerCase()));
  const known = named.length > 0 ? named : complete;
  const [duration, other] = known.length > 0 || options.ends !== true ? known : unnamedDurations(times, columns);
  if (duration === undefined) return undefined;
  if (other === undefined) return { duration, findings: [] };
  const message = traceMessages.severalDurations({ column: nameOf(duration), other: nameOf(other) });
  return { duration, findings: [{ message, effect: { kind: 'any' } }] };
}

/** Ranks of names that mean that a time is the arrival or the start of a request, such as `arrival_time`, `created_at` and `start_time`. */
const ranksOfStarts: ReadonlySet<number> = new Set([1, 2, 4]);

/** A caveat if the times of an arrival column can be ends. */
export function doubtAboutEnds(times: Column, columns: readonly Column[], options: TraceOptions): Finding | undefined {
  if (isStated(options) || times.role !== 'arrival' || ranksOfStarts.has(times.rank)) return undefined;
  const [duration = unnamedDurations(times, columns)[0]] = durationsOf(columns);
  // BurstGPT has the times of submission (HPMLL/BurstGPT, README).
  const isBurstGpt = columns.some(({ name }) => name === 'Request tokens');
  if (duration === undefined || isBurstGpt) return undefined;
  const message = traceMessages.mayBeEnds({ column: nameOf(times), durations: nameOf(duration) });
  return { message, effect: { kind: 'any' } };
}

/** A caveat if the times of an arrival column can be the starts of processing, after a wait. */
export function doubtAboutWaits(times: Column, columns: readonly Column[], options: TraceOptions): Finding | undefined {
  if (isStated(options) || times.role !== 'arrival' || namesArrivals(times.name)) return undefined;
  const column = nameOf(times);
  if (namesStartOfPart(times.name)) return { message: traceMessages.mayBeStarts({ column }), effect: { kind: 'any' } };
  const wait = durationsOf(columns).find(({ name }) => waits.test(name.toLowerCase()));
  if (times.rank !== startRank) return undefined;
  if (wait !== undefined)
    return { message: traceMessages.mayBeStarts({ column, wait: nameOf(wait) }), effect: { kind: 'any' } };
  const end = columns.find((other) => other.role === 'end' && startsAtEnds(times, other));
  if (end === undefined) return undefined;
  return { message: traceMessages.startsAtEnds({ column, ends: nameOf(end) }), effect: { kind: 'any' } };
}

/** At least this share of requests starts when the one before ends. Our assumption: arrivals do not depend on the end of a request. */
const leastAtEnds = 0.1;
/** How far a start can be from an end, as a share of the time between start and end. Our assumption. */
const nearEnd = 1e-3;

/** Whether many requests start exactly when the one before ends, as in a queue. */
function startsAtEnds(starts: Column, ends: Column): boolean {
  const { values } = starts.content;
  const until = ends.content.values;
  if (starts.content.form !== ends.content.form || values.length !== until.length) return false;
  const meanSpan = (sumOf(until) - sumOf(values)) / values.length;
  const atEnds = values.filter(
    (start, row) => row > 0 && Math.abs(start - (until[row - 1] ?? 0)) <= nearEnd * meanSpan,
  );
  return atEnds.length > leastAtEnds * values.length;
}

/** The rank of `start_time` and the like. */
const startRank = 4;

function isStated({ ends, gaps, column }: TraceOptions): boolean {
  return ends !== undefined || gaps !== undefined || column !== undefined;
}

/** k6 writes the time at which a request ended, and each metric in a separate row (results-output/real-time in its documentation). */
const k6: readonly (readonly [metric: string, time: string, value: string])[] = [
  ['metric_name', 'timestamp', 'metric_value'],
  ['metric', 'data.time', 'data.value'],
];

/** Chrome's Trace Event Format: each event has its kind, its start in microseconds, and the numbers of a process and a thread. */
export function isChromeTrace(named: (name: string) => boolean): boolean {
  return named('ts') && named('ph') && (named('dur') || named('pid'));
}

/** nginx sets these when it writes the line, after the last bytes were sent (ngx_http_log_module). */
const nginxEnds = /^time_(local|iso8601)$/u;

/** The columns with the meaning that they have in the logs of known programs. `metric`: the column of metrics of k6, whose rows are not yet selected. */
export function knownLog(
  columns: readonly Column[],
  where: string | undefined,
): { readonly columns: readonly Column[]; readonly metric?: string } {
  const named = (wanted: string) => columns.some(({ name }) => name === wanted);
  for (const [metric, time, value] of k6) {
    if (![metric, time, value].every(named)) continue;
    const isSelected = where?.replaceAll(' ', '') === `${metric}=http_req_duration`;
    const known = columns.map((column): Column => {
      if (column.name === time) return { ...column, role: 'end', rank: 0 };
      return column.name === value && isSelected ? { ...column, role: 'duration', unitsPerSecond: 1e3 } : column;
    });
    return isSelected ? { columns: known } : { columns: known, metric };
  }
  if (isChromeTrace(named)) return { columns: columns.map(chromeColumn) };
  if (!columns.some(({ name }) => nginxEnds.test(name))) return { columns };
  return {
    columns: columns.map((column): Column => {
      if (nginxEnds.test(column.name)) return { ...column, role: 'end', rank: 0 };
      return column.name === 'request_time' ? { ...column, role: 'duration', unitsPerSecond: 1 } : column;
    }),
  };
}

function chromeColumn(column: Column): Column {
  switch (column.name) {
    case 'ts':
      return { ...column, role: 'arrival', rank: 1, unitsPerSecond: 1e6 };
    case 'dur':
      return { ...column, role: 'duration', rank: 0, unitsPerSecond: 1e6 };
    // Durations and times on the clock of the thread, and the numbers of processes, threads and events.
    case 'tts':
    case 'tdur':
    case 'pid':
    case 'tid':
    case 'id':
      return { ...column, role: 'other', rank: 0 };
    default:
      return column;
  }
}
