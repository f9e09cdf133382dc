import { dimsProblem } from '../dims.ts';
import { exportedDims, withoutBatch } from '../exported-batch.ts';
import { picked } from '../fold/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import {
  type Activation,
  axisOrder,
  type Constant,
  normalAxis,
  product,
  sameOrder,
  type Value,
  withSpatial,
} from '../value.ts';

/** Views `value` with other dimensions, in row-major order. */
export function reshaped(value: Activation, dims: readonly number[]): Activation {
  const spatial = keptSpatial(value, dims);
  const seen = spatial === undefined ? withSpatial(value, 0) : value;
  return { ...seen, dims, spatial: spatial ?? 0, batchAxis: newBatchAxis(value, dims), hiddenBatch: undefined };
}

/**
 * The number of last axes of `dims` that are the positions of `value` (split or merged only among themselves), with the channels before
 * them. Then the channels can stay last and nothing moves. Undefined if positions and channels are mixed.
 */
function keptSpatial(value: Activation, dims: readonly number[]): number | undefined {
  if (value.spatial === 0) return 0;
  const positions = product(value.dims.slice(value.dims.length - value.spatial));
  // Flattening all axes keeps the stored order. A network compiler orders the weights that read it.
  if (dims.filter((size) => size !== 1).length <= 1) return 0;
  const found: number[] = [];
  let size = 1;
  for (let count = 1; count <= dims.length; count++) {
    size *= dims[dims.length - count] ?? 1;
    if (size === positions) found.push(count);
    if (size > positions) break;
  }
  if (found.includes(value.spatial)) return value.spatial;
  return found[0];
}

function newBatchAxis(value: Activation, dims: readonly number[]): number {
  if (value.batchAxis < 0) return dims[0] === 1 && dims.length > 1 ? 0 : -1;
  if (dims[0] === 1 && value.batchAxis === 0) return 0;
  // The batch is at the place where as many elements are before it as in `value`.
  const before = product(value.dims.slice(0, value.batchAxis));
  let size = 1;
  for (let axis = 0; axis < dims.length; axis++) {
    if (size === before && dims[axis] === 1) return axis;
    size *= dims[axis] ?? 1;
  }
  return -1;
}

function reshapedConstant(value: Constant, dims: readonly number[]): Constant {
  return { ...value, dims };
}

function viewed(value: Value, dims: readonly number[]): Outcome {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  if (product(dims) !== product(value.dims)) {
    return `an input of ${value.dims.join(' x ')} cannot be seen as ${dims.join(' x ')}`;
  }
  return [value.kind === 'constant' ? reshapedConstant(value, dims) : reshaped(value, dims)];
}

function reshape(node: NodeReader): Outcome {
  const value = node.input(0);
  const target = node.known(1) ?? node.ints('shape');
  if (value === undefined) return 'its input is missing';
  if (target === undefined) {
    const stated = node.importer.statedDims(node.node.outputs[0] ?? '');
    return stated !== undefined && product(stated) === product(value.dims)
      ? viewed(value, stated)
      : 'the shape it makes is computed from the input, which is not supported';
  }
  const allowZero = node.int('allowzero', 0) !== 0;
  const batch = node.importer.exportedBatch;
  if (value.kind === 'activation' && node.importer.isBatched(node.node.inputs[0])) {
    const exported = resolveTarget(target, exportedDims(value, batch), allowZero);
    const one = exported && withoutBatch(value, exported, batch);
    if (one !== undefined) {
      const { dims, batchAxis, hiddenBatch } = one;
      return [{ ...reshaped(value, dims), batchAxis, hiddenBatch }];
    }
  }
  const dims = resolveTarget(target, value.dims, allowZero);
  return dims === undefined
    ? `an input of ${value.dims.join(' x ')} cannot be seen as ${target.join(' x ')}`
    : viewed(value, dims);
}

/**
 * The dimensions that `target` of Reshape makes of `from`. 0 copies a dimension, and -1 fills in the rest. Undefined if it does not fit.
 */
function resolveTarget(
  target: readonly number[],
  from: readonly number[],
  allowZero: boolean,
): readonly number[] | undefined {
  const total = product(from);
  const known = target.map((size, axis) => (size === 0 && !allowZero ? (from[axis] ?? 1) : size));
  const rest = product(known.filter((size) => size !== -1));
  const dims = known.map((size) => (size === -1 ? (rest === 0 ? 0 : total / rest) : size));
  return product(dims) === total && dims.every(Number.isInteger) ? dims : undefined;
}

function flatten(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const axis = node.int('axis', 1);
  const at = axis < 0 ? axis + value.dims.length : axis;
  const batch = node.importer.exportedBatch;
  if (value.kind === 'activation' && node.importer.isBatched(node.node.inputs[0])) {
    const from = exportedDims(value, batch);
    const one = withoutBatch(value, [product(from.slice(0, at)), product(from.slice(at))], batch);
    if (one !== undefined) return [{ ...reshaped(value, one.dims), ...one }];
  }
  return viewed(value, [product(value.dims.slice(0, at)), product(value.dims.slice(at))]);
}

