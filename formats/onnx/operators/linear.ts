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

function swapLast(value: Activation): Activation {
  const rank = value.dims.length;
  const [a = 1, b = 1] = value.dims.slice(-2);
  const batchAxis = value.batchAxis === rank - 1 ? rank - 2 : value.batchAxis === rank - 2 ? rank - 1 : value.batchAxis;
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && hidden.axis >= rank - 2 ? { ...hidden, axis: 2 * rank - 3 - hidden.axis } : hidden;
  const moved = value.moved || (a !== 1 && b !== 1);
  return { ...value, dims: [...value.dims.slice(0, -2), b, a], batchAxis, hiddenBatch, moved };
}

function gemm(node: NodeReader): Outcome {
  const left = node.activation(0);
  const right = node.input(1);
  const flipLeft = node.int('transA', 0) !== 0;
  const flipRight = node.int('transB', 0) !== 0;
  if (right === undefined) return 'an input is missing';
  if (left === undefined || right.kind === 'activation') {
    return multiply(node, maybeFlipped(node.input(0), flipLeft), maybeFlipped(right, flipRight));
  }
  const plain = flattenTo2(flipLeft ? swapLast(withSpatial(left, 0)) : left);
  if (right.dims.length !== 2) return `weights of ${right.dims.join(' x ')} are not a matrix`;
  const [first = 0, second = 0] = right.dims;
  const bias = node.input(2);
  const outcome = flipRight
    ? dense(node, plain, second, first, bias !== undefined)
    : dense(node, plain, first, second, bias !== undefined);
  return outcome;
}

/** Old exports (operator sets before 9) rely on Gemm to flatten its input. */
function flattenTo2(value: Activation): Activation {
  if (value.dims.length <= 2) return value;
  const columns = product(value.dims.slice(1));
  // Flattening all axes keeps the stored order. A network compiler orders the weights to fit it.
  return { ...value, dims: [value.dims[0] ?? 1, columns], spatial: 0, batchAxis: value.dims[0] === 1 ? 0 : -1 };
}

export function maybeFlipped(value: Value | undefined, flip: boolean): Value | undefined {
  if (!flip || value === undefined) return value;
  if (value.kind === 'activation') return swapLast(withSpatial(value, 0));
  const [a = 1, b = 1] = value.dims.slice(-2);
  return { ...value, dims: [...value.dims.slice(0, -2), b, a], values: undefined };
}

/**
 * Y = A B, as NumPy's matmul. A and B can be weights or activations. `bias`: whether a vector is added to the product with a weight matrix.
 */
export function multiply(node: NodeReader, left: Value | undefined, right: Value | undefined, bias = false): Outcome {
  if (left === undefined || right === undefined) return 'an input is missing';
  if (left.kind === 'activation' && right.kind === 'constant') return timesWeights(node, left, right, bias);
  if (left.kind === 'constant' && right.kind === 'activation') return weightsTimes(node, left, right);
  if (left.kind === 'constant' || right.kind === 'constant') return 'both inputs are constant';
  return matmul(node, left, right);
}

function timesWeights(node: NodeReader, left: Activation, right: Constant, bias: boolean): Outcome {
  const [outer, inner, outputs] = matrixDims(right.dims, 'right');
  if (outer === 1) {
    const outcome = dense(node, left, inner, outputs, bias);
    if (typeof outcome === 'string' || right.dims.length !== 1) return outcome;
    return outcome.map((value) => (value?.kind === 'activation' ? withoutLast(value) : value));
  }
  return batchOfWeights(node, left, outer, inner, outputs);
}

/** A one-dimensional operand is a column, so the result has no axis for it. */
function withoutLast(value: Activation): Activation {
  const rank = value.dims.length - 1;
  return { ...value, dims: value.dims.slice(0, rank), batchAxis: value.batchAxis >= rank ? -1 : value.batchAxis };
}

