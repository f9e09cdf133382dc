import { readText } from '../utf8.ts';
import { capturedBy } from './captured.ts';
import { decodeSparse, decodeTensor } from './decode-tensor.ts';
import { decodeValueInfo } from './decode-value.ts';
import type { Attribute, FunctionBody, GraphBody, GraphNode, OnnxGraph, TensorInfo, ValueInfo } from './graph.ts';
import {
  bytesWire,
  type Cursor,
  countEntry,
  fixed32Wire,
  maxEntries,
  newField,
  nextField,
  openCursor,
  readIntegers,
  subCursor,
  varintWire,
} from './wire.ts';

/** The most integers of one attribute that the decoder keeps. */
const maxIntegers = 1 << 16;
/** The most bytes of the text of one attribute that the decoder keeps. The longest settings, equations of Einsum, have some dozen. */
const maxText = 4096;
/** The deepest nesting of bodies. Exporters nest two or three. Without a limit, decoding could overflow the stack. */
const maxDepth = 16;
const none: readonly number[] = [];
const noNames: readonly string[] = [];

/** Decodes ModelProto (field numbers: onnx.proto3, IR version 10). Returns a string if the file is broken: the reason. */
export function decodeGraph(bytes: Uint8Array): OnnxGraph | string {
  const cursor = openCursor(bytes);
  const field = newField();
  let graphRange: { start: number; end: number } | undefined;
  let producer = '';
  let opset = 1;
  const functions: FunctionBody[] = [];
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    if (field.number === 2) producer = readText(bytes, field.start, field.end);
    else if (field.number === 7) graphRange = { start: field.start, end: field.end };
    else if (field.number === 8) opset = Math.max(opset, decodeOpset(subCursor(cursor, field.start, field.end)));
    else if (field.number === 25) functions.push(decodeFunction(subCursor(cursor, field.start, field.end)));
  }
  if (cursor.state.problem !== undefined) return problemOf(cursor.state);
  if (graphRange === undefined) return 'the file has no graph: it is not an ONNX model';
  const body = decodeGraphBody(subCursor(cursor, graphRange.start, graphRange.end), 0);
  if (cursor.state.problem !== undefined) return problemOf(cursor.state);
  return { ...body, bytes, producer, opset, functions };
}

function problemOf({ problem = '', entries }: Cursor['state']): string {
  return entries > maxEntries ? problem : `the file is damaged: ${problem}`;
}

function decodeOpset(cursor: Cursor): number {
  const field = newField();
  let domain = '';
  let version = 1;
  while (nextField(cursor, field)) {
    if (field.number === 1 && field.wireType === bytesWire) domain = readText(cursor.bytes, field.start, field.end);
    else if (field.number === 2 && field.wireType === varintWire) version = field.value;
  }
  return domain === '' || domain === 'ai.onnx' ? version : 1;
}

function decodeGraphBody(cursor: Cursor, depth: number): GraphBody {
  const field = newField();
  const nodes: GraphNode[] = [];
  const initializers = new Map<string, TensorInfo>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const valueInfo = new Map<string, ValueInfo>();
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    const body = subCursor(cursor, field.start, field.end);
    switch (field.number) {
      case 1:
        nodes.push(decodeNode(body, depth));
        break;
      case 5: {
        const tensor = decodeTensor(body);
        initializers.set(tensor.name, tensor);
        break;
      }
      case 11:
        inputs.push(decodeValueInfo(body, initializers));
        break;
      case 12:
        outputs.push(decodeValueInfo(body));
        break;
      case 13: {
        const value = decodeValueInfo(body);
        valueInfo.set(value.name, value);
        break;
      }
      case 15: {
        const tensor = decodeSparse(body);
        initializers.set(tensor.name, tensor);
        break;
      }
      default:
    }
  }
  for (const output of outputs) valueInfo.set(output.name, output);
  return { nodes, initializers, inputs, outputs, valueInfo };
}

function decodeFunction(cursor: Cursor): FunctionBody {
  countEntry(cursor);
  const { bytes } = cursor;
  const field = newField();
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: GraphNode[] = [];
  const defaults = new Map<string, Attribute>();
  let name = '';
  let domain = '';
  let overload = '';
  let opset: number | undefined;
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    const text = () => readText(bytes, field.start, field.end);
    const body = () => subCursor(cursor, field.start, field.end);
    switch (field.number) {
      case 1:
        name = text();
        break;
      case 4:
        inputs.push(text());
        break;
      case 5:
        outputs.push(text());
        break;
      case 7:
        nodes.push(decodeNode(body(), 0));
        break;
      case 9:
        opset = Math.max(opset ?? 1, decodeOpset(body()));
        break;
      case 10:
        domain = text();
        break;
      case 11: {
        const attribute = decodeAttribute(body(), 0);
        defaults.set(attribute.name, attribute);
        break;
      }
      case 13:
        overload = text();
        break;
      default:
    }
  }
  return { name, domain: domain === 'ai.onnx' ? '' : domain, overload, inputs, outputs, defaults, nodes, opset };
}

