import { dimsProblem } from '../dims.ts';
import type { NodeReader } from '../node-reader.ts';
import { broadcast, type Constant, constant, normalAxis, product } from '../value.ts';
import { bounded, type Folded, maxFoldedElements, spread } from './contents.ts';

/* Operators that pick, join or repeat the elements of constants. */

type Inputs = readonly (Constant | undefined)[];

export function foldGather(node: NodeReader, [first, indices]: Inputs): Folded {
  if (first === undefined) return undefined;
  const axis = normalAxis(node.int('axis', 0), first.dims.length);
  if (indices === undefined || axis === undefined) return 'its axis does not exist';
  const dims = [...first.dims.slice(0, axis), ...indices.dims, ...first.dims.slice(axis + 1)];
  return gathered(first, dims, indices.values, axis);
}

export function foldConcat(node: NodeReader, inputs: Inputs): Folded {
  const [first] = inputs;
  if (first === undefined) return undefined;
  const present = inputs.filter((input) => input !== undefined);
  const axis = normalAxis(node.int('axis', 0), first.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const total = present.reduce((sum, input) => sum + (input.dims[axis] ?? 0), 0);
  const dims = first.dims.map((dimension, index) => (index === axis ? total : dimension));
  // Only vectors are shapes. A joined matrix is a weight, whose numbers are not needed.
  const values =
    first.dims.length === 1 && total <= maxFoldedElements && present.every((input) => input.values)
      ? present.flatMap((input) => input.values ?? [])
      : undefined;
  return bounded(dims, values, first.integer);
}

/** Expand, whose second input is a shape, or Tile, whose second input is the number of copies along each axis. */
export function foldRepeated(node: NodeReader, [first, sizes]: Inputs): Folded {
  if (first === undefined) return undefined;
  const by = sizes?.values;
  if (by === undefined) return 'its shape is not known';
  const isTile = node.node.operator === 'Tile';
  const dims = isTile ? first.dims.map((size, index) => size * (by[index] ?? 1)) : broadcast(first.dims, by);
  if (dims === undefined) return 'its shape does not fit its input';
  const small = dimsProblem(dims) === undefined && product(dims) <= maxFoldedElements;
  const values = small && (!isTile || first.values?.length === 1) ? spread(first, dims) : undefined;
  return bounded(dims, values, first.integer);
}

/** For a vector, the positions of the numbers that are not zero. For a matrix, only their count. */
export function foldNonZero(_: NodeReader, [first]: Inputs): Folded {
  if (first?.values === undefined) return undefined;
  const places = first.values.flatMap((value, index) => (value !== 0 ? [index] : []));
  return [constant([first.dims.length, places.length], first.dims.length === 1 ? places : undefined, true)];
}

function gathered(
  input: Constant,
  dims: readonly number[],
  indices: readonly number[] | undefined,
  axis: number,
): readonly Constant[] | string {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  const { values } = input;
  if (values === undefined || indices === undefined || product(dims) > maxFoldedElements)
    return [constant(dims, undefined, input.integer)];
  const size = input.dims[axis] ?? 1;
  const inner = product(input.dims.slice(axis + 1));
  const outer = product(input.dims.slice(0, axis));
  const result: number[] = [];
  for (let block = 0; block < outer; block++) {
    for (const index of indices) {
      const from = (block * size + (index < 0 ? index + size : index)) * inner;
      for (let at = 0; at < inner; at++) result.push(values[from + at] ?? 0);
    }
  }
  return [constant(dims, result, input.integer)];
}
