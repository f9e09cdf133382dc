/** Number formats that arrays can multiply and memories can store. */
export type Precision = 'fp32' | 'bf16' | 'fp16' | 'int8';

export const precisions: readonly Precision[] = ['fp32', 'bf16', 'fp16', 'int8'];

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<Precision, number>> = { fp32: 4, bf16: 2, fp16: 2, int8: 1 };
