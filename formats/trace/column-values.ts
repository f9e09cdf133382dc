import { mostCodes } from './event-names.ts';
import type { TraceRecord } from './records.ts';

/** The different values of a column over all rows. It keeps only the first ones, so its memory is bounded. */
export class ColumnValues {
  /** The values without blanks around them. Empty cells are left out. */
  readonly values = new Set<string>();
  /** The same values as the file writes them, for comparisons that allocate nothing. */
  private readonly written: Uint8Array[] = [];
  private last = 0;

  /** Whether the column has more values than a column of codes. Further values are not kept. */
  get isFull(): boolean {
    return this.written.length > mostCodes;
  }

  add(record: TraceRecord, index: number): void {
    const { written } = this;
    const start = record.starts[index] ?? 0;
    const end = record.ends[index] ?? 0;
    if (start >= end || isSame(record.bytes, start, end, written[this.last])) return;
    const found = written.findIndex((value) => isSame(record.bytes, start, end, value));
    this.last = found < 0 ? written.length : found;
    if (found >= 0) return;
    written.push(record.bytes.slice(start, end));
    const text = record.text(index);
    if (text !== '') this.values.add(text);
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, value: Uint8Array | undefined): boolean {
  if (value === undefined || value.length !== end - start) return false;
  for (let at = 0; at < value.length; at++) if (value[at] !== bytes[start + at]) return false;
  return true;
}
