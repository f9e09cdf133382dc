import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, type Value, withSpatial } from '../value.ts';
import { dense, fusedMatMul, maybeFlipped, multiply, swapLast } from './linear.ts';
import { samePlace } from './normalization.ts';
import { combine } from './pointwise.ts';
import { fusedActivation } from './quantized.ts';

/** Y = A B + C (ONNX operator Gemm). A constant vector C with a number for each output is the bias of a dense layer. */
function gemm(node: NodeReader): Outcome {
  const left = node.input(0);
  const right = node.input(1);
  if (left === undefined || right === undefined) return 'an input is missing';
  const flipLeft = node.int('transA', 0) !== 0;
  const flipRight = node.int('transB', 0) !== 0;
  const added = node.float('beta') === 0 ? undefined : node.input(2);
  if (left.kind === 'constant' || right.kind === 'activation') {
    const outcome = multiply(node, maybeFlipped(left, flipLeft), maybeFlipped(right, flipRight));
    return added === undefined ? outcome : withSum(node, outcome, added);
  }
  if (right.dims.length !== 2) return `weights of ${right.dims.join(' x ')} are not a matrix`;
  const plain = flattenTo2(flipLeft ? swapLast(withSpatial(left, 0)) : left);
  const [inner = 1, outputs = 1] = flipRight ? right.dims.toReversed() : right.dims;
  const isBias = added?.kind === 'constant' && added.dims.at(-1) === outputs && product(added.dims) === outputs;
  const outcome = dense(node, plain, inner, outputs, isBias);
  return added === undefined || isBias ? outcome : withSum(node, outcome, added);
}

function withSum(node: NodeReader, outcome: Outcome, added: Value): Outcome {
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  return made === undefined ? outcome : combine(node, [made, added], 'add');
}

/** Old exports (operator sets before 9) rely on Gemm to flatten its input. */
function flattenTo2(value: Activation): Activation {
  if (value.dims.length <= 2) return value;
  const columns = product(value.dims.slice(1));
  // Flattening all axes keeps the stored order. A network compiler orders the weights to fit it.
  return { ...value, dims: [value.dims[0] ?? 1, columns], spatial: 0, batchAxis: value.dims[0] === 1 ? 0 : -1 };
}

/** A product with weights, its bias, and GELU. */
function gemmFastGelu(node: NodeReader): Outcome {
  const outcome = multiply(node, node.input(0), node.input(1), node.hasInput(2));
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  return made?.kind === 'activation' ? [samePlace(node, { kind: 'activation', function: 'gelu' }, made)] : outcome;
}

export const gemmReaders: Readonly<Record<string, OperatorReader>> = { Gemm: gemm };

/** Operators of ONNX Runtime that apply a function to the product (docs/ContribOperators.md). */
export const microsoftGemmReaders: Readonly<Record<string, OperatorReader>> = {
  FusedGemm: (node) => fusedActivation(node, gemm(node)),
  FusedMatMulActivation: (node) => fusedActivation(node, fusedMatMul(node)),
  GemmFastGelu: gemmFastGelu,
  GemmFloat8: (node) => fusedActivation(node, gemm(node)),
};
