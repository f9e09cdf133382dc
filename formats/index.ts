export { readOnnx } from './onnx/index.ts';
export { type ImportedNpu, readScaleSimConfig, readScaleSimTopology } from './scale-sim/index.ts';
export { readTrace } from './trace/index.ts';
