export * from './hugging-face.ts';
export * from './onnx.ts';
export * from './scale-sim.ts';
export * from './trace.ts';
