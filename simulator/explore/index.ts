export { capacity } from './capacity.ts';
export { ChipTables } from './chip-tables.ts';
export { explorationResult } from './exploration-result.ts';
export { type ExploredDesigns, exploreDesigns, type NumberedDesign } from './explore.ts';
export { KeptRuns } from './kept-runs.ts';
export { loadCurve } from './load-curve.ts';
export type { DetailOptions } from './row-details.ts';
export { notesOf } from './row-notes.ts';
export { SearchRounds } from './search-rounds.ts';
