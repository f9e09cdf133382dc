import type { Caveat, Checked, Diagnostic, Message, Origin, RecordedTrace, TraceOptions } from '../../design/index.ts';
import { traceMessages } from '../messages/index.ts';
import { arrivalsOf } from './arrivals.ts';
import { isUnit, looksLikeTime, readColumnName } from './columns.ts';
import { decoded } from './decoded-text.ts';
import { delimiterOf } from './delimiter.ts';
import { chooseLayout, type TraceLayout } from './layout.ts';
import { CsvSplitter, JsonSplitter, type RecordSplitter, type TraceRecord } from './records.ts';
import { TraceRows } from './rows.ts';
import type { Finding, TraceReading } from './trace.ts';

/** The number of records that are read before the columns are chosen. */
const sampleRecords = 256;
/** The number of bytes that decide about the kind of the file and its delimiter. */
const headBytes = 1 << 16;

/** Reads a trace piece by piece. It keeps only numbers in memory, however long the file is. */
export interface TraceReader {
  /** Returns false if the reader needs no more bytes, because the file is not a trace. */
  push(piece: Uint8Array): boolean;
  end(): TraceReading;
}

/**
 * Reads arrival times from CSV (RFC 4180) or JSON. CSV can have commas, semicolons, tabs, vertical bars or blanks between its columns, and
 * a header or none. JSON objects are one on each line or in an array. The reader finds the column by its name and content. It finds the
 * unit by `options`, the name of the column, or the content. It never throws.
 */
export function createTraceReader(options: TraceOptions = {}): TraceReader {
  return new StreamedTrace(options);
}

class StreamedTrace implements TraceReader {
  private readonly options: TraceOptions;
  private head = new Uint8Array(0);
  private splitter: RecordSplitter | undefined;
  private isJson = false;
  private delimiter = 0;
  private names: string[] | undefined;
  private isHeaderRead = false;
  /** The cells of the first records, until the columns are chosen. */
  private sample: { readonly cells: readonly string[]; readonly line: number; readonly isLast: boolean }[] = [];
  /** The lines among the first records that contain no record. */
  private broken: number[] = [];
  /** The lines among the first records that start with #, after the header or the first row. */
  private comments: { readonly cells: readonly string[]; readonly line: number }[] = [];
  private strayQuoteLine: number | undefined;
  private layout: TraceLayout | undefined;
  private rows: TraceRows | undefined;
  private failure: Finding | undefined;

  constructor(options: TraceOptions) {
    this.options = options;
  }

  push(piece: Uint8Array): boolean {
    if (this.splitter === undefined) {
      const head = new Uint8Array(this.head.length + piece.length);
      head.set(this.head);
      head.set(piece, this.head.length);
      this.head = head;
      if (head.length >= headBytes) this.start();
    } else this.splitter.push(piece);
    return this.failure === undefined && this.splitter?.problem === undefined;
  }

  end(): TraceReading {
    if (this.splitter === undefined) this.start();
    this.splitter?.end();
    if (this.splitter instanceof JsonSplitter && holdsLists(this.splitter.onlyObject()))
      this.failure = { message: traceMessages.oneObject() };
    if (this.failure === undefined && this.layout === undefined) this.choose();
    const problem = this.splitter?.problem;
    if (problem !== undefined) this.fail(problem);
    if (this.failure !== undefined) return { trace: undefined, findings: [this.failure] };
    const { layout, rows, options, strayQuoteLine } = this;
    if (layout === undefined || rows === undefined) return { trace: undefined, findings: [] };
    const collected = rows.done(layout);
    return arrivalsOf(strayQuoteLine === undefined ? collected : { ...collected, strayQuoteLine }, layout, options);
  }

  private fail(why: string): void {
    this.failure ??= { message: traceMessages.unreadable({ why }) };
  }

