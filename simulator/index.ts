export {
  ChipTables,
  capacity,
  type DetailOptions,
  type ExploredDesigns,
  explorationResult,
  exploreDesigns,
  KeptRuns,
  loadCurve,
  type NumberedDesign,
  notesOf,
  SearchRounds,
} from './explore/index.ts';
export {
  type ArrayShape,
  type AttentionCore,
  buildServiceTable,
  costModel,
  costOfMapping,
  fusedAttentionSeconds,
  type LayerSize,
  largestBatches,
  largestFittingBatch,
  layerSize,
  type MemoryUser,
  memoryDemand,
  type Product,
  placementOf,
  planResidency,
  productCycles,
  type StatedMapping,
  tileCaveats,
} from './hardware/index.ts';
export { shortened, simulatePreview } from './preview.ts';
export { type KeepTables, runInputOf, TableCache } from './run-input.ts';
export {
  attentionGrid,
  type GridPoint,
  type MeasuredOperators,
  MeasuredStepCost,
  type PromptBlocks,
  runSequences,
  type SequenceLimits,
  type SequenceRun,
  type TablePoint,
} from './sequences/index.ts';
export { cellIndex, type ServiceTable, type WeightState } from './service-table.ts';
export { deadlineSeconds, leastLoad, type RunInput, simulateRun, studentQuantile } from './serving/index.ts';
export { simulateScenario } from './simulate-scenario.ts';
export { simulateWindow } from './simulate-window.ts';
export {
  kvBytesPerToken,
  type SimpleStep,
  type StepRange,
  sequenceOperators,
  stepSeconds,
  weightBytes,
} from './steps/index.ts';
