/**
 * Reads the part of the protobuf wire format (protobuf.dev/programming-guides/encoding) that ONNX uses. It never throws and never copies: a
 * length-delimited field is a range of the file. After a malformed byte, `problem` is set, the cursor is at its end, and every further read
 * returns zeros, so that loops terminate.
 */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
  readonly end: number;
  /** All cursors on one file share it. `entries`: the number of calls of `countEntry`. */
  readonly state: { problem: string | undefined; entries: number };
}

/**
 * Nodes of a graph, their inputs, outputs and attributes, tensors (each counts twice) and functions together. Each needs 200 to 350 bytes during the import. Our
 * assumption: a node has about seven, so 140,000 nodes fit, and the largest published exports have some ten thousand.
 */
export const maxEntries = 1_000_000;
const maxEntriesText = '1,000,000';

export interface Field {
  number: number;
  wireType: number;
  /** The value of a varint field, with its sign, or the raw little-endian bits of a 32-bit field. */
  value: number;
  /** The range of a length-delimited or fixed field. */
  start: number;
  end: number;
}

export const varintWire = 0;
const fixed64Wire = 1;
export const bytesWire = 2;
export const fixed32Wire = 5;

export function openCursor(bytes: Uint8Array): Cursor {
  return { bytes, position: 0, end: bytes.length, state: { problem: undefined, entries: 0 } };
}

export function subCursor(parent: Cursor, start: number, end: number): Cursor {
  return { bytes: parent.bytes, position: start, end, state: parent.state };
}

/** Counts an entry of the graph. With the first one above the limit, reading ends as after a malformed byte. */
export function countEntry({ state }: Cursor): void {
  state.entries++;
  if (state.entries > maxEntries)
    state.problem ??= `its graph has more than ${maxEntriesText} nodes, inputs, outputs, attributes and tensors together`;
}

function fail(cursor: Cursor, problem: string): void {
  cursor.state.problem ??= `${problem} (at byte ${cursor.position})`;
  cursor.position = cursor.end;
}

/** Reads a base-128 number of at most ten bytes as a signed 64-bit integer. Above 2^53 it is rounded to a double. */
function readVarint(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let position = cursor.position;
  const only = bytes[position] ?? 0x80;
  if (only < 0x80 && position < end) {
    cursor.position = position + 1;
    return only;
  }
  // The low 28 bits, the next 28 bits, and the rest. Each part fits 32-bit arithmetic.
  let low = 0;
  let middle = 0;
  let high = 0;
  for (let index = 0; index < 10; index++) {
    if (position >= end) {
      fail(cursor, 'a number is cut off');
      return 0;
    }
    const byte = bytes[position++] ?? 0;
    const bits = byte & 0x7f;
    if (index < 4) low |= bits << (7 * index);
    else if (index < 8) middle |= bits << (7 * (index - 4));
    else high |= bits << (7 * (index - 8));
    if (byte < 0x80) {
      cursor.position = position;
      // Bits 56 to 63. Bit 63 is the sign. A small negative number is computed from its complement, which is small, so that no bit is lost
      // to rounding.
      high &= 0xff;
      if (high < 0x80) return high * 2 ** 56 + (middle * 2 ** 28 + low);
      return -1 - ((0xff - high) * 2 ** 56 + ((0xfffffff - middle) * 2 ** 28 + (0xfffffff - low)));
    }
  }
  fail(cursor, 'a number is longer than ten bytes');
  return 0;
}

/** Reads the next field into `field`. False at the end, or after a problem. The caller ignores unknown fields. */
export function nextField(cursor: Cursor, field: Field): boolean {
  const { bytes, position, end } = cursor;
  if (position >= end || cursor.state.problem !== undefined) return false;
  // A fast path for nearly all fields of a file: the field number is below 16, and the range has less than 128 bytes.
  const first = bytes[position] as number;
  if (first < 0x80 && first >= 8 && (first & 7) === bytesWire && position + 1 < end) {
    const length = bytes[position + 1] as number;
    const start = position + 2;
    if (length < 0x80 && start + length <= end) {
      field.number = first >>> 3;
      field.wireType = bytesWire;
      field.value = 0;
      field.start = start;
      field.end = start + length;
      cursor.position = start + length;
      return true;
    }
  }
  const tag = readVarint(cursor);
  if (cursor.state.problem !== undefined) return false;
  field.number = tag >= 0 && tag < 2 ** 31 ? tag >>> 3 : 0;
  field.wireType = tag & 7;
  field.value = 0;
  if (field.number < 1) {
    fail(cursor, 'a field has no valid number');
    return false;
  }
  switch (field.wireType) {
    case varintWire:
      field.value = readVarint(cursor);
      return cursor.state.problem === undefined;
    case fixed64Wire:
      return take(cursor, field, 8);
    case bytesWire: {
      const length = readVarint(cursor);
      if (cursor.state.problem !== undefined) return false;
      return take(cursor, field, length);
    }
    case fixed32Wire:
      return take(cursor, field, 4);
    default:
      // ONNX has no groups (wire types 3 and 4). Wire types 6 and 7 do not exist.
      fail(cursor, `a field has wire type ${field.wireType}, which ONNX does not use`);
      return false;
  }
}

function take(cursor: Cursor, field: Field, length: number): boolean {
  const left = cursor.end - cursor.position;
  if (length < 0 || length > left) {
    fail(cursor, `a field of ${length < 0 ? 'negative' : length} bytes does not fit the ${left} that are left`);
    return false;
  }
  field.start = cursor.position;
  field.end = cursor.position + length;
  cursor.position = field.end;
  return true;
}

export function newField(): Field {
  return { number: 0, wireType: 0, value: 0, start: 0, end: 0 };
}

/** Adds the values of a repeated integer field: one value, or a packed range. False if there are more than `limit`. */
export function readIntegers(cursor: Cursor, field: Field, into: number[], limit: number): boolean {
  if (field.wireType === varintWire) {
    if (into.length >= limit) return false;
    into.push(field.value);
    return true;
  }
  if (field.wireType !== bytesWire) return true;
  const packed = subCursor(cursor, field.start, field.end);
  while (packed.position < packed.end) {
    if (into.length >= limit) return false;
    const value = readVarint(packed);
    if (cursor.state.problem !== undefined) return true;
    into.push(value);
  }
  return true;
}