function squeeze(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const stated = node.ints('axes') ?? node.known(1);
  if (stated === undefined && node.hasInput(1)) return 'its axes are computed from the input, which is not supported';
  const axes = new Set(stated?.map((axis) => normalAxis(axis, rank)));
  // Without axes, it keeps the batch of the file.
  const batch = node.importer.isBatched(node.node.inputs[0]) ? node.importer.exportedBatch : 1;
  const sizes = value.kind === 'constant' ? value.dims : exportedDims(value, batch);
  const dropped = (axis: number) => (stated === undefined ? sizes[axis] === 1 : axes.has(axis));
  if (value.dims.some((size, axis) => dropped(axis) && size !== 1))
    return `it removes a dimension of ${value.dims.join(' x ')} that is not 1`;
  const dims = value.dims.filter((_, axis) => !dropped(axis));
  if (value.kind === 'constant') return [reshapedConstant(value, dims)];
  const kept = value.dims.map((_, axis) => axis).filter((axis) => !dropped(axis));
  const spatial = kept.filter((axis) => axis >= rank - value.spatial).length;
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && { ...hidden, axis: kept.indexOf(hidden.axis) };
  return [{ ...value, dims, spatial, batchAxis: kept.indexOf(value.batchAxis), hiddenBatch }];
}

function unsqueeze(node: NodeReader): Outcome {
  const value = node.input(0);
  const stated = node.ints('axes') ?? node.known(1);
  if (value === undefined || stated === undefined) return 'its input or its axes are missing';
  const rank = value.dims.length + stated.length;
  if (rank > 16) return 'it makes more than 16 dimensions';
  const added = new Set(stated.map((axis) => normalAxis(axis, rank)));
  if (added.has(undefined) || added.size !== stated.length) return `its axes ${stated.join(', ')} do not exist`;
  const dims: number[] = [];
  const places: number[] = [];
  let from = 0;
  for (let axis = 0; axis < rank; axis++) {
    if (!added.has(axis)) places[from] = axis;
    dims.push(added.has(axis) ? 1 : (value.dims[from++] ?? 1));
  }
  if (value.kind === 'constant') return [reshapedConstant(value, dims)];
  const batchAxis = value.batchAxis < 0 ? -1 : (places[value.batchAxis] ?? -1);
  const firstPosition = places[value.dims.length - value.spatial] ?? rank;
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && { ...hidden, axis: places[hidden.axis] ?? 0 };
  return [{ ...value, dims, batchAxis, hiddenBatch, spatial: value.spatial === 0 ? 0 : rank - firstPosition }];
}

function transpose(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const order = node.ints('perm') ?? value.dims.map((_, axis) => rank - 1 - axis);
  if (
    order.length !== rank ||
    new Set(order).size !== rank ||
    order.some((axis) => normalAxis(axis, rank) === undefined)
  ) {
    return `its order ${order.join(', ')} does not fit an input of ${value.dims.join(' x ')}`;
  }
  return [transposed(value, order)];
}

/** The value with its axes in another order. */
export function transposed(value: Value, order: readonly number[]): Value {
  return value.kind === 'constant' ? transposedConstant(value, order) : transposedActivation(value, order);
}

function transposedConstant(value: Constant, order: readonly number[]): Constant {
  const dims = order.map((axis) => value.dims[axis] ?? 1);
  return picked(value, dims, (at) => {
    const from = new Array<number>(order.length).fill(0);
    order.forEach((axis, index) => {
      from[axis] = at[index] ?? 0;
    });
    return from;
  });
}

export function transposedActivation(value: Activation, order: readonly number[]): Activation {
  const rank = order.length;
  const dims = order.map((axis) => value.dims[axis] ?? 1);
  const batchAxis = value.batchAxis < 0 ? -1 : order.indexOf(value.batchAxis);
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && { ...hidden, axis: order.indexOf(hidden.axis) };
  const before = axisOrder(rank, value.batchAxis, value.spatial);
  // The new order may be the one with channels last. Then only the view changes.
  for (const spatial of [value.spatial, 0, 1, 2, 3]) {
    if (spatial > rank - 1) continue;
    const after = axisOrder(rank, batchAxis, spatial).map((axis) => order[axis] ?? 0);
    if (sameOrder(value.dims, before, after)) return { ...value, dims, batchAxis, hiddenBatch, spatial };
  }
  // A permutation of channels among themselves keeps the positions.
  const keepsPositions =
    value.spatial > 0 && order.slice(rank - value.spatial).every((axis) => axis >= rank - value.spatial);
  return { ...value, dims, batchAxis, hiddenBatch, spatial: keepsPositions ? value.spatial : 0, moved: true };
}

export const viewOperators: Readonly<Record<string, OperatorReader>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
};
