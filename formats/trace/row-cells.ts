import type { TraceLayout } from './layout.ts';
import type { TraceRecord } from './records.ts';
import { comma, newTimeField, parseTime } from './time-field.ts';

/** Reads the cells of one row at a time. It allocates no object for a row. */
export class RowCells {
  /** JSON finds its cells by name, and CSV by position. Undefined for CSV. */
  private readonly names: readonly string[] | undefined;
  private readonly width: number | undefined;
  /** The time that was parsed last. */
  readonly field = newTimeField();
  /** The end from which the last duration was subtracted, in seconds since the first row. */
  lastEnd = 0;
  /** A day and a time of day that are in two cells. */
  private readonly joined = new Uint8Array(128);
  private start = 0;
  private end = 0;
  private high = 0;
  private low = 0;
  private fraction = 0;

  /** `width`: the number of cells that a row of a CSV file should have. Undefined for JSON. */
  constructor(names: readonly string[] | undefined, width: number | undefined) {
    this.names = names;
    this.width = width;
  }

  /** The time of the first row in units of the file. */
  get firstTime(): number {
    return this.high * 1e9 + this.low + this.fraction / 1e12;
  }

  /** The place of a column in a record. */
  indexOf(record: TraceRecord, column: number): number {
    const name = this.names?.[column];
    if (name === undefined) return column;
    if (record.names[column] === name) return column;
    for (let index = 0; index < record.count; index++) if (record.names[index] === name) return index;
    return record.count;
  }

  /**
   * The time of a row in seconds, or the length of its gap. Undefined if the cell has none. The times of other rows count from the `isFirst` one.
   * Of a row with a duration, `lastEnd` is its end.
   */
  secondsAt(record: TraceRecord, index: number, layout: TraceLayout, isFirst: boolean): number | undefined {
    if (index >= record.count) return undefined;
    const { field } = this;
    field.decimalMark = layout.decimalMark;
    if (!this.parse(record, index, layout) || field.form !== layout.form) return undefined;
    if (layout.isFractionApart && field.fraction === 0) {
      const digits = /^\d{3}/u.exec(record.text(index + 1))?.[0];
      if (digits !== undefined) field.fraction = Number(digits) * 1e9;
    }
    if (layout.meaning === 'gap') {
      const gap = (field.high * 1e9 + field.low + field.fraction / 1e12) / layout.unitsPerSecond;
      return gap < 0 ? undefined : gap;
    }
    if (isFirst) {
      this.high = field.high;
      this.low = field.low;
      this.fraction = field.fraction;
    }
    let whole = (field.high - this.high) * 1e9 + (field.low - this.low);
    let fraction = field.fraction - this.fraction;
    // Subtracts with a borrow, as on paper. So 4.03 - 3.97 becomes the double that is nearest to 0.06.
    if (fraction < 0 && whole > 0) {
      whole--;
      fraction += 1e12;
    }
    const seconds = (whole + fraction / 1e12) / layout.unitsPerSecond;
    if (layout.duration === undefined) return seconds;
    const duration = this.numberAt(record, layout.duration, layout) / layout.durationUnitsPerSecond;
    this.lastEnd = seconds;
    return duration >= 0 ? seconds - duration : undefined;
  }

  /** Parses the time of a row into `field`. Returns false if it is none. */
  parse(record: TraceRecord, index: number, { dayColumn }: TraceLayout): boolean {
    this.trim(record, index);
    if (dayColumn === undefined) return parseTime(record.bytes, this.start, this.end, this.field);
    // The day and the time of day are in two cells. They are parsed as one date.
    const { joined } = this;
    const timeStart = this.start;
    const timeLength = this.end - timeStart;
    this.trim(record, this.indexOf(record, dayColumn));
    const dayLength = this.end - this.start;
    if (dayLength + timeLength >= joined.length) return false;
    for (let at = 0; at < dayLength; at++) joined[at] = record.bytes[this.start + at] ?? 0;
    joined[dayLength] = 0x20;
    for (let at = 0; at < timeLength; at++) joined[dayLength + 1 + at] = record.bytes[timeStart + at] ?? 0;
    return parseTime(joined, 0, dayLength + 1 + timeLength, this.field);
  }

  /** Finds the bytes of a cell without blanks and quotes around it: from `start` to `end`. */
  private trim({ bytes, starts, ends }: TraceRecord, index: number): void {
    let start = starts[index] ?? 0;
    let end = ends[index] ?? 0;
    while (start < end && isPadding(bytes[start] ?? 0)) start++;
    while (end > start && isPadding(bytes[end - 1] ?? 0)) end--;
    this.start = start;
    this.end = end;
  }

  /** A number of a row. If the delimiter split the fraction of a date into its own cell, all later cells are one place further right. */
  numberAt(record: TraceRecord, column: number, layout: TraceLayout): number {
    const isShifted = layout.isFractionApart && column > layout.column && record.count > (this.width ?? record.count);
    const text = record.text(this.indexOf(record, column) + (isShifted ? 1 : 0));
    return text === '' ? Number.NaN : Number(layout.decimalMark === comma ? text.replace(',', '.') : text);
  }
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 9 || code === 0x27;
}
