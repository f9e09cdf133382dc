export { readOnnx } from './onnx/index.ts';
export { readTrace } from './trace/index.ts';
