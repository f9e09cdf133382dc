import { readText } from '../utf8.ts';
import type { ExternalData, TensorInfo } from './graph.ts';
import {
  bytesWire,
  type Cursor,
  countEntry,
  newField,
  nextField,
  readIntegers,
  subCursor,
  varintWire,
} from './wire.ts';

/** No tensor has more dimensions. A file with more is broken or hostile. */
export const maxRank = 64;
/** The most content ranges of one tensor that the decoder keeps. */
const maxRanges = 1 << 16;
/** The most entries about external data that the decoder keeps (ONNX defines five), and the longest part of a path. */
const maxEntries = 16;
const maxEntryBytes = 4096;

/** Decodes TensorProto. The contents are not copied. */
export function decodeTensor(cursor: Cursor): TensorInfo {
  countEntry(cursor);
  // Its contents count as well.
  countEntry(cursor);
  const { bytes } = cursor;
  const field = newField();
  const dims: number[] = [];
  const contents: { field: number; start: number; end: number }[] = [];
  let name = '';
  let dataType = 0;
  let isExternal = false;
  const entries = new Map<string, string>();
  while (nextField(cursor, field)) {
    switch (field.number) {
      case 1:
        if (!readIntegers(cursor, field, dims, maxRank)) {
          cursor.state.problem ??= `a tensor has more than ${maxRank} dimensions`;
        }
        break;
      case 2:
        if (field.wireType === varintWire) dataType = field.value;
        break;
      case 8:
        if (field.wireType === bytesWire) name = readText(bytes, field.start, field.end);
        break;
      case 4:
      case 5:
      case 7:
      case 9:
      case 10:
        if (field.wireType === bytesWire) {
          contents.push({ field: field.number, start: field.start, end: field.end });
        } else if (field.wireType === varintWire && contents.length < maxRanges) {
          // The integer is not packed, as proto2 writers do. The cursor is at the end of its bytes.
          contents.push({ field: field.number, start: startOfVarint(bytes, cursor.position), end: cursor.position });
        } else if (contents.length < maxRanges) {
          contents.push({ field: field.number, start: field.start, end: field.end });
        }
        break;
      case 13:
        if (field.wireType === bytesWire && entries.size < maxEntries) {
          readEntry(subCursor(cursor, field.start, field.end), entries);
        }
        break;
      case 14:
        isExternal = field.value === 1;
        break;
      default:
    }
  }
  // Lists that grew by pushing keep room for more: a file can have a million of them.
  const info = { name, dims: dims.slice(), dataType };
  return isExternal
    ? { ...info, contents: [], external: externalOf(entries) }
    : { ...info, contents: contents.slice() };
}

/** Decodes StringStringEntryProto: a key and its value. */
function readEntry(cursor: Cursor, into: Map<string, string>): void {
  const field = newField();
  let key = '';
  let value = '';
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    const text = readText(cursor.bytes, field.start, Math.min(field.end, field.start + maxEntryBytes));
    if (field.number === 1) key = text;
    else if (field.number === 2) value = text;
  }
  into.set(key, value);
}

function externalOf(entries: ReadonlyMap<string, string>): ExternalData {
  const length = entries.get('length') ?? '';
  return {
    location: entries.get('location') ?? '',
    lengthBytes: /^\d{1,15}$/.test(length) ? Number(length) : undefined,
  };
}

function startOfVarint(bytes: Uint8Array, end: number): number {
  let start = end - 1;
  while (start > 0 && (bytes[start - 1] ?? 0) >= 0x80 && end - start < 10) start--;
  return start;
}

/** Decodes a sparse initializer. Its third field states its size. Which elements are zero makes no difference for the graph. */
export function decodeSparse(cursor: Cursor): TensorInfo {
  const field = newField();
  const dims: number[] = [];
  let values: TensorInfo | undefined;
  while (nextField(cursor, field)) {
    if (field.number === 1 && field.wireType === bytesWire) {
      values = decodeTensor(subCursor(cursor, field.start, field.end));
    } else if (field.number === 3) {
      readIntegers(cursor, field, dims, maxRank);
    }
  }
  return { name: values?.name ?? '', dims, dataType: values?.dataType ?? 0, contents: [] };
}
