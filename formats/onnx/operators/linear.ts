import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import {
  type Activation,
  broadcast,
  type Constant,
  normalAxis,
  product,
  type Value,
  withBatchAxis,
  withRank,
  withSpatial,
} from '../value.ts';
import { batchOfWeights } from './batch-of-weights.ts';
import { transposed } from './views.ts';

/** A dense layer over the last axis of `value`, with K x N weights. */
export function dense(node: NodeReader, value: Activation, reduction: number, outputs: number, bias: boolean): Outcome {
  const plain = withSpatial(value, 0);
  const features = plain.dims[plain.dims.length - 1] ?? 1;
  if (features !== reduction) {
    return `weights of ${reduction} x ${outputs} do not fit an input of ${value.dims.join(' x ')}`;
  }
  // If the last axis is marked as the batch, the layer would have no features. Then the value has no batch axis.
  const lastIsBatch = plain.batchAxis === plain.dims.length - 1;
  const seen = lastIsBatch ? withBatchAxis(plain, -1) : plain;
  const dims = [...seen.dims.slice(0, -1), outputs];
  return [
    node.layer({ kind: 'dense', outputs, bias }, [node.importer.read(seen)], {
      dims,
      batchAxis: seen.batchAxis,
      spatial: 0,
    }),
  ];
}

/** Exchanges the last two axes. */
export function swapLast(value: Activation): Activation {
  const rank = value.dims.length;
  const [a = 1, b = 1] = value.dims.slice(-2);
  const batchAxis = value.batchAxis === rank - 1 ? rank - 2 : value.batchAxis === rank - 2 ? rank - 1 : value.batchAxis;
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && hidden.axis >= rank - 2 ? { ...hidden, axis: 2 * rank - 3 - hidden.axis } : hidden;
  const moved = value.moved || (a !== 1 && b !== 1);
  return { ...value, dims: [...value.dims.slice(0, -2), b, a], batchAxis, hiddenBatch, moved };
}

export function maybeFlipped(value: Value | undefined, flip: boolean): Value | undefined {
  if (!flip || value === undefined) return value;
  if (value.kind === 'activation') return swapLast(withSpatial(value, 0));
  const [a = 1, b = 1] = value.dims.slice(-2);
  return { ...value, dims: [...value.dims.slice(0, -2), b, a], values: undefined };
}

/**
 * Y = A B, as NumPy's matmul. A and B can be weights or activations. An operand with one dimension is a row on the left and a column on the
 * right, and the result has no axis for it. `bias`: whether a vector is added to the product with a weight matrix.
 */
export function multiply(node: NodeReader, left: Value | undefined, right: Value | undefined, bias = false): Outcome {
  if (left === undefined || right === undefined) return 'an input is missing';
  const outcome = productOf(node, asMatrix(left, 'row'), asMatrix(right, 'column'), bias);
  if (typeof outcome === 'string') return outcome;
  return outcome.map((value) => {
    if (value?.kind !== 'activation') return value;
    const made = right.dims.length === 1 ? withoutAxis(value, value.dims.length - 1) : value;
    return left.dims.length === 1 ? withoutAxis(made, value.dims.length - 2) : made;
  });
}

function asMatrix(value: Value, as: 'row' | 'column'): Value {
  if (value.dims.length !== 1) return value;
  const [size = 1] = value.dims;
  if (value.kind === 'constant') return { ...value, dims: as === 'row' ? [1, size] : [size, 1], values: undefined };
  const row = withRank(withSpatial(value, 0), 2);
  return as === 'row' ? row : swapLast(row);
}

/** Removes an axis of size 1. */
function withoutAxis(value: Activation, axis: number): Activation {
  const { batchAxis, dims } = value;
  const kept = batchAxis === axis ? -1 : batchAxis > axis ? batchAxis - 1 : batchAxis;
  return { ...value, dims: dims.filter((_, at) => at !== axis), batchAxis: kept };
}

/** The product of two operands with two or more dimensions each. */
function productOf(node: NodeReader, left: Value, right: Value, bias: boolean): Outcome {
  if (left.kind === 'activation' && right.kind === 'constant') return timesWeights(node, left, right, bias);
  if (left.kind === 'constant' && right.kind === 'activation') return weightsTimes(node, left, right);
  if (left.kind === 'constant' || right.kind === 'constant') return 'both inputs are constant';
  return matmul(node, left, right);
}

function timesWeights(node: NodeReader, left: Activation, right: Constant, bias: boolean): Outcome {
  const outer = right.dims.slice(0, -2);
  const [inner = 1, outputs = 1] = right.dims.slice(-2);
  if (product(outer) !== 1) return batchOfWeights(node, left, { outer, inner, outputs });
  return eachWithRank(dense(node, left, inner, outputs, bias), right.dims.length);
}

/** W X = (X^T W^T)^T. A dense layer works on the last axis, so the value is transposed before and after it. */
function weightsTimes(node: NodeReader, left: Constant, right: Activation): Outcome {
  const outer = left.dims.slice(0, -2);
  const [outputs = 1, inner = 1] = left.dims.slice(-2);
  const turned = swapLast(withRank(withSpatial(right, 0), 2));
  const outcome =
    product(outer) === 1
      ? eachWithRank(dense(node, turned, inner, outputs, false), left.dims.length)
      : batchOfWeights(node, turned, { outer, inner, outputs });
  if (typeof outcome === 'string') return outcome;
  return outcome.map((value) => (value?.kind === 'activation' ? swapLast(value) : value));
}

