import type { Checked, Diagnostic, DiagnosticCode, Origin } from '../../design/index.ts';
import { readText } from '../utf8.ts';
import { detectLayout } from './layout.ts';
import { newTimeField, parseTime } from './time-field.ts';

/** Malformed rows that are shown one by one; the rest are counted. */
const shownRows = 20;
/** A line of a trace is shorter; a file with a longer first line is none. */
const headBytes = 1 << 16;

/**
 * Reads arrival times from a trace: comma, semicolon, tab or blank separated columns with or without a header (the column is
 * found by its name, and its unit by the name's end: `timestamp_ns`, `arrival (ms)`), dates (Azure's LLM trace has seven digits
 * behind the second), or one plain column of seconds. Gives seconds since the earliest row, ascending. Malformed rows are left
 * out and reported with their line numbers; rows out of order are sorted. Never throws. `origin`: the statement that names
 * the file.
 */
export function readTrace(bytes: Uint8Array, origin: Origin): Checked<Float64Array | undefined> {
  const diagnostics: Diagnostic[] = [];
  const report = (code: DiagnosticCode, severity: Diagnostic['severity'], message: string) =>
    diagnostics.push({ code, severity, message, origin });
  const fail = (message: string): Checked<undefined> => {
    report('trace-unreadable', 'error', `cannot read the trace: ${message}`);
    return { value: undefined, diagnostics };
  };
  if (bytes.length === 0) return fail('the file is empty');
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return fail('the file is UTF-16; save it as UTF-8');
  const textStart = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // One sign a byte: offsets into this text are offsets into the file.
  const head = latin1(bytes, Math.min(bytes.length, headBytes));
  if (head.includes('\0')) return fail('the file is binary, not text');
  const layout = detectLayout(bytes, head, textStart);
  if (!layout.recognized && layout.columns > 1) {
    report(
      'trace-column',
      'warning',
      `no column of the trace is named like a time; the first one, '${layout.name}', is taken, in seconds`,
    );
  }
  const rows = readRows(bytes, layout.start, layout.line, layout.column, layout.delimiter, layout.unitsPerSecond);
  for (const row of rows.malformed) {
    report('trace-row', 'warning', `line ${row.line} of the trace is left out: ${row.problem}`);
  }
  const total = rows.count + rows.malformedCount;
  if (rows.count === 0) {
    return fail(
      total === 0
        ? 'it has no rows'
        : `none of its ${total} rows holds a time${layout.name === undefined ? '' : ` in column '${layout.name}'`}`,
    );
  }
  if (rows.malformedCount > 0) {
    report('trace-rows', 'warning', `${rows.malformedCount} of ${total} rows of the trace are malformed and left out`);
  }
  const times = rows.times.slice(0, rows.count);
  if (rows.firstUnsortedLine > 0) {
    times.sort();
    report(
      'trace-unsorted',
      'warning',
      `the trace is not in order of time (first at line ${rows.firstUnsortedLine}, ${rows.unsorted} rows earlier than the one before them); it is sorted`,
    );
  }
  const since1970 = layout.unitStated || rows.dates ? undefined : epochUnit(rows.firstTime);
  if (since1970 !== undefined) {
    for (let index = 0; index < times.length; index++) times[index] = (times[index] ?? 0) / since1970.perSecond;
    report(
      'trace-unit',
      'warning',
      `the trace states no unit; times as large as ${rows.firstTime} are taken as ${since1970.name} since 1970`,
    );
  }
  const first = times[0] ?? 0;
  if (first !== 0) for (let index = 0; index < times.length; index++) times[index] = (times[index] ?? 0) - first;
  return { value: times, diagnostics };
}

/** The unit in which a number this large is a time of our age; undefined where it may be seconds. */
function epochUnit(time: number): { readonly name: string; readonly perSecond: number } | undefined {
  if (time < 1e11) return undefined;
  if (time < 1e14) return { name: 'milliseconds', perSecond: 1e3 };
  return time < 1e17 ? { name: 'microseconds', perSecond: 1e6 } : { name: 'nanoseconds', perSecond: 1e9 };
}

