import { assertNever, formatSeconds, type TraceOptions } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import type { TraceLayout } from './layout.ts';
import { TraceRecord } from './records.ts';
import { comma, newTimeField, parseTime } from './time-field.ts';
import type { Finding, TraceReading } from './trace.ts';

/** Malformed rows that are reported one by one; the rest are counted. */
const shownRows = 20;

/** Rows of a trace that are kept; a caveat counts those behind. Three columns of so many are 1.6 GB. Our assumption. */
const mostRows = 1e8;

/** A column of numbers that grows. */
class Growing {
  private values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  done(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** The numbers of a trace, row after row, without an object or a text per row. */
export class TraceRows {
  /** JSON finds its cells by name; CSV by place. */
  private readonly names: readonly string[] | undefined;
  /** Cells that a row of a CSV file should have; undefined in JSON. */
  private readonly width: number | undefined;
  private readonly field = newTimeField();
  private readonly scratch = new TraceRecord();
  /** Seconds since the first row, or the gap in seconds. */
  private readonly times = new Growing();
  private readonly prompt = new Growing();
  private readonly output = new Growing();
  private high = 0;
  private low = 0;
  private fraction = 0;
  private last = Number.NEGATIVE_INFINITY;
  private unsorted = 0;
  private firstUnsortedLine = 0;
  private readonly descents: { readonly depth: number; readonly line: number }[] = [];
  private malformed = 0;
  /** Rows behind the most that are kept. */
  private dropped = 0;
  /** Rows that `where` leaves out. */
  private others = 0;
  private readonly shown: Finding[] = [];

  constructor(names: readonly string[] | undefined, width: number | undefined) {
    this.names = names;
    this.width = width;
  }

  /** A record of the sample, as texts. */
  addTexts(cells: readonly string[], line: number, isLast: boolean, layout: TraceLayout): void {
    const { scratch } = this;
    scratch.clear(line);
    scratch.isLast = isLast;
    cells.forEach((cell, index) => {
      const start = scratch.length;
      for (let at = 0; at < cell.length; at++) scratch.put(cell.charCodeAt(at));
      scratch.cell(start, scratch.length, this.names?.[index] ?? '');
    });
    this.add(scratch, layout);
  }

  /** A line that holds no record. */
  addBroken(line: number): void {
    this.leaveOut(line, 'it is not a whole JSON object');
  }

  add(record: TraceRecord, layout: TraceLayout): void {
    if (record.isBroken) {
      this.addBroken(record.line);
      return;
    }
    if (this.times.length >= mostRows) {
      this.dropped++;
      return;
    }
    const { where } = layout;
    if (where !== undefined && record.text(this.indexOf(record, where.column)) !== where.value) {
      this.others++;
      return;
    }
    const index = this.indexOf(record, layout.column);
    const shape = this.width === undefined ? undefined : shapeProblem(record, index, this.width, layout);
    const seconds = shape === undefined ? this.secondsAt(record, index, layout) : undefined;
    if (seconds === undefined) {
      this.leaveOut(record.line, shape ?? this.whyNot(record, index, layout));
      return;
    }
    if (layout.meaning !== 'gap') {
      if (seconds < this.last) {
        if (this.unsorted++ === 0) this.firstUnsortedLine = record.line;
        this.noteDescent(this.last - seconds, record.line);
      }
      this.last = seconds;
    }
    this.times.push(seconds);
    if (layout.prompt !== undefined) this.prompt.push(this.numberAt(record, layout.prompt, layout));
    if (layout.output !== undefined) this.output.push(this.numberAt(record, layout.output, layout));
  }

  private leaveOut(line: number, why: string): void {
    this.malformed++;
    if (this.shown.length < shownRows) this.shown.push({ message: traceMessages.row({ line, why }) });
  }

  /** Keeps the deepest steps to an earlier time: few of them that go far back are recordings one after another. */
  private noteDescent(depth: number, line: number): void {
    const { descents } = this;
    if (descents.length === mostRestarts && depth <= (descents.at(-1)?.depth ?? 0)) return;
    descents.push({ depth, line });
    descents.sort((a, b) => b.depth - a.depth);
    if (descents.length > mostRestarts) descents.pop();
  }

  finish(layout: TraceLayout, options: TraceOptions): TraceReading {
    const { malformed } = this;
    const count = this.times.length;
    const total = count + malformed;
    const findings: Finding[] = [...layout.findings];
    if (options.skip !== true) findings.push(...this.shown);
    if (count === 0) {
      const where = layout.name === '' ? '' : ` in column '${layout.name}'`;
      return {
        trace: undefined,
        findings: [
          ...findings,
          {
            message:
              total === 0 && layout.where !== undefined
                ? traceMessages.unreadable({ why: `no row has the value that 'where' states` })
                : traceMessages.unreadable({ why: `none of its ${total} rows has a time${where}` }),
          },
        ],
      };
    }
    if (malformed > 0 && options.skip !== true)
      findings.push({
        message: traceMessages.rows({ count: malformed, total }),
        effect: { kind: 'more-requests', count: malformed },
      });
    if (this.dropped > 0)
      findings.push({
        message: traceMessages.tooManyRows({ kept: count, dropped: this.dropped }),
        effect: { kind: 'more-requests', count: this.dropped },
      });
    if (layout.meaning === 'end') findings.push({ message: traceMessages.endsMinusDurations({ column: layout.name }) });
    let times = this.times.done();
    if (layout.meaning === 'gap') {
      // The first gap comes before the first request: times count from the first.
      let at = 0;
      times = times.map((gap, row) => {
        if (row > 0) at += gap;
        return at;
      });
    }
    const tokens = [
      [layout.prompt, this.prompt, 'prompt tokens'] as const,
      [layout.output, this.output, 'output tokens'] as const,
    ].map(([column, values, name]) =>
      column === undefined ? undefined : { values: Float32Array.from(values.done()), name },
    );
    const order = isSorted(times) ? undefined : orderOf(times);
    if (order !== undefined) {
      times = times.map((_, row) => times[order[row] ?? 0] ?? 0);
      if (this.unsorted > 0 && layout.meaning === 'time') findings.push(this.orderFinding(times));
    }
    const first = times[0] ?? 0;
    if (first !== 0) times = times.map((time) => time - first);
    const outlier = layout.meaning === 'gap' ? undefined : outlierOf(times);
    if (outlier !== undefined) findings.push({ message: traceMessages.outlier(outlier), effect: { kind: 'any' } });
    if (count > 1 && (times[count - 1] ?? 0) === 0 && options.spread !== false)
      findings.push({ message: traceMessages.oneInstant({ rows: count }), effect: { kind: 'any' } });
    const resolution = options.spread === false || layout.meaning === 'gap' ? undefined : coarseness(times);
    if (resolution !== undefined) {
      if (options.spread === true) times = spread(times, resolution.seconds);
      else
        findings.push({
          message: traceMessages.resolution({
            resolution: formatSeconds(resolution.seconds),
            rows: String(Number(resolution.rowsPerTime.toPrecision(3))),
          }),
          effect: { kind: 'any' },
        });
    }
    const [prompt, output] = tokens.map(
      (one) =>
        one &&
        (order === undefined ? one.values : one.values.map((_, row) => one.values[order[row] ?? 0] ?? Number.NaN)),
    );
    const named = tokens.flatMap((one) => (one === undefined ? [] : [one.name]));
    if (named.length > 0) findings.push({ message: traceMessages.tokens({ names: named }) });
    const stated = statedClauses(layout, options, { malformed, total, others: this.others });
    const start = layout.isEpoch && layout.meaning !== 'gap' ? this.startSeconds(layout) + first : undefined;
    return {
      trace: {
        timesSeconds: times,
        ...(start === undefined ? {} : { startSeconds: start }),
        ...(prompt === undefined ? {} : { promptTokens: prompt }),
        ...(output === undefined ? {} : { outputTokens: output }),
        ...(stated.length === 0 ? {} : { stated }),
      },
      findings,
    };
  }

  /** What was done with rows that are not in order, `times` sorted. */
  private orderFinding(times: Float64Array): Finding {
    const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0);
    const restarts = this.descents.filter(({ depth }) => depth * 2 > span);
    if (restarts.length > 0 && restarts.length < mostRestarts && restarts.length * 20 < times.length) {
      const line = Math.min(...restarts.map((one) => one.line));
      return { message: traceMessages.restarts({ line, count: restarts.length }), effect: { kind: 'any' } };
    }
    return {
      message: traceMessages.unsorted({ line: this.firstUnsortedLine, count: this.unsorted }),
      effect: { kind: 'none' },
    };
  }

  /** Seconds since 1970 of the row that times are counted from. */
  private startSeconds({ unitsPerSecond }: TraceLayout): number {
    return (this.high * 1e9 + this.low + this.fraction / 1e12) / unitsPerSecond;
  }

  private indexOf(record: TraceRecord, column: number): number {
    const name = this.names?.[column];
    if (name === undefined) return column;
    if (record.names[column] === name) return column;
    for (let index = 0; index < record.count; index++) if (record.names[index] === name) return index;
    return record.count;
  }

  private secondsAt(record: TraceRecord, index: number, layout: TraceLayout): number | undefined {
    if (index >= record.count) return undefined;
    const { field } = this;
    field.decimalMark = layout.decimalMark;
    if (!this.parse(record, index) || field.form !== layout.form) return undefined;
    if (layout.isFractionApart && field.fraction === 0) {
      const digits = /^\d{3}/u.exec(record.text(index + 1))?.[0];
      if (digits !== undefined) field.fraction = Number(digits) * 1e9;
    }
    if (layout.meaning === 'gap') {
      const gap = (field.high * 1e9 + field.low + field.fraction / 1e12) / layout.unitsPerSecond;
      return gap < 0 ? undefined : gap;
    }
    if (this.last === Number.NEGATIVE_INFINITY) {
      this.high = field.high;
      this.low = field.low;
      this.fraction = field.fraction;
    }
    let whole = (field.high - this.high) * 1e9 + (field.low - this.low);
    let fraction = field.fraction - this.fraction;
    // Borrowed as on paper: 4.03 - 3.97 is then the double nearest to 0.06.
    if (fraction < 0 && whole > 0) {
      whole--;
      fraction += 1e12;
    }
    const seconds = (whole + fraction / 1e12) / layout.unitsPerSecond;
    if (layout.duration === undefined) return seconds;
    const duration = this.numberAt(record, layout.duration, layout) / layout.durationUnitsPerSecond;
    return duration >= 0 ? seconds - duration : undefined;
  }

  private parse(record: TraceRecord, index: number): boolean {
    const { bytes } = record;
    let start = record.starts[index] ?? 0;
    let end = record.ends[index] ?? 0;
    while (start < end && isPadding(bytes[start] ?? 0)) start++;
    while (end > start && isPadding(bytes[end - 1] ?? 0)) end--;
    return parseTime(bytes, start, end, this.field);
  }

  /** Columns behind a fraction that stands apart are shifted by it. */
  private numberAt(record: TraceRecord, column: number, layout: TraceLayout): number {
    const isShifted = layout.isFractionApart && column > layout.column && record.count > (this.width ?? record.count);
    const text = record.text(this.indexOf(record, column) + (isShifted ? 1 : 0));
    return text === '' ? Number.NaN : Number(layout.decimalMark === comma ? text.replace(',', '.') : text);
  }

  private whyNot(record: TraceRecord, index: number, layout: TraceLayout): string {
    if (index >= record.count) return 'it has too few columns';
    if (record.text(index) === '') return 'its time is empty';
    if (layout.meaning === 'gap') return 'its gap is not a number from 0';
    if (layout.duration !== undefined && this.parse(record, index)) return 'its duration is not a number from 0';
    switch (layout.form) {
      case 'number':
        return 'its time is not a number';
      case 'date':
        return 'its time is not a date and time';
      case 'clock':
        return 'its time is not a time of day';
      default:
        return assertNever(layout.form);
    }
  }
}

/** What the file states about a trace, and what that did: for the report of a run. */
function statedClauses(
  layout: TraceLayout,
  options: TraceOptions,
  rows: { readonly malformed: number; readonly total: number; readonly others: number },
): readonly string[] {
  const clauses: string[] = [];
  const { malformed, total, others } = rows;
  if (options.column !== undefined) clauses.push(`the arrival times are in column '${options.column}'`);
  if (options.unit !== undefined) clauses.push(`its times are in ${options.unit}`);
  if (options.gaps !== undefined)
    clauses.push(`its values are ${options.gaps ? 'times between requests' : 'arrival times'}`);
  if (layout.where !== undefined)
    clauses.push(`only rows with ${options.where ?? ''} are replayed, ${total} of ${total + others}`);
  if (options.skip === true && malformed > 0)
    clauses.push(`${malformed} of ${total} rows that cannot be read are left out on purpose`);
  if (options.spread !== undefined)
    clauses.push(
      options.spread
        ? 'rows that share a coarse time are spread over it'
        : 'rows that share a time arrive at one instant',
    );
  return clauses;
}

/** Deep steps to an earlier time that are kept. More are no recordings one after another, but rows in no order. */
const mostRestarts = 64;

/** Why the cells of a CSV row cannot be told apart; undefined where they can, or where the time is not affected. */
function shapeProblem(record: TraceRecord, index: number, width: number, layout: TraceLayout): string | undefined {
  const { count } = record;
  if (count === width) return undefined;
  if (count < width) {
    if (record.isLast) return 'the file ends in the middle of it';
    // Cells are missing behind a time in the first column; anywhere else the time may be another cell.
    return index === 0 && count > 0 ? undefined : `it has ${count} cells instead of ${width}`;
  }
  if (layout.isFractionApart && count === width + 1) return undefined;
  let isPadded = true;
  for (let at = width; at < count; at++) if (record.text(at) !== '') isPadded = false;
  if (isPadded || (index === 0 && (layout.form === 'date' || !isThousand(record)))) return undefined;
  return `it has ${count} cells instead of ${width}`;
}

/** Whether a comma for thousands has cut a number: `12,500`. */
function isThousand(record: TraceRecord): boolean {
  return /^\d{1,3}$/u.test(record.text(0)) && /^\d{3}(\.\d*)?$/u.test(record.text(1));
}

/** How many times the others' span a single first or last request is away, from which its time is doubted. Our assumption. */
const outlierFactor = 10;
/** Requests below which no one of them is called an outlier. Our assumption. */
const fewestForOutlier = 10;

/** A first or last request that is far from all others, `times` ascending. A 0 among dates, or a number that was cut, looks like this. */
function outlierOf(
  times: Float64Array,
): { readonly which: 'first' | 'last'; readonly gap: string; readonly others: string } | undefined {
  const count = times.length;
  if (count < fewestForOutlier) return undefined;
  const at = (row: number): number => times[row] ?? 0;
  for (const [which, gap, others] of [
    ['first', at(1) - at(0), at(count - 1) - at(1)],
    ['last', at(count - 1) - at(count - 2), at(count - 2) - at(0)],
  ] as const) {
    if (others > 0 && gap > outlierFactor * others)
      return { which, gap: formatSeconds(gap), others: formatSeconds(others) };
  }
  return undefined;
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 9 || code === 0x27;
}

function isSorted(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) if ((times[row] ?? 0) < (times[row - 1] ?? 0)) return false;
  return true;
}

