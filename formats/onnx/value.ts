import type { Shape } from '../../design/index.ts';

/** A value that does not depend on the input of the model: a weight, or the result of shape arithmetic, whose numbers are then known. */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: readonly number[];
  /** The numbers in row-major order, if there are few enough that they can be a shape. */
  readonly values: readonly number[] | undefined;
  /** Whether the numbers are integers, so that a division truncates. */
  readonly integer: boolean;
  /** Whether the numbers have 64 bits. Other fractions are computed with 32 bits, as runtimes do: 20 x 1.3 is then 26, not 25.999999. */
  readonly isDouble?: boolean;
  /** The tensor of the file with these elements, in any order or shape. Layers that read the same tensor share its memory. */
  readonly tensor?: object;
  /** Set if the numbers are not known because another file has those of a tensor. */
  readonly unread?: UnreadTensor | undefined;
  /** The items of a sequence. `dims` is their number. Only sequence operators read them. */
  readonly items?: readonly Value[];
}

/** A tensor with its contents in another file. */
export interface UnreadTensor {
  readonly name: string;
  readonly location: string;
}

/**
 * The output of a layer, or the input of the model.
 *
 * ONNX has the batch first and channels before positions. A Stimpack shape has no batch, and its channels are last. Two properties define
 * the conversion: `batchAxis` (-1 if there is none), and `spatial`, the number of last dimensions that are positions of an image or a
 * signal, with the channels before them. So a change of the view is free, as in hardware, until a layer reads the value. `moved` means that
 * the elements are then in another order than in the output of the layer at `source`.
 */
export interface Activation {
  readonly kind: 'activation';
  readonly dims: readonly number[];
  readonly batchAxis: number;
  readonly spatial: number;
  /** Set if the batch is a factor of a larger dimension, for example after `Reshape` to (batch x tokens) x features. */
  readonly hiddenBatch?: HiddenBatch | undefined;
  /** The index of a layer, or -1 for the first input of the model, -2 for its second input, and so on. */
  readonly source: number;
  readonly moved: boolean;
  /** Where the samples of the file are. Only set if the graph is read with the dimensions of the file, to follow its samples. */
  readonly samples?: SampleAxis;
}

/**
 * The batch as a factor of a dimension. The dimension `axis` has outer x batch x (the rest) elements in the file, and outer x (the rest)
 * for one request.
 */
export interface HiddenBatch {
  readonly axis: number;
  readonly outer: number;
}

/**
 * The place of the samples that the first dimension of an input counts: the dimension `axis` has outer x samples x (the rest) elements. The
 * folder `samples` has the rules.
 */
export interface SampleAxis {
  readonly axis: number;
  readonly outer: number;
}

export type Value = Constant | Activation;

export function constant(dims: readonly number[], values?: readonly number[], integer = false): Constant {
  return { kind: 'constant', dims, values, integer };
}

export function product(dims: readonly number[]): number {
  let result = 1;
  for (const dimension of dims) result *= dimension;
  return result;
}

/** ONNX axes in the order of a Stimpack shape: positions first, then the others, without the batch. */
export function axisOrder(rank: number, batchAxis: number, spatial: number): number[] {
  const order: number[] = [];
  for (let axis = rank - spatial; axis < rank; axis++) if (axis !== batchAxis) order.push(axis);
  for (let axis = 0; axis < rank - spatial; axis++) if (axis !== batchAxis) order.push(axis);
  return order;
}

/** The Stimpack shape of a value. For a scalar it is [1]. */
export function shapeOf(value: Activation): Shape {
  const shape = axisOrder(value.dims.length, value.batchAxis, value.spatial).map((axis) => value.dims[axis] ?? 1);
  return shape.length === 0 ? [1] : shape;
}

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((dimension, index) => dimension === right[index]);
}

/** The same value, viewed with `spatial` trailing positions. This moves elements, unless one side of the exchange has a single element. */
export function withSpatial(value: Activation, spatial: number): Activation {
  if (value.spatial === spatial) return value;
  const before = axisOrder(value.dims.length, value.batchAxis, value.spatial);
  const after = axisOrder(value.dims.length, value.batchAxis, spatial);
  return { ...value, spatial, moved: value.moved || !sameOrder(value.dims, before, after) };
}

/** Whether two orders of axes give the same order of elements. Dimensions of size 1 make no difference. */
export function sameOrder(dims: readonly number[], left: readonly number[], right: readonly number[]): boolean {
  const wide = (axis: number) => dims[axis] !== 1;
  return sameShape(left.filter(wide), right.filter(wide));
}

/** Marks another axis of size 1 as the batch. No element moves, because a shape describes one request. */
export function withBatchAxis(value: Activation, batchAxis: number): Activation {
  if (batchAxis >= 0 && value.dims[batchAxis] !== 1) return value;
  return { ...value, batchAxis };
}

/** Adds dimensions of size 1 at the front until there are `rank`. */
export function withRank(value: Activation, rank: number): Activation {
  const missing = rank - value.dims.length;
  if (missing <= 0) return value;
  return {
    ...value,
    dims: [...Array.from({ length: missing }, () => 1), ...value.dims],
    batchAxis: value.batchAxis < 0 ? value.batchAxis : value.batchAxis + missing,
    hiddenBatch: value.hiddenBatch && { ...value.hiddenBatch, axis: value.hiddenBatch.axis + missing },
  };
}

/** Converts a negative axis, which counts from the end. Undefined if there is no such axis. */
export function normalAxis(axis: number, rank: number): number | undefined {
  const normal = axis < 0 ? axis + rank : axis;
  return Number.isInteger(normal) && normal >= 0 && normal < rank ? normal : undefined;
}

/** Broadcasts two lists of dimensions by NumPy's rule. Undefined if they do not fit. */
export function broadcast(left: readonly number[], right: readonly number[]): number[] | undefined {
  const rank = Math.max(left.length, right.length);
  const result: number[] = [];
  for (let index = 0; index < rank; index++) {
    const a = left[index - rank + left.length] ?? 1;
    const b = right[index - rank + right.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1) return undefined;
    result.push(a === 1 ? b : a);
  }
  return result;
}
