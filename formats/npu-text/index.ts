export { labelsFor } from './names.ts';
export { writeNpu } from './write-npu.ts';