/** The (batch, rows, columns) of an operand of matmul. */
function matrixDims(dims: readonly number[], side: 'left' | 'right'): readonly [number, number, number] {
  if (dims.length === 1) return side === 'left' ? [1, 1, dims[0] ?? 1] : [1, dims[0] ?? 1, 1];
  return [product(dims.slice(0, -2)), dims[dims.length - 2] ?? 1, dims[dims.length - 1] ?? 1];
}

/** B different weight matrices for B slices of the input. It is a 1 x 1 convolution in B groups, with the same arithmetic. */
function batchOfWeights(node: NodeReader, left: Activation, batch: number, inner: number, outputs: number): Outcome {
  const plain = withSpatial(left, 0);
  const rank = plain.dims.length;
  const rows = rank < 2 ? 1 : (plain.dims[rank - 2] ?? 1);
  const leading = product(plain.dims.slice(0, -2));
  if (plain.dims[rank - 1] !== inner || (leading !== batch && leading !== 1)) {
    return `weights of ${batch} x ${inner} x ${outputs} do not fit an input of ${left.dims.join(' x ')}`;
  }
  const one = { height: 1, width: 1 };
  const shape = [rows, 1, leading * inner];
  const read = node.importer.read({ ...plain, moved: plain.moved || (rows > 1 && leading > 1) }, shape);
  const groups = leading === batch ? batch : 1;
  const filters = batch * outputs;
  const index = node.importer.add(
    node.name,
    {
      kind: 'conv',
      kernel: one,
      stride: one,
      dilation: one,
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
      filters,
      groups,
      bias: false,
    },
    [read],
    [rows, 1, filters],
  );
  return [
    { kind: 'activation', dims: [batch, rows, outputs], batchAxis: -1, spatial: 0, source: index, moved: rows > 1 },
  ];
}

/** W X = (X^T W^T)^T. A dense layer works on the last axis, so the value is transposed before and after it. */
function weightsTimes(node: NodeReader, left: Constant, right: Activation): Outcome {
  const [outer, outputs, inner] = matrixDims(left.dims, 'left');
  const plain = withSpatial(right, 0);
  if (outer !== 1) {
    const made = batchOfWeights(node, swapLast(withRank(plain, 2)), outer, inner, outputs);
    return typeof made === 'string'
      ? made
      : made.map((value) => (value?.kind === 'activation' ? swapLast(value) : value));
  }
  if (plain.dims.length < 2) return dense(node, plain, inner, outputs, false);
  const outcome = dense(node, swapLast(plain), inner, outputs, false);
  if (typeof outcome === 'string') return outcome;
  return outcome.map((value) => (value?.kind === 'activation' ? swapLast(value) : value));
}

/** The product of two activations. The leading axes of both become one batch. */
function matmul(node: NodeReader, leftValue: Activation, rightValue: Activation): Outcome {
  const rank = Math.max(leftValue.dims.length, rightValue.dims.length, 2);
  const left = withRank(withSpatial(leftValue, 0), rank);
  const right =
    rightValue.dims.length === 1
      ? withRank(swapLast(withRank(withSpatial(rightValue, 0), 2)), rank)
      : withRank(withSpatial(rightValue, 0), rank);
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

/** A MatMul that transposes its inputs (ContribOperators.md, FusedMatMul). `transBatchA` and `transBatchB` transpose outer axes. */
function fusedMatMul(node: NodeReader): Outcome {
  if (node.int('transBatchA', 0) !== 0 || node.int('transBatchB', 0) !== 0) {
    return 'its transBatchA or transBatchB is set, which is not supported';
  }
  return multiply(
    node,
    maybeFlipped(node.input(0), node.int('transA', 0) !== 0),
    maybeFlipped(node.input(1), node.int('transB', 0) !== 0),
  );
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
  Gemm: gemm,
  MatMul: (node) => multiply(node, node.input(0), node.input(1)),
  MatMulInteger: (node) => multiply(node, node.input(0), node.input(1)),
  QLinearMatMul: (node) => multiply(node, node.input(0), node.input(3)),
  FusedMatMul: fusedMatMul,
  TransposeMatMul: fusedMatMul,
  FusedGemm: gemm,
};
