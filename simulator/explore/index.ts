export { capacity } from './capacity.ts';
export { ChipTables } from './chip-tables.ts';
export { explorationResult } from './exploration-result.ts';
export { type DetailOptions, type ExploredDesigns, exploreDesigns, type NumberedDesign } from './explore.ts';
export { loadCurve } from './load-curve.ts';
export { SearchRounds } from './search-rounds.ts';
