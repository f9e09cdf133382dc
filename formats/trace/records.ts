import { decodedName } from './decoded-text.ts';

/** One record of a text: a row of a CSV file or a JSON object, as the byte ranges of its cells. The object is reused for each record. */
export class TraceRecord {
  bytes = new Uint8Array(4096);
  length = 0;
  /** The names of the cells in JSON. Empty in CSV, where the position identifies a cell. */
  readonly names: string[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  count = 0;
  /** The line at which the record begins, counted from 1. */
  line = 1;
  /** Whether this is text between JSON objects, or an object without an end. Such a record has no cells. */
  isBroken = false;
  /** Whether the file ends inside the record, without a line break. */
  isLast = false;
  /** Whether a quoted cell has no end, or text after its end. An unknown number of rows may be inside. */
  hasStrayQuote = false;
  /** Whether a quoted cell has a line break. */
  hasBreak = false;
  /** Whether its line starts with #. */
  isComment = false;

  clear(line: number): void {
    this.length = 0;
    this.count = 0;
    this.line = line;
    this.isBroken = false;
    this.isLast = false;
    this.hasStrayQuote = false;
    this.hasBreak = false;
    this.isComment = false;
  }

  put(code: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = code;
  }

  cell(start: number, end: number, name = ''): void {
    this.names[this.count] = name;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  /** A cell as text, one character for each byte, without blanks at its ends. '' if the record has no such cell. */
  text(index: number): string {
    // The arrays still have the cells of earlier records.
    if (index >= this.count) return '';
    let text = '';
    const end = this.ends[index] ?? 0;
    for (let at = this.starts[index] ?? 0; at < end; at++) text += String.fromCharCode(this.bytes[at] ?? 0);
    return text.trim();
  }
}

/** A file with a larger record is not a trace. Our assumption: it leaves room for a long prompt. */
const mostRecordBytes = 16 * 2 ** 20;

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const blank = 0x20;
const backslash = 0x5c;
const hash = 0x23;

/** Receives a text piece by piece, and passes on its records. */
export interface RecordSplitter {
  /** The reason why the text cannot be read. Undefined as long as it can be read. */
  readonly problem: string | undefined;
  push(piece: Uint8Array): void;
  end(): void;
}

/**
 * Splits CSV as RFC 4180 describes it. Cells in double quotes can contain delimiters, line breaks, and quotes that are written twice. Lines
 * end in CRLF, LF or CR. Lines in which all cells are empty are left out. With `delimiter` 0, a line is one
 * cell. Several blanks separate two cells just as one blank does.
 */
export class CsvSplitter implements RecordSplitter {
  problem: string | undefined;
  private readonly record = new TraceRecord();
  private readonly delimiter: number;
  private readonly take: (record: TraceRecord) => void;
  private cellStart = 0;
  private isQuoted = false;
  /** Whether the last byte was a quote inside a quoted cell. It ends the cell, unless another quote follows. */
  private isAfterQuote = false;
  /** Whether the quoted cell has ended. Only blanks may follow before the next delimiter. */
  private isClosed = false;
  private wasCarriageReturn = false;
  private line = 1;

  constructor(delimiter: number, take: (record: TraceRecord) => void, line = 1) {
    this.delimiter = delimiter;
    this.take = take;
    this.line = line;
    this.record.line = line;
  }

  push(piece: Uint8Array): void {
    const { record } = this;
    for (let at = 0; at < piece.length && this.problem === undefined; at++) {
      const code = piece[at] ?? 0;
      if (code === newline && this.wasCarriageReturn) {
        this.wasCarriageReturn = false;
        continue;
      }
      this.wasCarriageReturn = code === carriageReturn;
      if (this.isQuoted) {
        if (this.isAfterQuote) {
          this.isAfterQuote = false;
          if (code === quote) {
            record.put(code);
            continue;
          }
          this.isQuoted = false;
          this.isClosed = true;
        } else {
          if (code === quote) this.isAfterQuote = true;
          else record.put(code);
          if (code === newline || code === carriageReturn) {
            this.line++;
            record.hasBreak = true;
          }
          if (record.length > mostRecordBytes) this.problem = 'a cell between quotes does not end';
          continue;
        }
      }
      if (code === newline || code === carriageReturn) {
        this.finish();
        this.line++;
        record.clear(this.line);
        this.cellStart = 0;
        this.isClosed = false;
      } else if (code === blank && this.delimiter === blank && record.length === this.cellStart) continue;
      else if (code === this.delimiter && this.delimiter !== 0) {
        record.cell(this.cellStart, record.length);
        this.cellStart = record.length;
        this.isClosed = false;
      } else if (this.isClosed) {
        if (code !== blank) record.hasStrayQuote = true;
      } else if (code === quote && this.isCellBlank()) {
        // Some programs write a blank after each delimiter.
        record.length = this.cellStart;
        this.isQuoted = true;
      } else if (code === 0) this.problem = 'the file is binary, not text';
      else {
        if (code === hash && record.length === 0 && record.count === 0) record.isComment = true;
        record.put(code);
        if (record.length > mostRecordBytes) this.problem = 'a line has more than 16 MiB';
      }
    }
  }

  end(): void {
    this.record.isLast = true;
    if (this.isQuoted && !this.isAfterQuote) this.record.hasStrayQuote = true;
    if (this.problem === undefined) this.finish();
  }

  private isCellBlank(): boolean {
    for (let at = this.cellStart; at < this.record.length; at++) if (this.record.bytes[at] !== blank) return false;
    return true;
  }

  private finish(): void {
    const { record } = this;
    // Blanks at the end of a line start no further cell.
    if (this.delimiter !== blank || record.count === 0 || record.length > this.cellStart)
      record.cell(this.cellStart, record.length);
    // Spreadsheets write a row of empty cells as a line of delimiters.
    const isEmpty = record.length === 0 || (record.count === 1 && record.text(0) === '');
    if (!isEmpty) this.take(record);
  }
}

/** Bytes that may be between JSON objects: blanks, line breaks, commas, the brackets of an array, and the record separator of RFC 7464. */
const betweenObjects: ReadonlySet<number> = new Set([0x20, 9, newline, carriageReturn, 0x2c, 0x5b, 0x5d, 0x1e]);

/**
 * Splits JSON objects, one on each line or in an array. Cells are the values that are numbers or texts, and the lists of block hashes. The name of a
 * cell is its path: `metadata.start`.
 */
export class JsonSplitter implements RecordSplitter {
  problem: string | undefined;
  private readonly record = new TraceRecord();
  private readonly take: (record: TraceRecord) => void;
  private depth = 0;
  private isText = false;
  private isEscaped = false;
  private line = 1;
  /** The last line with text outside of the objects. Each such line is reported once. */
  private strayLine = 0;
  private objects = 0;

  constructor(take: (record: TraceRecord) => void) {
    this.take = take;
  }

  push(piece: Uint8Array): void {
    const { record } = this;
    for (let at = 0; at < piece.length && this.problem === undefined; at++) {
      const code = piece[at] ?? 0;
      if (code === newline) this.line++;
      if (code === 0) this.problem = 'the file is binary, not text';
      if (this.depth === 0) {
        if (code !== 0x7b) {
          if (!betweenObjects.has(code) && this.strayLine !== this.line && this.objects > 0) {
            this.strayLine = this.line;
            this.giveBroken();
          }
          continue;
        }
        this.objects++;
        record.clear(this.line);
      }
      record.put(code);
      if (record.length > mostRecordBytes) this.problem = 'an object has more than 16 MiB';
      if (this.isText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (code === backslash) this.isEscaped = true;
        else if (code === quote) this.isText = false;
      } else if (code === quote) this.isText = true;
      else if (code === 0x7b) this.depth++;
      else if (code === 0x7d && --this.depth === 0) {
        readCells(record);
        this.take(record);
      }
    }
  }

  end(): void {
    if (this.depth === 0) return;
    // The recording was cut off. The objects before the cut are still used.
    if (this.objects > 1) this.giveBroken();
    else this.problem ??= 'its object has no end';
  }

  /** The text of the only object of the file, one character for each byte. Undefined if the file has no object, or several. */
  onlyObject(): string | undefined {
    if (this.objects !== 1) return undefined;
    const { bytes, length } = this.record;
    let text = '';
    for (let at = 0; at < length; at += 8192)
      text += String.fromCharCode(...bytes.subarray(at, Math.min(length, at + 8192)));
    return text;
  }

  private giveBroken(): void {
    const { record } = this;
    // For an object without an end, the record keeps the line at which it begins.
    record.clear(this.depth > 0 ? record.line : this.line);
    record.isBroken = true;
    this.take(record);
  }
}

const blockHashes = /^(hash_ids|block_hashes|block_ids|prompt_block_hashes)$/;

/** Whether a column of this name, perhaps in an object, has lists of block hashes; see block-hashes.ts. */
export function isBlockHashes(name: string): boolean {
  return blockHashes.test(name.slice(name.lastIndexOf('.') + 1));
}

/** Finds the cells of the object in the bytes of a record. Numbers keep all digits, because they are not converted to doubles. */
function readCells(record: TraceRecord): void {
  const { bytes, length } = record;
  const path: string[] = [];
  let arrays = 0;
  let name = '';
  let isName = true;
  let listStart = -1;
  for (let at = 0; at < length; at++) {
    const code = bytes[at] ?? 0;
    if (code === quote) {
      const start = at + 1;
      for (at = start; at < length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
      if (arrays > 0) continue;
      if (isName) name = decodedName(latin(bytes, start, at));
      else record.cell(start, at, [...path, name].join('.'));
    } else if (code === 0x3a) isName = false;
    else if (code === 0x2c) isName = arrays === 0;
    else if (code === 0x7b) {
      if (arrays === 0 && at > 0) path.push(name);
      isName = true;
    } else if (code === 0x7d) {
      if (arrays === 0) path.pop();
    } else if (code === 0x5b) {
      if (arrays === 0 && isBlockHashes(name)) listStart = at;
      arrays++;
    } else if (code === 0x5d) {
      arrays--;
      if (arrays === 0 && listStart >= 0) record.cell(listStart, at + 1, [...path, name].join('.'));
      if (arrays === 0) listStart = -1;
    } else if (arrays === 0 && !isName && code > 0x20) {
      const start = at;
      while (at < length && !endsNumber(bytes[at] ?? 0)) at++;
      record.cell(start, at, [...path, name].join('.'));
      at--;
    }
  }
}

function endsNumber(code: number): boolean {
  return code === 0x2c || code === 0x7d || code === 0x5d || code <= 0x20;
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < Math.min(end, start + 80); at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/**
 * The name of a column if a message may quote it. Text that does not look like a name may be a line of a private file, so it is not quoted.
 */
export function shownName(name: string): string | undefined {
  return /^(#|[@#]?[\p{L}_][\p{L}\p{M}\p{N}_ .@$()[\]/#%-]{0,40})$/u.test(name) ? name : undefined;
}
