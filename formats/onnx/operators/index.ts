import type { OperatorReader } from '../importer.ts';
import { readIf } from './branches.ts';
import { convolutionReaders } from './convolution.ts';
import { linearReaders } from './linear.ts';
import { readLoop, readScan } from './loops.ts';
import { movementReaders } from './movement.ts';
import { normalizationReaders } from './normalization.ts';
import { pointwiseReaders } from './pointwise.ts';
import { poolingReaders } from './pooling.ts';
import { recurrentReaders } from './recurrent.ts';

export { viewReaders } from './movement.ts';
export { combine } from './pointwise.ts';

/** Every operator that is understood. A Map, since a file may name an operator "constructor". */
export const operatorReaders: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(convolutionReaders),
  ...Object.entries(linearReaders),
  ...Object.entries(movementReaders),
  ...Object.entries(normalizationReaders),
  ...Object.entries(pointwiseReaders),
  ...Object.entries(poolingReaders),
  ...Object.entries(recurrentReaders),
]);

/** Operators with bodies, which are read whether or not their inputs are constant. */
export const controlReaders: ReadonlyMap<string, OperatorReader> = new Map([
  ['If', readIf],
  ['Loop', readLoop],
  ['Scan', readScan],
]);
