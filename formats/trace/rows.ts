import { assertNever } from '../../design/index.ts';
import { BlockHashes } from './block-hashes.ts';
import { looksLikeTime } from './columns.ts';
import { DayCount } from './day-count.ts';
import { decoded } from './decoded-text.ts';
import { GrowingColumn } from './growing-column.ts';
import type { TraceLayout } from './layout.ts';
import { TraceRecord } from './records.ts';
import { RowCells } from './row-cells.ts';
import { RowMeaning, type WatchedColumns } from './row-meaning.ts';
import { RowOrder } from './row-order.ts';
import { shapeProblem } from './row-shape.ts';

/**
 * The message about malformed rows lists this many of them and counts the others: enough to see what they have in common, and short enough
 * to read. Our assumption.
 */
const shownRows = 3;

/**
 * The most rows of a trace that the reader keeps. A caveat counts the rows after them. Three columns of this length use 1.6 GB. Our
 * assumption.
 */
const mostRows = 1e8;

/** How many rows of a trace were read, and what happened to the others. */
export interface RowCounts {
  /** Rows with a time. */
  readonly withTime: number;
  /** Rows that cannot be read. */
  readonly malformed: number;
  /** Rows after the last one that is kept. */
  readonly dropped: number;
  /** Rows that `where` leaves out. */
  readonly filteredOut: number;
}

/** The numbers of a trace in the order of the file. */
export interface CollectedRows {
  /** Seconds since the first row. */
  readonly times: Float64Array;
  /** The ends from which durations were subtracted, in seconds since the first row. Empty: none were. */
  readonly ends: Float64Array;
  readonly promptTokens: Float64Array | undefined;
  readonly outputTokens: Float64Array | undefined;
  readonly blockHashes: BlockHashes | undefined;
  /** The time of the first row on the clock of the file: since 1970 if the times are dates, and since the first row if they are gaps. */
  readonly baseSeconds: number;
  readonly order: RowOrder;
  readonly days: DayCount;
  readonly meaning: RowMeaning;
  /** How many dates state their offset from UTC, and how many do not. */
  readonly zones: { readonly stated: number; readonly missing: number };
  /** Whether any time has decimals that are not 0. */
  readonly hasFraction: boolean;
  readonly counts: RowCounts;
  /** The first line whose quotes do not match, or in which a quoted cell has lines that look like rows. Undefined: there is none. */
  readonly strayQuoteLine?: number;
  /** The first malformed rows in the order of the file: "line 6 (its time is empty)". */
  readonly firstMalformed: readonly string[];
}

/** Reads the numbers of a trace row by row. It allocates no object and no text for a row. */
export class TraceRows {
  private readonly names: readonly string[] | undefined;
  /** The number of cells that a row of a CSV file should have. Undefined for JSON. */
  private readonly width: number | undefined;
  private readonly delimiter: string;
  private strayQuoteLine: number | undefined;
  private readonly cells: RowCells;
  private readonly scratch = new TraceRecord();
  /** Seconds since the first row. */
  private readonly times = new GrowingColumn();
  private readonly ends = new GrowingColumn();
  private readonly prompt = new GrowingColumn();
  private readonly output = new GrowingColumn();
  private readonly blockHashes = new BlockHashes();
  private readonly order = new RowOrder();
  private readonly days = new DayCount();
  private readonly meaning: RowMeaning;
  private readonly zones = { stated: 0, missing: 0 };
  private hasFraction = false;
  /** The sum of the gaps of all earlier rows, including those that `where` leaves out. Undefined before the first row. */
  private gapsSeconds: number | undefined;
  private malformed = 0;
  /** Rows after the last one that is kept. */
  private dropped = 0;
  /** Rows that `where` leaves out. */
  private filteredOut = 0;
  private readonly firstMalformed: { readonly line: number; readonly why: string }[] = [];

  constructor(
    names: readonly string[] | undefined,
    width: number | undefined,
    watched: WatchedColumns,
    delimiter: number,
  ) {
    this.names = names;
    this.cells = new RowCells(names, width);
    this.delimiter = String.fromCharCode(delimiter);
    this.meaning = new RowMeaning(watched);
    this.width = width;
  }

  /** Adds a record of the sample, which is kept as texts. */
  addTexts(cells: readonly string[], line: number, isLast: boolean, layout: TraceLayout): void {
    this.put(cells, line);
    this.scratch.isLast = isLast;
    this.scratch.hasBreak = cells.some((cell) => cell.includes('\n'));
    this.add(this.scratch, layout);
  }

  /** A line of the sample that starts with #. */
  addComment(cells: readonly string[], line: number, layout: TraceLayout): void {
    this.put(cells, line);
    this.scratch.isComment = true;
    this.add(this.scratch, layout);
  }

  private put(cells: readonly string[], line: number): void {
    const { scratch } = this;
    scratch.clear(line);
    cells.forEach((cell, index) => {
      const start = scratch.length;
      for (let at = 0; at < cell.length; at++) scratch.put(cell.charCodeAt(at));
      scratch.cell(start, scratch.length, this.names?.[index] ?? '');
    });
  }

