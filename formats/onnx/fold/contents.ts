import { readContents } from '../contents.ts';
import { dimsProblem } from '../dims.ts';
import type { TensorInfo } from '../graph.ts';
import { type Constant, constant, product, sameShape } from '../value.ts';

/**
 * The most elements of a constant whose numbers are kept. Shapes are short, and a larger constant is a weight, whose numbers are not
 * needed.
 */
export const maxFoldedElements = 4096;
/** The same limit for fractions. Shapes are whole numbers, and the only fractions that operators read are scales, exponents and limits. */
export const maxFoldedFractions = 64;

/** TensorProto.DataType of whole numbers and booleans. */
export const integerTypes: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 9, 12, 13]);

/**
 * The result of an operator on constants. A string if it cannot be computed: the reason. Undefined if numbers that it needs are not known.
 */
export type Folded = readonly Constant[] | string | undefined;

/** A tensor of the file: its size, and its numbers if there are few enough that it can be a shape. */
export function constantOf(bytes: Uint8Array, tensor: TensorInfo): Constant {
  const integer = integerTypes.has(tensor.dataType);
  const small = product(tensor.dims) <= (integer ? maxFoldedElements : maxFoldedFractions);
  return { ...constant(tensor.dims, small ? readContents(bytes, tensor) : undefined, integer), tensor };
}

/** A constant with the dimensions `dims`, and its numbers if there are few. A string if no tensor can have these dimensions. */
export function bounded(
  dims: readonly number[],
  values: readonly number[] | undefined,
  integer: boolean,
): readonly Constant[] | string {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  return [constant(dims, values !== undefined && values.length <= maxFoldedElements ? values : undefined, integer)];
}

export function mapped(input: Constant, map: (value: number) => number): Constant {
  return constant(input.dims, input.values?.map(map), input.integer);
}

/** The contents of `input`, broadcast to `dims`. */
export function spread(input: Constant, dims: readonly number[]): readonly number[] | undefined {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return undefined;
  if (sameShape(input.dims, dims)) return values;
  const strides = stridesOf(input.dims);
  const offset = dims.length - input.dims.length;
  return indicesOf(dims).map((at) => {
    let index = 0;
    for (let axis = 0; axis < input.dims.length; axis++) {
      if (input.dims[axis] !== 1) index += (at[axis + offset] ?? 0) * (strides[axis] ?? 0);
    }
    return values[index] ?? 0;
  });
}

/**
 * A constant whose elements are picked from the input. `pick` converts an index in the result to an index in the input. Slices and
 * transpositions use it.
 */
export function picked(
  input: Constant,
  dims: readonly number[],
  pick: (at: readonly number[]) => readonly number[],
): Constant {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return constant(dims, undefined, input.integer);
  const strides = stridesOf(input.dims);
  const result = indicesOf(dims).map((at) => {
    let index = 0;
    const from = pick(at);
    for (let axis = 0; axis < strides.length; axis++) index += (from[axis] ?? 0) * (strides[axis] ?? 0);
    return values[index] ?? 0;
  });
  return constant(dims, result, input.integer);
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return strides;
}

/** All indices of a small tensor in row-major order. */
function indicesOf(dims: readonly number[]): number[][] {
  const all: number[][] = [];
  const strides = stridesOf(dims);
  for (let flat = 0; flat < product(dims); flat++) {
    all.push(dims.map((dimension, axis) => Math.floor(flat / (strides[axis] ?? 1)) % dimension));
  }
  return all;
}
