export { contentHash } from './content-hash.ts';
export { type Evidence, evidenceOf } from './evidence.ts';
export { explainSlo, sloDiagnostics } from './explain-slo.ts';
export { explorationHash } from './exploration-hash.ts';
export type { FileHost } from './file-host.ts';
export { fileName, loadProgram, openProgram } from './open-program.ts';
export { relocate, relocateEvidence } from './relocate.ts';
export { type ReadFile, type ReadPurpose, type ReadToken, readLimits, type SourceReader } from './source-reader.ts';
export { type LibraryIndex, type OpenTexts, SourceStore } from './source-store.ts';