function eachWithRank(outcome: Outcome, rank: number): Outcome {
  if (typeof outcome === 'string') return outcome;
  return outcome.map((value) => (value?.kind === 'activation' ? withRank(value, rank) : value));
}

/** The product of two activations. The leading axes of both become one batch. */
function matmul(node: NodeReader, leftValue: Activation, rightValue: Activation): Outcome {
  const rank = Math.max(leftValue.dims.length, rightValue.dims.length);
  const left = withRank(withSpatial(leftValue, 0), rank);
  const right = withRank(withSpatial(rightValue, 0), rank);
  const m = left.dims[rank - 2] ?? 1;
  const k = left.dims[rank - 1] ?? 1;
  const n = right.dims[rank - 1] ?? 1;
  const leading = broadcast(left.dims.slice(0, -2), right.dims.slice(0, -2));
  if (right.dims[rank - 2] !== k || leading === undefined) {
    return `${leftValue.dims.join(' x ')} and ${rightValue.dims.join(' x ')} do not fit each other`;
  }
  const isBatch = (axis: number) => axis >= 0 && axis < rank - 2 && left.dims[axis] === 1 && right.dims[axis] === 1;
  const batchAxis = isBatch(left.batchAxis) ? left.batchAxis : isBatch(right.batchAxis) ? right.batchAxis : -1;
  const drop = (dims: readonly number[]) => dims.slice(0, -2).filter((_, axis) => axis !== batchAxis);
  const leftOuter = drop(left.dims);
  const rightOuter = drop(right.dims);
  const outer = leading.filter((_, axis) => axis !== batchAxis);
  const output = { dims: [...leading, m, n], batchAxis, spatial: 0 };
  if (product(rightOuter) === 1 && product(leftOuter) > 1) {
    // All products have the same right side. The left sides are stacked, so that the right side is read once.
    const rows = product(leftOuter) * m;
    const reads = [node.importer.read(left, [rows, k]), node.importer.read(right, [k, n])];
    return [node.layer({ kind: 'matmul', transposed: false }, reads, output, [rows, n])];
  }
  const reads = [node.importer.read(left, [...leftOuter, m, k]), node.importer.read(right, [...rightOuter, k, n])];
  return [node.layer({ kind: 'matmul', transposed: false }, reads, output, [...outer, m, n])];
}

/**
 * A MatMul that transposes its inputs (ContribOperators.md, FusedMatMul). With `transBatchA`, the first axis of A takes the place of its rows,
 * and its other outer axes come first. An attribute `activation` follows in FusedMatMulActivation.
 */
export function fusedMatMul(node: NodeReader): Outcome {
  const operand = (index: number, side: 'A' | 'B'): Value | undefined => {
    const value = node.input(index);
    const rank = value?.dims.length ?? 0;
    const turned =
      value !== undefined && rank > 2 && node.int(`transBatch${side}`, 0) !== 0
        ? transposed(value, [...value.dims.keys()].slice(1, -1).concat(0, rank - 1))
        : value;
    return maybeFlipped(turned, node.int(`trans${side}`, 0) !== 0);
  };
  const left = operand(0, 'A');
  const outcome = multiply(node, left, operand(1, 'B'));
  const hiddenBatch = left?.kind === 'activation' ? left.hiddenBatch : undefined;
  const isOuter = hiddenBatch !== undefined && hiddenBatch.axis < (left?.dims.length ?? 0) - 2;
  if (typeof outcome === 'string' || !isOuter) return outcome;
  return outcome.map((made) => (made?.kind === 'activation' ? { ...made, hiddenBatch } : made));
}

/** If b is a constant vector, x W + b is one dense layer with a bias. Add calls this function before it makes a layer. */
export function mergeBias(node: NodeReader): Outcome | undefined {
  for (const side of [0, 1]) {
    const value = node.activation(side);
    const other = node.input(1 - side);
    const tensor = node.node.inputs[side] ?? '';
    if (value === undefined || other?.kind !== 'constant') continue;
    const draft = node.importer.soleProducer(tensor, value);
    if (draft?.operation.kind !== 'dense' || draft.operation.bias) continue;
    const axis = normalAxis(-1, value.dims.length) ?? 0;
    if (product(other.dims) !== draft.operation.outputs || other.dims[other.dims.length - 1] !== value.dims[axis])
      continue;
    draft.operation = { ...draft.operation, bias: true };
    node.importer.hold(value, node.node.outputs[0]);
    return [value];
  }
  return undefined;
}

export const linearReaders: Readonly<Record<string, OperatorReader>> = {
  MatMul: (node) => multiply(node, node.input(0), node.input(1)),
  MatMulInteger: (node) => multiply(node, node.input(0), node.input(1)),
  QLinearMatMul: (node) => multiply(node, node.input(0), node.input(3)),
  FusedMatMul: fusedMatMul,
  TransposeMatMul: fusedMatMul,
};
