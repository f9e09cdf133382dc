import type { Shape } from '../../design/index.ts';

/** What does not depend on the model's input: a weight, or shape arithmetic whose numbers are then known. */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: readonly number[];
  /** Contents, row-major, where they are small enough to matter for shapes. */
  readonly values: readonly number[] | undefined;
  /** Whether division truncates. */
  readonly integer: boolean;
  /** The tensor of the file that it is, in whatever order or shape: what reads one tensor twice stores it once. */
  readonly tensor?: object;
  /** A sequence has values of its own, `dims` is how many; only operators of sequences read it. */
  readonly items?: readonly Value[];
}

/**
 * What a layer makes. ONNX counts dimensions batch first and channels before positions; a Stimpack shape leaves the batch out and
 * has channels last. `batchAxis` (-1: none) and `spatial` (how many of the last dimensions are positions of an image or a signal
 * whose channels stand before them) say how to get from one to the other. Changes of view are thus free, as in hardware, until
 * a layer reads the value; `moved` says that the elements are then in another order than the layer at `source` left them.
 */
export interface Activation {
  readonly kind: 'activation';
  readonly dims: readonly number[];
  readonly batchAxis: number;
  readonly spatial: number;
  /** Where the batch is part of a larger dimension, as after `Reshape` to (batch x tokens) x features. */
  readonly hiddenBatch?: HiddenBatch | undefined;
  /** Index of a layer, or -1 for the model's input, -2 for its second input, and so on. */
  readonly source: number;
  readonly moved: boolean;
}

/** The batch as a factor of a dimension: `axis` has outer x batch x (the rest) elements in the file, outer x (the rest) for one request. */
export interface HiddenBatch {
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

/** ONNX axes in the order of the Stimpack shape: positions first, then the rest, the batch left out. */
export function axisOrder(rank: number, batchAxis: number, spatial: number): number[] {
  const order: number[] = [];
  for (let axis = rank - spatial; axis < rank; axis++) if (axis !== batchAxis) order.push(axis);
  for (let axis = 0; axis < rank - spatial; axis++) if (axis !== batchAxis) order.push(axis);
  return order;
}

/** The Stimpack shape of a value; a scalar is [1]. */
export function shapeOf(value: Activation): Shape {
  const shape = axisOrder(value.dims.length, value.batchAxis, value.spatial).map((axis) => value.dims[axis] ?? 1);
  return shape.length === 0 ? [1] : shape;
}

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((dimension, index) => dimension === right[index]);
}

/** The same value seen with `spatial` trailing positions. Moves elements unless one side of the exchange is a single element. */
export function withSpatial(value: Activation, spatial: number): Activation {
  if (value.spatial === spatial) return value;
  const before = axisOrder(value.dims.length, value.batchAxis, value.spatial);
  const after = axisOrder(value.dims.length, value.batchAxis, spatial);
  return { ...value, spatial, moved: value.moved || !sameOrder(value.dims, before, after) };
}

/** Whether two orders of axes lay the elements out alike: dimensions of one do not count. */
export function sameOrder(dims: readonly number[], left: readonly number[], right: readonly number[]): boolean {
  const wide = (axis: number) => dims[axis] !== 1;
  return sameShape(left.filter(wide), right.filter(wide));
}

/** Names another axis of size one as the batch; it is only a name, since one request is what a shape describes. */
export function withBatchAxis(value: Activation, batchAxis: number): Activation {
  if (batchAxis >= 0 && value.dims[batchAxis] !== 1) return value;
  return { ...value, batchAxis };
}

/** Adds dimensions of one in front until there are `rank`. */
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

/** Counts a negative axis from the end; undefined where there is no such axis. */
export function normalAxis(axis: number, rank: number): number | undefined {
  const normal = axis < 0 ? axis + rank : axis;
  return Number.isInteger(normal) && normal >= 0 && normal < rank ? normal : undefined;
}

/** NumPy's rule; undefined where the dimensions do not fit. */
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
