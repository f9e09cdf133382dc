/**
 * Writes small ONNX files for tests. This protobuf encoder covers what the reader reads, and shares no code with it, so that a test can
 * find an error in either.
 */

export type AttributeInput =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorInput }
  /** A sparse tensor of this size with one value. */
  | { readonly sparse: readonly number[] }
  | { readonly graph: GraphInput }
  /** Inside a function: the attribute of the call that gives the value. */
  | { readonly reference: string };

export interface TensorInput {
  readonly name?: string;
  readonly dims: readonly number[];
  /** 1: float, 7: int64. The default is int64 if contents are given. */
  readonly type?: number;
  /** The contents, written as int64_data or raw_data (`raw`). */
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
  readonly raw?: Uint8Array;
  /** The entries of external_data: another file has the contents. */
  readonly external?: Readonly<Record<string, string>>;
}

export interface NodeInput {
  readonly op: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
}

export interface FunctionInput {
  readonly name: string;
  readonly domain: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly attributes?: readonly string[];
  readonly nodes: readonly NodeInput[];
  readonly opset?: number;
}

export interface GraphInput {
  readonly opset?: number;
  readonly functions?: readonly FunctionInput[];
  readonly nodes: readonly NodeInput[];
  readonly weights?: readonly TensorInput[];
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly valueInfo?: Readonly<Record<string, readonly (number | string)[]>>;
}

export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return bytes;
}

export const integer = (field: number, value: number | bigint): number[] => [...varint(field * 8), ...varint(value)];
export const bytes = (field: number, content: Iterable<number>): number[] => {
  const list = [...content];
  return [...varint(field * 8 + 2), ...varint(list.length), ...list];
};
export const text = (field: number, value: string): number[] => bytes(field, Buffer.from(value, 'utf8'));

function float32(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

export function tensor(input: TensorInput): number[] {
  return [
    ...input.dims.flatMap((dimension) => integer(1, dimension)),
    ...integer(2, input.type ?? (input.ints === undefined ? 1 : 7)),
    ...(input.name === undefined ? [] : text(8, input.name)),
    ...(input.ints === undefined ? [] : bytes(7, input.ints.flatMap(varint))),
    ...(input.floats === undefined ? [] : bytes(4, input.floats.flatMap(float32))),
    ...(input.raw === undefined ? [] : bytes(9, input.raw)),
    ...Object.entries(input.external ?? {}).flatMap(([key, value]) => bytes(13, [...text(1, key), ...text(2, value)])),
    ...(input.external === undefined ? [] : integer(14, 1)),
  ];
}

function sparse(dims: readonly number[]): number[] {
  const one = bytes(1, tensor({ dims: [1], floats: [1] }));
  return [...one, ...bytes(2, tensor({ dims: [1], ints: [0] })), ...dims.flatMap((size) => integer(3, size))];
}

function attribute(name: string, value: AttributeInput): number[] {
  const head = text(1, name);
  if (typeof value === 'number') return [...head, ...integer(3, value), ...integer(20, 2)];
  if (typeof value === 'string') return [...head, ...text(4, value), ...integer(20, 3)];
  if (Array.isArray(value)) return [...head, ...value.flatMap((each: number) => integer(8, each)), ...integer(20, 7)];
  if ('float' in value) return [...head, ...varint(2 * 8 + 5), ...float32(value.float), ...integer(20, 1)];
  if ('floats' in value) return [...head, ...bytes(7, value.floats.flatMap(float32)), ...integer(20, 6)];
  if ('tensor' in value) return [...head, ...bytes(5, tensor(value.tensor)), ...integer(20, 4)];
  if ('sparse' in value) return [...head, ...bytes(22, sparse(value.sparse)), ...integer(20, 11)];
  if ('graph' in value) return [...head, ...bytes(6, graph(value.graph)), ...integer(20, 5)];
  if ('reference' in value) return [...head, ...text(21, value.reference), ...integer(20, 2)];
  throw new Error('no such attribute');
}

export function node(input: NodeInput): number[] {
  return [
    ...input.in.flatMap((name) => text(1, name)),
    ...input.out.flatMap((name) => text(2, name)),
    ...(input.name === undefined ? [] : text(3, input.name)),
    ...text(4, input.op),
    ...Object.entries(input.attributes ?? {}).flatMap(([name, value]) => bytes(5, attribute(name, value))),
    ...(input.domain === undefined ? [] : text(7, input.domain)),
  ];
}

function valueInfo(name: string, dims: readonly (number | string)[]): number[] {
  const shape = dims.flatMap((dimension) =>
    bytes(1, typeof dimension === 'number' ? integer(1, dimension) : dimension === '' ? [] : text(2, dimension)),
  );
  return [...text(1, name), ...bytes(2, bytes(1, [...integer(1, 1), ...bytes(2, shape)]))];
}

export function graph(input: GraphInput): number[] {
  return [
    ...input.nodes.flatMap((each) => bytes(1, node(each))),
    ...text(2, 'test'),
    ...(input.weights ?? []).flatMap((each) => bytes(5, tensor(each))),
    ...Object.entries(input.inputs).flatMap(([name, dims]) => bytes(11, valueInfo(name, dims))),
    ...Object.entries(input.outputs).flatMap(([name, dims]) => bytes(12, valueInfo(name, dims))),
    ...Object.entries(input.valueInfo ?? {}).flatMap(([name, dims]) => bytes(13, valueInfo(name, dims))),
  ];
}

function functionOf(input: FunctionInput): number[] {
  return [
    ...text(1, input.name),
    ...input.in.flatMap((name) => text(4, name)),
    ...input.out.flatMap((name) => text(5, name)),
    ...(input.attributes ?? []).flatMap((name) => text(6, name)),
    ...input.nodes.flatMap((each) => bytes(7, node(each))),
    ...(input.opset === undefined ? [] : bytes(9, integer(2, input.opset))),
    ...text(10, input.domain),
  ];
}

/** A whole ModelProto. */
export function onnxFile(input: GraphInput): Uint8Array {
  return new Uint8Array([
    ...integer(1, 8),
    ...text(2, 'test'),
    ...bytes(7, graph(input)),
    ...bytes(8, integer(2, input.opset ?? 17)),
    ...(input.functions ?? []).flatMap((each) => bytes(25, functionOf(each))),
  ]);
}
