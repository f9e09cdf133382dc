export { type NpuDocument, writeNpu } from './write-npu.ts';
