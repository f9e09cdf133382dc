import { blockSchema, modelSchema } from './model.ts';
import { npuSchema } from './npu.ts';
import { exploreSchema, scenarioSchema, schedulerSchema } from './scenario.ts';
import type { BlockSchema } from './types.ts';

export { bounds } from './bounds.ts';
export { structureSchemas } from './layer-structures.ts';
export {
  activationKeywords,
  elementwiseKeywords,
  type LayerKeyword,
  layerSchemas,
} from './layers.ts';
export { layersSchema, modelSchema } from './model.ts';
export { npuSchema } from './npu.ts';
export {
  acceptableCodes,
  arrivalForms,
  burstForms,
  exploreSchema,
  metricWords,
  objectiveWords,
  scenarioSchema,
  schedulerSchema,
} from './scenario.ts';
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
