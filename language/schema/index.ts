import { exploreSchema } from './explore.ts';
import { blockSchema, modelSchema } from './model.ts';
import { npuSchema } from './npu.ts';
import { scenarioSchema } from './scenario.ts';
import { schedulerSchema } from './scheduler.ts';
import type { BlockSchema } from './types.ts';

export { arrivalForms } from './arrivals.ts';
export { bounds } from './bounds.ts';
export { activationKeywords, elementwiseKeywords } from './element-layers.ts';
export { exploreSchema, type MeasureWord, measureWords } from './explore.ts';
export { storedForms } from './formats.ts';
export { structureSchemas } from './layer-structures.ts';
export { type LayerKeyword, layerSchemas } from './layers.ts';
export { layersSchema, modelSchema } from './model.ts';
export { npuSchema } from './npu.ts';
export { acceptableCodes, metricWords, scenarioSchema } from './scenario.ts';
export { burstForms, schedulerSchema } from './scheduler.ts';
export { tokenForms } from './sequences.ts';
export * from './types.ts';

/** The top-level blocks of a file: the root of the schema table. */
export const fileBlocks: readonly BlockSchema[] = [
  npuSchema,
  modelSchema,
  blockSchema,
  schedulerSchema,
  scenarioSchema,
  exploreSchema,
];
