import type { EncodedColumns, Packed } from '../protocol/index.ts';

/** JSON-RPC is text, so the buffer is sent as base64. */
export function encodeColumns({ tree, buffer }: Packed): EncodedColumns {
  return { tree, columnsBase64: Buffer.from(buffer).toString('base64') };
}
