import type { TraceOptions } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { type Column, holdsTimes } from './sample.ts';
import type { Finding } from './trace.ts';

/*
 * Programs that write a line when a request is done may write the time of its end, and others write the time of its start. A name such as
 * `timestamp` does not show which. A column of durations shows that the line was written at the end.
 */

/** Names of durations of a part of a request: they are not the time between its arrival and its end. */
const partial = /ttft|tpot|itl|first|queu|wait|prefill|decode|compute|gpu|cpu/u;
/** Names of durations that are none of a request. */
const unrelated = /think|timeout|uptime/u;
/** Names of the duration of a whole request. */
const whole = /total|e2e|end.?to.?end|elapsed|duration|latenc|taken|run.?time/u;

/** Columns with durations of requests, or of their parts. */
function durationsOf(columns: readonly Column[]): readonly Column[] {
  return columns.filter(
    ({ role, name, content }) =>
      role === 'duration' && content.form === 'number' && holdsTimes(content) && !unrelated.test(name.toLowerCase()),
  );
}

/** The column to subtract from ends, and what was guessed. undefined: there is none. */
export function subtractedFrom(
  columns: readonly Column[],
): { readonly duration: Column; readonly findings: readonly Finding[] } | undefined {
  const complete = durationsOf(columns).filter(({ name }) => !partial.test(name.toLowerCase()));
  const named = complete.filter(({ name }) => whole.test(name.toLowerCase()));
  const [duration, other] = named.length > 0 ? named : complete;
  if (duration === undefined) return undefined;
  if (other === undefined) return { duration, findings: [] };
  const message = traceMessages.severalDurations({ column: duration.name, other: other.name });
  return { duration, findings: [{ message, effect: { kind: 'any' } }] };
}

/** Ranks of names that mean that a time is the arrival or the start of a request, such as `arrival_time`, `created_at` and `start_time`. */
const ranksOfStarts: ReadonlySet<number> = new Set([1, 2, 4]);

/** A caveat if the times of an arrival column can be ends. */
export function doubtAboutEnds(times: Column, columns: readonly Column[], options: TraceOptions): Finding | undefined {
  const isStated = options.ends !== undefined || options.gaps !== undefined || options.column !== undefined;
  if (isStated || times.role !== 'arrival' || ranksOfStarts.has(times.rank)) return undefined;
  const [duration] = durationsOf(columns);
  // BurstGPT has the times of submission (HPMLL/BurstGPT, README).
  const isBurstGpt = columns.some(({ name }) => name === 'Request tokens');
  if (duration === undefined || isBurstGpt) return undefined;
  const message = traceMessages.mayBeEnds({ column: times.name, durations: duration.name });
  return { message, effect: { kind: 'any' } };
}

/** k6 writes the time at which a request ended, and its metrics in rows of their own (results-output/real-time in its documentation). */
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
