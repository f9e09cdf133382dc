export { contentHash } from './content-hash.ts';
export { explainSlo, sloDiagnostics } from './explain-slo.ts';
export { explorationHash } from './exploration-hash.ts';
export type { FileHost } from './file-host.ts';
export { fileName, openProgram } from './open-program.ts';
export { relocate } from './relocate.ts';
