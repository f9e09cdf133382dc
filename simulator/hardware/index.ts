export { type ArrayShape, productCycles } from './array-timing.ts';
export { buildServiceTable } from './build-service-table.ts';
export { costModel } from './cost-model.ts';
export { type LayerSize, layerSize } from './layer-size.ts';
export { type LoopSize, type Mapping, mappedCycles } from './mapping.ts';
export { largestFittingBatch, type MemoryUser, memoryDemand } from './memory-demand.ts';
export type { Product } from './product.ts';
export { planResidency } from './residency.ts';
export { tileCaveats } from './tile-fit.ts';