  private start(): void {
    const { head } = this;
    this.head = new Uint8Array(0);
    if (head.length === 0) {
      this.fail('the file is empty');
      return;
    }
    const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
    if (isWide) {
      this.fail('the file is UTF-16; save it as UTF-8');
      return;
    }
    const packed = packedKind(head);
    if (packed !== undefined) {
      this.fail(packed);
      return;
    }
    if (head.subarray(0, headBytes).includes(0)) {
      const isWideText = head.length > 3 && head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0;
      this.fail(isWideText ? 'the file is UTF-16; save it as UTF-8' : 'the file is binary, not text');
      return;
    }
    const begin = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    let text = '';
    const end = Math.min(head.length, headBytes);
    for (let at = begin; at < end; at += 8192)
      text += String.fromCharCode(...head.subarray(at, Math.min(end, at + 8192)));
    // RFC 7464 puts a record separator before each object.
    this.isJson = /^\s*(?:\[\s*)?\{/u.test(text.startsWith('\u001e') ? text.slice(1) : text);
    const take = (record: TraceRecord): void => this.take(record);
    if (/^\s*\[\s*(?:\[|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*[,\]])/iu.test(text)) {
      this.failure = { message: traceMessages.jsonArrays() };
      return;
    }
    // Excel can state the delimiter in the first line.
    const stated = /^sep=(.)\r?\n/u.exec(text);
    this.delimiter = stated?.[1]?.charCodeAt(0) ?? delimiterOf(text);
    this.splitter = this.isJson
      ? new JsonSplitter(take)
      : new CsvSplitter(this.delimiter, take, stated === null ? 1 : 2);
    this.splitter.push(head.subarray(begin + (stated?.[0].length ?? 0)));
  }

  private take(record: TraceRecord): void {
    if (this.failure !== undefined) return;
    if (record.hasStrayQuote) {
      this.strayQuoteLine ??= record.line;
      return;
    }
    if (record.isComment && !this.isHeaderRead) return;
    if (this.rows !== undefined && this.layout !== undefined) {
      this.rows.add(record, this.layout);
      return;
    }
    if (record.isBroken) {
      this.broken.push(record.line);
      return;
    }
    if (this.isJson) {
      this.names ??= [];
      const { names } = this;
      for (let index = 0; index < record.count; index++) {
        const name = record.names[index] ?? '';
        if (!names.includes(name) && names.length < 1000) names.push(name);
      }
      const cells = names.map((name) => record.text(indexOfName(record, name)));
      this.sample.push({ cells, line: record.line, isLast: false });
    } else {
      const cells = Array.from({ length: record.count }, (_, index) => record.text(index));
      if (record.isComment) {
        if (this.comments.length < sampleRecords) this.comments.push({ cells, line: record.line });
        return;
      }
      if (!this.isHeaderRead && isHeader(cells)) this.names = cells.map(decoded);
      else this.sample.push({ cells, line: record.line, isLast: record.isLast });
      this.isHeaderRead = true;
    }
    if (this.sample.length >= sampleRecords) this.choose();
  }

  private choose(): void {
    if (this.failure !== undefined) return;
    if (this.sample.length === 0) {
      this.fail('it has no rows');
      return;
    }
    const { isJson, options } = this;
    const [second] = this.sample;
    // Some programs write the units in a second row of the header.
    const hasUnits =
      this.names !== undefined && !isJson && second?.cells.some(isUnit) === true && !second.cells.some(looksLikeTime);
    const units = hasUnits ? this.sample.shift()?.cells : undefined;
    const rows = this.sample.map(({ cells }) => cells);
    // R's `write.table` writes the names of the rows as a first column, which has no name in the header.
    const width = this.names?.length ?? 0;
    if (
      !isJson &&
      width > 0 &&
      rows.every((row) => row.length === width + 1 && row[width] !== '') &&
      !hasDatesApart(rows)
    )
      this.names?.unshift('');
    const { names } = this;
    const hasCommas = !isJson && this.delimiter === 0x2c;
    const layout = chooseLayout({ names, units, isJson, rows, hasCommas }, options);
    if ('message' in layout) {
      this.failure = layout;
      return;
    }
    this.layout = layout;
    const cellCount = isJson ? undefined : (names?.length ?? usualWidth(rows));
    this.rows = new TraceRows(isJson ? names : undefined, cellCount, layout.watched, this.delimiter);
    for (const line of this.broken) this.rows.addBroken(line);
    for (const { cells, line } of this.comments) this.rows.addComment(cells, line, layout);
    for (const { cells, line, isLast } of this.sample) this.rows.addTexts(cells, line, isLast, layout);
    this.sample = [];
    this.broken = [];
    this.comments = [];
  }
}

/** Every time starts with a digit, a sign or a decimal point. In most headers no name does. Some headers contain numbers beside names. */
function isHeader(cells: readonly string[]): boolean {
  if (!cells.some(looksLikeTime)) return true;
  return cells.some(
    (cell) =>
      !looksLikeTime(cell) && cell !== '' && readColumnName(cell).rank < 8 && readColumnName(cell).role !== 'other',
  );
}

/** Whether the rows have more cells than the header because a comma separates the milliseconds from each date. */
function hasDatesApart(rows: readonly (readonly string[])[]): boolean {
  return rows.every((row) =>
    row.some((cell, index) => /:\d\d$/u.test(cell) && /^\d{3}(?!\d)/u.test(row[index + 1] ?? '')),
  );
}

/** The width of most rows. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** Names the kind of packed or binary file and how to convert it to text. Undefined for a text. */
function packedKind(head: Uint8Array): string | undefined {
  const starts = (...codes: number[]): boolean => codes.every((code, index) => head[index] === code);
  if (starts(0x1f, 0x8b)) return 'the file is compressed with gzip; unpack it first, for example with gunzip -k';
  if (starts(0x28, 0xb5, 0x2f, 0xfd))
    return 'the file is compressed with zstd; unpack it first, for example with unzstd';
  if (starts(0x42, 0x5a, 0x68))
    return 'the file is compressed with bzip2; unpack it first, for example with bunzip2 -k';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a))
    return 'the file is compressed with xz; unpack it first, for example with unxz -k';
  if (starts(0x50, 0x4b, 3, 4)) return 'the file is a ZIP archive or a spreadsheet; unpack it, or save it as CSV';
  if (starts(0x50, 0x41, 0x52, 0x31))
    return 'the file is a Parquet file; write it as CSV, for example with pandas: read_parquet(...).to_csv(...)';
  return undefined;
}

/**
 * Whether a single JSON object contains all requests, instead of being one request. It then has lists of objects, lists of times, or tables
 * as pandas writes them.
 */
function holdsLists(text: string | undefined): boolean {
  if (text === undefined) return false;
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof object !== 'object' || object === null) return false;
  if (isNumbered(object)) return true;
  return Object.entries(object).some(([name, value]) => {
    if (Array.isArray(value)) {
      if (value.some((item) => typeof item === 'object' && item !== null)) return true;
      return value.length > 1 && readColumnName(name).role === 'arrival';
    }
    return isNumbered(value);
  });
}