  /** Reports a line that contains no record. */
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
    const isLeftOut =
      where !== undefined && decoded(record.text(this.cells.indexOf(record, where.column))) !== where.value;
    // A gap counts even if its row is left out, because the time has passed.
    if (isLeftOut && layout.meaning !== 'gap') {
      this.filteredOut++;
      return;
    }
    const index = this.cells.indexOf(record, layout.column);
    if (record.isComment) {
      // A line with all cells and a time is probably a request whose first cell starts with #.
      if (
        record.count === this.width &&
        this.cells.secondsAt(record, index, layout, this.times.length === 0) !== undefined
      )
        this.leaveOut(record.line, 'it starts with # as a comment does, and has a time');
      return;
    }
    if (record.hasBreak && this.hidesRows(record, layout)) this.strayQuoteLine ??= record.line;
    const shape = this.width === undefined ? undefined : shapeProblem(record, index, this.width, layout);
    const read = shape === undefined ? this.cells.secondsAt(record, index, layout, this.times.length === 0) : undefined;
    const seconds = read === undefined || layout.meaning !== 'gap' ? read : this.afterGap(read);
    if (seconds === undefined) {
      this.leaveOut(record.line, shape ?? this.whyNot(record, index, layout));
      return;
    }
    if (isLeftOut) {
      this.filteredOut++;
      return;
    }
    const placed =
      layout.form === 'clock' && layout.meaning !== 'gap' ? this.days.place(seconds, record.line) : seconds;
    if (record.isLast && layout.meaning !== 'gap' && this.order.isCut(placed)) {
      this.leaveOut(record.line, 'the file seems to end in the middle of it: its time is earlier than the time before');
      return;
    }
    if (layout.meaning !== 'gap') this.order.add(placed, record.line);
    this.times.push(placed);
    if (layout.duration !== undefined) this.ends.push(this.cells.lastEnd + (placed - seconds));
    if (layout.form === 'date') this.zones[this.cells.field.hasZone ? 'stated' : 'missing']++;
    if (this.cells.field.fraction !== 0) this.hasFraction = true;
    this.meaning.add(record, this.placeOf);
    if (layout.prompt !== undefined) this.prompt.push(this.cells.numberAt(record, layout.prompt, layout));
    if (layout.output !== undefined) this.output.push(this.cells.numberAt(record, layout.output, layout));
    if (layout.blocks !== undefined) this.blockHashes.add(record, this.cells.indexOf(record, layout.blocks));
  }

  /** Whether a quoted cell has lines that have as many cells as a row, and a time in the right one. */
  private hidesRows(record: TraceRecord, { column }: TraceLayout): boolean {
    for (let index = 0; index < record.count; index++) {
      const inner = record.text(index).split('\n').slice(1);
      for (const line of inner) {
        const cells = line.split(this.delimiter);
        if (cells.length === this.width && looksLikeTime(cells[column]?.trim() ?? '')) return true;
      }
    }
    return false;
  }

  /** The time at which a gap ends. The first gap is before the first row, and times count from that row. */
  private afterGap(gap: number): number {
    this.gapsSeconds = this.gapsSeconds === undefined ? 0 : this.gapsSeconds + gap;
    return this.gapsSeconds;
  }

  private leaveOut(line: number, why: string): void {
    this.malformed++;
    const { firstMalformed } = this;
    // Lines without a record can be reported before the records of the sample, which are earlier in the file.
    const at = firstMalformed.findIndex((other) => other.line > line);
    firstMalformed.splice(at < 0 ? firstMalformed.length : at, 0, { line, why });
    if (firstMalformed.length > shownRows) firstMalformed.pop();
  }

  /** Returns everything that was collected, after the last row. */
  done({ unitsPerSecond, prompt, output, blocks }: TraceLayout): CollectedRows {
    const { malformed, dropped, filteredOut } = this;
    return {
      times: this.times.done(),
      ends: this.ends.done(),
      promptTokens: prompt === undefined ? undefined : this.prompt.done(),
      outputTokens: output === undefined ? undefined : this.output.done(),
      blockHashes: blocks === undefined ? undefined : this.blockHashes,
      baseSeconds: this.cells.firstTime / unitsPerSecond,
      order: this.order,
      days: this.days,
      meaning: this.meaning,
      ...(this.strayQuoteLine === undefined ? {} : { strayQuoteLine: this.strayQuoteLine }),
      zones: this.zones,
      hasFraction: this.hasFraction,
      counts: { withTime: this.times.length, malformed, dropped, filteredOut },
      firstMalformed: this.firstMalformed.map(({ line, why }) => `line ${line} (${why})`),
    };
  }

  private readonly placeOf = (record: TraceRecord, column: number): number => this.cells.indexOf(record, column);

  private whyNot(record: TraceRecord, index: number, layout: TraceLayout): string {
    if (index >= record.count) return 'it has too few columns';
    if (record.text(index) === '') return 'its time is empty';
    if (layout.meaning === 'gap') return 'its gap is not a number from 0';
    if (layout.duration !== undefined && this.cells.parse(record, index, layout))
      return 'its duration is not a number from 0';
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
