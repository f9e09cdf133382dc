import type { TensorInfo } from './graph.ts';
import { bytesWire, openCursor, readIntegers } from './wire.ts';

/** TensorProto.DataType: the bytes of one element in raw_data. */
const rawBytes: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

/** The bytes of one element in raw_data. 0 for types that are packed or never contain a shape. */
export function rawBytesOf(dataType: number): number {
  return rawBytes[dataType] ?? 0;
}

/**
 * The numbers in a tensor. Undefined if another file has them, if the type is not a number, or if their count differs from the size of the
 * tensor.
 */
export function readContents(bytes: Uint8Array, tensor: TensorInfo): number[] | undefined {
  const expected = tensor.dims.reduce((product, dimension) => product * dimension, 1);
  if (expected === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  for (const part of tensor.contents) {
    if (values.length > expected) return undefined;
    if (part.field === 9) {
      const size = rawBytesOf(tensor.dataType);
      if (size === 0 || part.end - part.start !== expected * size) return undefined;
      for (let at = part.start; at < part.end; at += size) values.push(readRaw(view, at, tensor.dataType));
    } else if (part.field === 4) {
      for (let at = part.start; at + 4 <= part.end; at += 4) values.push(view.getFloat32(at, true));
    } else if (part.field === 10) {
      for (let at = part.start; at + 8 <= part.end; at += 8) values.push(view.getFloat64(at, true));
    } else {
      const cursor = openCursor(bytes);
      if (
        !readIntegers(
          cursor,
          { number: 0, wireType: bytesWire, value: 0, start: part.start, end: part.end },
          values,
          expected + 1,
        )
      ) {
        return undefined;
      }
      if (cursor.state.problem !== undefined) return undefined;
    }
  }
  return values.length === expected ? values : undefined;
}

function readRaw(view: DataView, at: number, dataType: number): number {
  switch (dataType) {
    case 1:
      return view.getFloat32(at, true);
    case 2:
    case 9:
      return view.getUint8(at);
    case 3:
      return view.getInt8(at);
    case 4:
      return view.getUint16(at, true);
    case 5:
      return view.getInt16(at, true);
    case 6:
      return view.getInt32(at, true);
    case 7:
    case 13:
      // Numbers above 2^53 are rounded. No valid shape has one.
      return view.getInt32(at + 4, true) * 0x100000000 + view.getUint32(at, true);
    case 10:
      return halfToNumber(view.getUint16(at, true));
    case 11:
      return view.getFloat64(at, true);
    case 12:
      return view.getUint32(at, true);
    default: {
      // A bfloat16 is the upper half of a float32.
      const scratch = new DataView(new ArrayBuffer(4));
      scratch.setUint16(2, view.getUint16(at, true), true);
      return scratch.getFloat32(0, true);
    }
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
