export { writeChromeTrace } from './chrome-trace.ts';
export { readHuggingFace } from './hugging-face/index.ts';
export { writeNpu } from './npu-text/index.ts';
export { readOnnx } from './onnx/index.ts';
export {
  type Claim,
  caveatFields,
  contradictions,
  type JournalOwner,
  journalExtension,
  journalHead,
  journalLine,
  readCaveat,
  readJournal,
  readResults,
  resultLines,
  resultsExtension,
} from './results/index.ts';
export { type ImportedNpu, readScaleSimConfig, readScaleSimTopology } from './scale-sim/index.ts';
export {
  createTraceReader,
  placeTrace,
  readTrace,
  type TraceReading,
} from './trace/index.ts';
export { readText as readUtf8 } from './utf8.ts';
