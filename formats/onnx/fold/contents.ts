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

/** TensorProto.DataType of fractions with 64 bits. */
export const doubleType = 11;

/**
 * The result of an operator on constants. A string if it cannot be computed: the reason. Undefined if numbers that it needs are not known.
 */
export type Folded = readonly Constant[] | string | undefined;

/** A tensor of the file: its size, and its numbers if there are few enough that it can be a shape. */
export function constantOf(bytes: Uint8Array, tensor: TensorInfo): Constant {
  const integer = integerTypes.has(tensor.dataType);
  const small = product(tensor.dims) <= (integer ? maxFoldedElements : maxFoldedFractions);
  const isDouble = tensor.dataType === doubleType;
  const values = small ? readContents(bytes, tensor) : undefined;
  const made = { ...constant(tensor.dims, values, integer), tensor, isDouble };
  const { external } = tensor;
  return small && external !== undefined
    ? { ...made, unread: { name: tensor.name, location: external.location } }
    : made;
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
  return rounded(constant(input.dims, input.values?.map(map), input.integer), input.isDouble);
}

/** The result of arithmetic, with the precision of its type. */
export function rounded(result: Constant, isDouble = false): Constant {
  return { ...result, isDouble, values: result.integer || isDouble ? result.values : result.values?.map(Math.fround) };
}

/** The contents of `input`, broadcast to `dims`. */
export function spread(input: Constant, dims: readonly number[]): readonly number[] | undefined {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return undefined;
  if (sameShape(input.dims, dims)) return values;
  const strides = stridesOf(input.dims);
  const missing = dims.length - input.dims.length;
  // A dimension of size 1, or one that the input does not have, repeats: its index does not move in the input.
  const steps = dims.map((_, axis) => (input.dims[axis - missing] === 1 ? 0 : (strides[axis - missing] ?? 0)));
  return atEach(dims, (at) => values[offsetOf(at, steps)] ?? 0);
}

/**
 * A constant whose elements are picked from the input. `pick` converts an index in the result to an index in the input. It must not keep
 * the index that it gets. Slices and transpositions use it.
 */
export function picked(
  input: Constant,
  dims: readonly number[],
  pick: (at: readonly number[]) => readonly number[],
): Constant {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return constant(dims, undefined, input.integer);
  const strides = stridesOf(input.dims);
  const result = atEach(dims, (at) => values[offsetOf(pick(at), strides)] ?? 0);
  return constant(dims, result, input.integer);
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return strides;
}

function offsetOf(at: readonly number[], steps: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < steps.length; axis++) offset += (at[axis] ?? 0) * (steps[axis] ?? 0);
  return offset;
}

/** A number for each index of a tensor, in row-major order. All calls get the same list: a list for each would be most of the time. */
function atEach(dims: readonly number[], numberAt: (at: readonly number[]) => number): number[] {
  const at = dims.map(() => 0);
  const numbers = new Array<number>(product(dims));
  for (let index = 0; index < numbers.length; index++) {
    numbers[index] = numberAt(at);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1;
      at[axis] = next < (dims[axis] ?? 0) ? next : 0;
      if (next < (dims[axis] ?? 0)) break;
    }
  }
  return numbers;
}
