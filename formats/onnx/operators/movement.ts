import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { constant, product } from '../value.ts';
import { gatherOperators, partOperators } from './parts.ts';
import { placeOperators } from './places.ts';
import { viewOperators } from './views.ts';

/* Operators that only move elements or view them with another shape. They compute nothing. */

/** The shape of an activation is known, so later operators compute with numbers. */
function size(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const requests = node.importer.isBatched(node.node.inputs[0]) ? node.importer.exportedBatch : 1;
  return [constant([], [product(value.dims) * requests], true)];
}

/** Operators that view or cut a constant in the same way as an activation. */
export const viewReaders: ReadonlyMap<string, OperatorReader> = new Map(
  Object.entries({ ...viewOperators, ...partOperators }),
);

export const movementReaders: Readonly<Record<string, OperatorReader>> = {
  ...viewOperators,
  ...partOperators,
  ...gatherOperators,
  ...placeOperators,
  Size: size,
};
