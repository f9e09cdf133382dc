/*
 * Results pass between processes and pages as one JSON tree and one buffer of columns, because JSON would turn a typed array into an object of strings,
 * and NaN into null. `pack` and `unpack` are inverse for plain data that contains typed arrays.
 */

type Column = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

const constructors = { f64: Float64Array, f32: Float32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array };
type ColumnKind = keyof typeof constructors;

/** A column in the buffer: `$` is its kind, `o` its offset in bytes, `n` its number of elements. A number that JSON cannot express is `{ $: 'n', v }`. */
type Reference =
  | { readonly $: ColumnKind; readonly o: number; readonly n: number }
  | { readonly $: 'n'; readonly v: string };

export interface Packed {
  /** Plain JSON. */
  readonly tree: unknown;
  /** The columns, each at a multiple of eight bytes, in little-endian order like all platforms that we support. */
  readonly buffer: ArrayBuffer;
}

/**
 * A packed result in a message between server and client. Its columns are in base64, because JSON-RPC is text. The client passes them to the panel as an
 * ArrayBuffer.
 */
export interface EncodedColumns {
  readonly tree: unknown;
  readonly columnsBase64: string;
}

function kindOf(value: unknown): ColumnKind | undefined {
  if (value instanceof Float64Array) return 'f64';
  if (value instanceof Float32Array) return 'f32';
  if (value instanceof Uint32Array) return 'u32';
  if (value instanceof Uint16Array) return 'u16';
  if (value instanceof Uint8Array) return 'u8';
  return undefined;
}

/** JSON would turn -0 into 0, and a number that is not finite into null. */
function packNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $: 'n', v: '-0' };
  return Number.isFinite(value) ? value : { $: 'n', v: String(value) };
}

export function pack(value: unknown): Packed {
  const columns: { readonly column: Column; readonly offset: number }[] = [];
  let bytes = 0;
  const visit = (node: unknown): unknown => {
    if (typeof node === 'number') return packNumber(node);
    if (node === null || typeof node !== 'object') return node;
    const kind = kindOf(node);
    if (kind !== undefined) {
      const column = node as Column;
      const reference: Reference = { $: kind, o: bytes, n: column.length };
      columns.push({ column, offset: bytes });
      bytes += (column.byteLength + 7) & ~7;
      return reference;
    }
    if (Array.isArray(node)) return node.map(visit);
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  const tree = visit(value);
  const buffer = new ArrayBuffer(bytes);
  const target = new Uint8Array(buffer);
  for (const { column, offset } of columns) {
    target.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
  }
  return { tree, buffer };
}

function isReference(node: object): node is Reference {
  return '$' in node;
}

/** The value of type `T` that was packed. Its columns are views of the buffer. */
export function unpack<T>(packed: Packed): T {
  const visit = (node: unknown): unknown => {
    if (node === null || typeof node !== 'object') return node;
    if (Array.isArray(node)) return node.map(visit);
    if (isReference(node)) {
      if (node.$ === 'n') return Number(node.v);
      return new constructors[node.$](packed.buffer, node.o, node.n);
    }
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  return visit(packed.tree) as T;
}
