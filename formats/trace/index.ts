export { createTraceReader, placeTrace, readTrace, type TraceReader } from './read-trace.ts';
export type { TraceReading } from './trace.ts';