function decodeNode(cursor: Cursor, depth: number): GraphNode {
  countEntry(cursor);
  const { bytes } = cursor;
  const field = newField();
  const inputs: string[] = [];
  const outputs: string[] = [];
  let attributes: Map<string, Attribute> | undefined;
  let name = '';
  let operator = '';
  let domain = '';
  let overload = '';
  let hasBody = false;
  while (nextField(cursor, field)) {
    if (field.wireType !== bytesWire) continue;
    switch (field.number) {
      case 1:
        countEntry(cursor);
        inputs.push(readText(bytes, field.start, field.end));
        break;
      case 2:
        countEntry(cursor);
        outputs.push(readText(bytes, field.start, field.end));
        break;
      case 3:
        name = readText(bytes, field.start, field.end);
        break;
      case 4:
        operator = readText(bytes, field.start, field.end);
        break;
      case 5: {
        const attribute = decodeAttribute(subCursor(cursor, field.start, field.end), depth);
        attributes ??= new Map();
        attributes.set(attribute.name, attribute);
        hasBody ||= attribute.graph !== undefined;
        break;
      }
      case 7:
        domain = readText(bytes, field.start, field.end);
        break;
      case 8:
        overload = readText(bytes, field.start, field.end);
        break;
      default:
    }
  }
  if (hasBody && operator === 'If') attributes = new Map([...(attributes ?? [])].map(withoutInputs));
  const captured = hasBody && attributes !== undefined ? capturedBy(attributes) : noNames;
  return {
    name,
    operator: shared(operator),
    domain: domain === 'ai.onnx' ? '' : domain,
    overload,
    // An array that grew by `push` reserves room for more elements, and a file can have a million arrays. `slice` drops the reserve.
    inputs: inputs.slice(),
    outputs: outputs.slice(),
    attributes: attributes ?? noAttributes,
    captured,
  };
}

/** A branch of If has no inputs. Some writers list the outer tensors that it reads as its inputs. */
function withoutInputs([name, attribute]: readonly [string, Attribute]): [string, Attribute] {
  const { graph } = attribute;
  return [name, graph === undefined ? attribute : { ...attribute, graph: { ...graph, inputs: [] } }];
}

const noAttributes: ReadonlyMap<string, Attribute> = new Map();

/** One shared string for each type of operator. A file can have a million nodes of a few types. */
const operatorNames = new Map<string, string>();
const maxOperatorNames = 1000;

function shared(operator: string): string {
  const known = operatorNames.get(operator);
  if (known !== undefined) return known;
  if (operatorNames.size < maxOperatorNames && operator.length < 64) operatorNames.set(operator, operator);
  return operator;
}

function decodeAttribute(cursor: Cursor, depth: number): Attribute {
  countEntry(cursor);
  const { bytes } = cursor;
  const field = newField();
  let floats: number[] | undefined;
  let integers: number[] | undefined;
  let name = '';
  let float = 0;
  let integer = 0;
  let text = '';
  let isLong = false;
  let tensor: TensorInfo | undefined;
  let graph: GraphBody | undefined;
  let reference = '';
  while (nextField(cursor, field)) {
    switch (field.number) {
      case 1:
        if (field.wireType === bytesWire) name = readText(bytes, field.start, field.end);
        break;
      case 2:
        if (field.wireType === fixed32Wire) float = readFloat(bytes, field.start);
        break;
      case 3:
        if (field.wireType === varintWire) integer = field.value;
        break;
      case 4:
        if (field.wireType !== bytesWire) break;
        text = readText(bytes, field.start, Math.min(field.end, field.start + maxText));
        isLong = field.end - field.start > maxText;
        break;
      case 5:
        if (field.wireType === bytesWire) tensor = decodeTensor(subCursor(cursor, field.start, field.end));
        break;
      case 6:
        if (field.wireType !== bytesWire) break;
        if (depth >= maxDepth) cursor.state.problem ??= `its subgraphs are nested more than ${maxDepth} deep`;
        else graph = decodeGraphBody(subCursor(cursor, field.start, field.end), depth + 1);
        break;
      case 22:
        if (field.wireType === bytesWire) tensor = decodeSparse(subCursor(cursor, field.start, field.end));
        break;
      case 21:
        if (field.wireType === bytesWire) reference = readText(bytes, field.start, field.end);
        break;
      case 7:
        if (field.wireType === fixed32Wire || field.wireType === bytesWire) {
          floats ??= [];
          for (let at = field.start; at + 4 <= field.end && floats.length < maxIntegers; at += 4) {
            floats.push(readFloat(bytes, at));
          }
        }
        break;
      case 8:
        integers ??= [];
        readIntegers(cursor, field, integers, maxIntegers);
        break;
      default:
    }
  }
  return {
    name,
    float,
    integer,
    text,
    isLong,
    floats: floats ?? none,
    integers: integers ?? none,
    tensor,
    graph,
    reference,
  };
}

function readFloat(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(at, true);
}
