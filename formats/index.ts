export { writeChromeTrace } from './chrome-trace.ts';
export { writeLayersCsv, writeSegmentsCsv, writeSeriesCsv } from './csv.ts';
export { type NpuDocument, writeNpu } from './npu-text/index.ts';
export { readOnnx } from './onnx/index.ts';
export {
  type CaveatFields,
  caveatFields,
  type ReadResults,
  readCaveat,
  readResults,
  resultsExtension,
  writeResults,
} from './results/index.ts';
export { type ImportedNpu, readScaleSimConfig, readScaleSimTopology } from './scale-sim/index.ts';
export {
  createTraceReader,
  placeTrace,
  readTrace,
  type TraceReader,
  type TraceReading,
} from './trace/index.ts';
