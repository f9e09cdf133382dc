export { type CapacityOptions, capacity } from './capacity.ts';
export { ChipTables } from './chip-tables.ts';
export { explorationResult } from './exploration-result.ts';
export { type ExploredDesigns, type ExploreOptions, exploreDesigns, type NumberedDesign } from './explore.ts';
export { type LoadCurveOptions, loadCurve } from './load-curve.ts';
