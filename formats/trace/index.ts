export { createTraceReader, placeTrace, readTrace } from './read-trace.ts';
export type { TraceReading } from './trace.ts';
