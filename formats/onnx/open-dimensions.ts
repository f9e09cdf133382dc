import type { Dimension } from './graph.ts';
import { axisOrder } from './value.ts';

/* Sizes of dimensions that a file leaves open. Exporters give them names, and the name decides which size the importer assumes. */

/** Our assumptions: 128 tokens, and 224 x 224 pixels with three colours. Each use is a caveat. */
const assumedTokens = 128;
const assumedPixels = 224;
const assumedChannels = 3;

/** Names that exporters give to sequence lengths: sequence_length, past_sequence_length, tokens, frames. */
const sequences = /seq|past|len|tokens?\b|frames?\b|steps?\b|cache/i;
const batches = /batch/i;
const totals = /total/i;

export function isSequence(dimension: Dimension | undefined): boolean {
  return typeof dimension === 'string' && sequences.test(dimension) && !batches.test(dimension);
}

/** An input with open dimensions, and how its axes are interpreted. */
export interface OpenInput {
  readonly dims: readonly Dimension[];
  readonly batchAxis: number;
  readonly spatial: number;
}

/**
 * The size of an open dimension, if its name determines it: the name of a known dimension, a sum of names and numbers
 * ("past_sequence_length + 1"), or the total of the earlier and the new steps. `known`: the names whose sizes are known.
 */
export function sizeByName(
  symbol: string,
  known: ReadonlyMap<string, number>,
  assume: (symbol: string) => number,
  names: ReadonlySet<string>,
): number | undefined {
  const same = known.get(symbol);
  if (symbol === '' || same !== undefined) return same;
  if (batches.test(symbol)) return 1;
  const parts = symbol.split('+').map((part) => part.trim());
  const isSum = parts.length > 1 && parts.every((part) => /^\d+$/.test(part) || names.has(part));
  if (isSum) return parts.reduce((sum, part) => sum + (/^\d+$/.test(part) ? Number(part) : assume(part)), 0);
  if (!totals.test(symbol)) return undefined;
  const steps = [...names].filter((name) => isSequence(name) && !totals.test(name) && !name.includes('+'));
  // With several sequences, a total is clear only for a pair of earlier and new steps.
  return steps.length === 2 && steps.some((name) => /past|cache/i.test(name))
    ? steps.reduce((sum, name) => sum + assume(name), 0)
    : undefined;
}

/**
 * Sizes that the names of other dimensions imply. For example, a mask of "past_sequence_length + 1" places implies one new step, so the
 * only other sequence has the length 1.
 */
export function impliedSizes(names: ReadonlySet<string>): ReadonlyMap<string, number> {
  const steps = [...names].filter((name) => isSequence(name) && !/past|cache|total|\+/i.test(name));
  const [only] = steps;
  const sums = [...names].flatMap((name) => /^\S*past\S* \+ (\d+)$/i.exec(name)?.[1] ?? []);
  return only === undefined || steps.length > 1 || sums[0] === undefined
    ? new Map()
    : new Map([[only, Number(sums[0])]]);
}

/** The size that the importer assumes for an open axis. */
export function assumedSize({ dims, spatial }: OpenInput, axis: number): number {
  const isImage = dims.length === 4 && !dims.some(isSequence);
  if (!isImage) return assumedTokens;
  return axis === (spatial > 0 ? 1 : 3) ? assumedChannels : assumedPixels;
}

/** An example such as `input: 224 x 224 x 3`, with our assumptions for the open dimensions. */
export function exampleOf(input: OpenInput): string {
  const { dims, batchAxis, spatial } = input;
  const sizes = axisOrder(dims.length, batchAxis, spatial).map((axis) => {
    const dimension = dims[axis];
    return typeof dimension === 'number' && dimension >= 0 ? dimension : assumedSize(input, axis);
  });
  return `input: ${sizes.join(' x ')}`;
}
