export { labelsFor } from './names.ts';
export { type NpuDocument, writeNpu } from './write-npu.ts';
