export { type ImportedNpu, readScaleSimConfig } from './config.ts';
export { readScaleSimTopology } from './topology.ts';