/** Whether the names of an object are numbers: an object for each row or a column, as pandas writes them. */
function isNumbered(value: unknown): boolean {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.length > 1 && keys.every((key) => /^\d+$/u.test(key));
}

function indexOfName(record: TraceRecord, name: string): number {
  for (let index = 0; index < record.count; index++) if (record.names[index] === name) return index;
  return record.count;
}

/** Reads a trace that is in memory. `origin`: the place in the `.npu` file that names the trace. */
export function readTrace(
  bytes: Uint8Array,
  origin: Origin,
  options: TraceOptions = {},
): Checked<RecordedTrace | undefined> {
  const reader = createTraceReader(options);
  reader.push(bytes);
  return placeTrace(reader.end(), origin);
}

/**
 * Attaches a reading to its place in a `.npu` file. All findings become diagnostics there. Findings with an effect on results also become
 * caveats.
 */
export function placeTrace({ trace, findings }: TraceReading, origin: Origin): Checked<RecordedTrace | undefined> {
  const diagnostics = findings.map(({ message }): Diagnostic => diagnosticOf(message, origin));
  if (trace === undefined) return { value: undefined, diagnostics };
  const caveats = findings.flatMap(({ message: { code, text }, effect }): Caveat[] => {
    // Each finding with an effect has the code of a caveat.
    return effect === undefined ? [] : [{ code: code as Caveat['code'], origin, text, effect }];
  });
  return { value: caveats.length === 0 ? trace : { ...trace, caveats }, diagnostics };
}

function diagnosticOf({ code, severity, text }: Message, origin: Origin): Diagnostic {
  return { code, severity, message: text, origin };
}
