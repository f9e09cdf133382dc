import type { EncodedColumns, Packed } from '../protocol/index.ts';

/** JSON-RPC is text, so the buffer is sent as base64. */
export function encodeColumns({ tree, buffer }: Packed): EncodedColumns {
  return { tree, columnsBase64: base64Of(buffer) };
}

function base64Of(buffer: ArrayBuffer): string {
  if (typeof Buffer !== 'undefined') return Buffer.from(buffer).toString('base64');
  // A browser. Its function takes a text with one byte in each character, and a call takes a limited number of arguments.
  const bytes = new Uint8Array(buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