interface Rows {
  /** The first row, as written; and whether rows are dates. */
  readonly firstTime: number;
  readonly dates: boolean;
  /** Seconds since the first row; `count` of them are set. */
  readonly times: Float64Array;
  readonly count: number;
  readonly malformed: readonly { readonly line: number; readonly problem: string }[];
  readonly malformedCount: number;
  /** Line of the first row that is earlier than the one before it; 0: none. */
  readonly firstUnsortedLine: number;
  readonly unsorted: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const blank = 0x20;

/** One pass over the bytes, without an object or a string per row. */
function readRows(
  bytes: Uint8Array,
  start: number,
  firstLine: number,
  column: number,
  delimiter: number,
  unitsPerSecond: number,
): Rows {
  const field = newTimeField();
  const malformed: { line: number; problem: string }[] = [];
  let times = new Float64Array(1024);
  let count = 0;
  let malformedCount = 0;
  let originHigh = 0;
  let originLow = 0;
  let originFraction = 0;
  let dates = false;
  let last = 0;
  let firstUnsortedLine = 0;
  let unsorted = 0;
  let line = firstLine - 1;
  let at = start;
  while (at < bytes.length) {
    line++;
    const lineStart = at;
    let fieldStart = at;
    let fieldEnd = -1;
    let index = 0;
    let code = 0;
    for (; at < bytes.length; at++) {
      code = bytes[at] ?? 0;
      if (code === newline || code === carriageReturn) break;
      if (code === delimiter && delimiter !== 0) {
        if (index === column) fieldEnd = at;
        index++;
        if (index === column) fieldStart = at + 1;
      }
    }
    if (fieldEnd < 0) fieldEnd = index >= column ? at : fieldStart;
    const lineEnd = at;
    at++;
    if (code === carriageReturn && bytes[at] === newline) at++;
    while (fieldStart < fieldEnd && isPadding(bytes[fieldStart] ?? 0)) fieldStart++;
    while (fieldEnd > fieldStart && isPadding(bytes[fieldEnd - 1] ?? 0)) fieldEnd--;
    if (parseTime(bytes, fieldStart, fieldEnd, field) && (count === 0 || field.isDate === dates)) {
      if (count === 0) {
        originHigh = field.high;
        originLow = field.low;
        originFraction = field.fraction;
        dates = field.isDate;
      }
      let whole = (field.high - originHigh) * 1e9 + (field.low - originLow);
      let fraction = field.fraction - originFraction;
      // Borrowed as on paper: 4.03 - 3.97 is then the double nearest to 0.06.
      if (fraction < 0 && whole > 0) {
        whole--;
        fraction += 1e12;
      }
      const seconds = (whole + fraction / 1e12) / (field.isDate ? 1 : unitsPerSecond);
      if (seconds < last) {
        if (unsorted === 0) firstUnsortedLine = line;
        unsorted++;
      }
      last = seconds;
      if (count === times.length) {
        const larger = new Float64Array(count * 2);
        larger.set(times);
        times = larger;
      }
      times[count++] = seconds;
      continue;
    }
    if (isBlankOrComment(bytes, lineStart, lineEnd)) continue;
    malformedCount++;
    if (malformed.length < shownRows) {
      malformed.push({
        line,
        problem: problemOf(bytes, fieldStart, fieldEnd, lineEnd, index < column, dates, count > 0),
      });
    }
  }
  return {
    firstTime: originHigh * 1e9 + originLow,
    dates,
    times,
    count,
    malformed,
    malformedCount,
    firstUnsortedLine,
    unsorted,
  };
}

function isBlankOrComment(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === blank || bytes[at] === 9)) at++;
  return at === end || bytes[at] === 0x23;
}

function isPadding(code: number): boolean {
  return code === blank || code === quote || code === 0x27 || code === 9;
}

function problemOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  lineEnd: number,
  isShort: boolean,
  dates: boolean,
  isKnown: boolean,
): string {
  if (isShort) return 'it has too few columns';
  if (end === start) return 'its time is empty';
  const written = readText(bytes, start, Math.min(end, lineEnd, start + 40));
  const wanted = isKnown ? (dates ? 'a date and time' : 'a number') : 'a number or a date and time';
  return `'${written}' is not ${wanted}`;
}

/** The first `length` bytes as text, one sign a byte. */
function latin1(bytes: Uint8Array, length: number): string {
  let text = '';
  const end = Math.min(length, bytes.length);
  for (let at = 0; at < end; at += 8192) text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 8192)));
  return text;
}
