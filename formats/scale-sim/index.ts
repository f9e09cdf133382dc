export { type ImportedNpu, readScaleSimConfig } from './config.ts';
export { asName } from './report.ts';
export { readScaleSimTopology } from './topology.ts';
