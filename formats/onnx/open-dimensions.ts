import type { Dimension } from './graph.ts';
import { axisOrder } from './value.ts';

/* Sizes of dimensions that a file leaves open. Exporters call them by names; what a name says decides what is assumed. */

/** Our assumptions: 128 tokens, 224 x 224 pixels of three colours. Each use is a caveat. */
const assumedTokens = 128;
const assumedPixels = 224;
const assumedChannels = 3;

/** Names that exporters give to lengths of sequences: sequence_length, past_sequence_length, tokens, frames. */
const sequences = /seq|past|len|tokens?\b|frames?\b|steps?\b|cache/i;
const batches = /batch/i;
const totals = /total/i;

export function isSequence(dimension: Dimension | undefined): boolean {
  return typeof dimension === 'string' && sequences.test(dimension) && !batches.test(dimension);
}

/** How the axes of an input are seen. */
export interface OpenInput {
  readonly dims: readonly Dimension[];
  readonly batchAxis: number;
  readonly spatial: number;
}

/**
 * The size of an open dimension by its name, where others give it: the same name, a sum of names and numbers ("past_sequence_length + 1"),
 * or the total of the earlier and the new steps. `known` has the names whose sizes are known.
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
  // Of several sequences, only a pair of earlier and new steps has a total that is clear.
  return steps.length === 2 && steps.some((name) => /past|cache/i.test(name))
    ? steps.reduce((sum, name) => sum + assume(name), 0)
    : undefined;
}

/**
 * Sizes that the names of other dimensions give away: where a mask has "past_sequence_length + 1" places, one new step is computed, so that
 * the only other sequence has one.
 */
export function impliedSizes(names: ReadonlySet<string>): ReadonlyMap<string, number> {
  const steps = [...names].filter((name) => isSequence(name) && !/past|cache|total|\+/i.test(name));
  const [only] = steps;
  const sums = [...names].flatMap((name) => /^\S*past\S* \+ (\d+)$/i.exec(name)?.[1] ?? []);
  return only === undefined || steps.length > 1 || sums[0] === undefined
    ? new Map()
    : new Map([[only, Number(sums[0])]]);
}

/** What is assumed for an open axis. */
export function assumedSize({ dims, spatial }: OpenInput, axis: number): number {
  const isImage = dims.length === 4 && !dims.some(isSequence);
  if (!isImage) return assumedTokens;
  return axis === (spatial > 0 ? 1 : 3) ? assumedChannels : assumedPixels;
}

/** `input: 224 x 224 x 3`, with our assumptions in the open places. */
export function exampleOf(input: OpenInput): string {
  const { dims, batchAxis, spatial } = input;
  const sizes = axisOrder(dims.length, batchAxis, spatial).map((axis) => {
    const dimension = dims[axis];
    return typeof dimension === 'number' && dimension >= 0 ? dimension : assumedSize(input, axis);
  });
  return `input: ${sizes.join(' x ')}`;
}
