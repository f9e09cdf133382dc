/*
 * Numbers in memory that threads share. A recorded trace has millions of rows: in ordinary memory, each simulation in another thread would copy them.
 * The memory is ordinary where the platform has none to share (web pages without cross-origin isolation).
 */

function bufferOf(byteLength: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(byteLength) : new SharedArrayBuffer(byteLength);
}

export function sharedFloats(length: number): Float64Array {
  return new Float64Array(bufferOf(length * Float64Array.BYTES_PER_ELEMENT));
}

/** As `values.map(change)`, in memory that threads share. */
export function mapShared(values: Float64Array, change: (value: number, index: number) => number): Float64Array {
  const mapped = sharedFloats(values.length);
  for (let index = 0; index < values.length; index++) mapped[index] = change(values[index] as number, index);
  return mapped;
}

/** As `Float32Array.from(values)`, in memory that threads share. */
export function sharedSingles(values: Float64Array): Float32Array {
  const singles = new Float32Array(bufferOf(values.length * Float32Array.BYTES_PER_ELEMENT));
  singles.set(values);
  return singles;
}
