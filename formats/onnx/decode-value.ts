import { readText } from '../utf8.ts';
import { maxRank } from './decode-tensor.ts';
import type { Dimension, TensorInfo, ValueInfo } from './graph.ts';
import { bytesWire, type Cursor, countEntry, newField, nextField, subCursor, varintWire } from './wire.ts';

/** Decodes ValueInfoProto. Up to IR version 3, the inputs also list the weights. For names in `known`, only the name is read. */
export function decodeValueInfo(cursor: Cursor, known?: ReadonlyMap<string, TensorInfo>): ValueInfo {
  countEntry(cursor);
  const { bytes } = cursor;
  const field = newField();
  let name = '';
  let dims: Dimension[] | undefined;
  let elementType = 0;
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    if (field.number === 1) {
      name = readText(bytes, field.start, field.end);
      if (known?.has(name) === true) break;
    } else if (field.number === 2) {
      const type = newField();
      const typeCursor = subCursor(cursor, field.start, field.end);
      while (nextField(typeCursor, type)) {
        if (type.number !== 1 || type.wireType !== bytesWire) continue;
        const tensor = newField();
        const tensorCursor = subCursor(cursor, type.start, type.end);
        while (nextField(tensorCursor, tensor)) {
          if (tensor.number === 1 && tensor.wireType === varintWire) elementType = tensor.value;
          else if (tensor.number === 2 && tensor.wireType === bytesWire) {
            dims = decodeShape(subCursor(cursor, tensor.start, tensor.end));
          }
        }
      }
    }
  }
  return { name, dims, elementType };
}

function decodeShape(cursor: Cursor): Dimension[] {
  const field = newField();
  const dims: Dimension[] = [];
  while (nextField(cursor, field)) {
    if (field.number !== 1 || field.wireType !== bytesWire) continue;
    if (dims.length >= maxRank) {
      cursor.state.problem ??= `a tensor has more than ${maxRank} dimensions`;
      break;
    }
    const dimension = newField();
    const inner = subCursor(cursor, field.start, field.end);
    let value: Dimension = '';
    while (nextField(inner, dimension)) {
      if (dimension.number === 1 && dimension.wireType === varintWire) value = dimension.value;
      else if (dimension.number === 2 && dimension.wireType === bytesWire) {
        value = readText(cursor.bytes, dimension.start, dimension.end);
      }
    }
    dims.push(value);
  }
  return dims.slice();
}
