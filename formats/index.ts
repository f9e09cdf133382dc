export { readOnnx } from './onnx/index.ts';