/** Rows in the order of their times; rows of one time stay in the file's order. */
function orderOf(times: Float64Array): Uint32Array {
  return Uint32Array.from(times, (_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
}

/** Rows that share a time, on average, from which a coarse clock is suspected; and the finest clock that is called coarse. Our assumptions. */
const crowd = 2;
const coarsestExact = 1000;

/** The clock's step where it is coarse and many rows share each of its times. */
function coarseness(times: Float64Array): { readonly seconds: number; readonly rowsPerTime: number } | undefined {
  let step = 0;
  let distinct = times.length > 0 ? 1 : 0;
  for (let row = 1; row < times.length; row++) {
    const gap = (times[row] ?? 0) - (times[row - 1] ?? 0);
    if (gap === 0) continue;
    distinct++;
    const microseconds = Math.round(gap * 1e6);
    if (Math.abs(gap * 1e6 - microseconds) > 1e-3 * Math.max(1, gap)) return undefined;
    step = divisor(step, microseconds);
    if (step < coarsestExact) return undefined;
  }
  const rowsPerTime = times.length / Math.max(1, distinct);
  return step === 0 || rowsPerTime < crowd ? undefined : { seconds: step / 1e6, rowsPerTime };
}

function divisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** Rows of one time at equal distances over the clock's step. */
function spread(times: Float64Array, step: number): Float64Array {
  const spaced = new Float64Array(times.length);
  for (let row = 0; row < times.length; ) {
    let end = row;
    while (end < times.length && times[end] === times[row]) end++;
    for (let k = row; k < end; k++) spaced[k] = (times[row] ?? 0) + (step * (k - row)) / (end - row);
    row = end;
  }
  return spaced;
}
