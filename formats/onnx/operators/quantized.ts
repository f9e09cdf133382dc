import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import type { Value } from '../value.ts';
import { inItsLayout } from './layouts.ts';
import { dense, maybeFlipped, multiply } from './linear.ts';
import { samePlace } from './normalization.ts';
import { computedWeights } from './parameters.ts';
import { concatenate } from './parts.ts';
import { activation, combine } from './pointwise.ts';
import { globalPooling, pooling, reduction } from './pooling.ts';

/*
 * Products with quantized or packed weights, and the quantized forms of other operators (docs/ContribOperators.md of ONNX Runtime). The
 * mode of the chip decides the width of stored weights, so only the number of weights counts here. Scales and zero points cost nothing.
 */

/** A product with weights that are packed in blocks of few bits. The attributes K and N state how many there are. */
function packedWeights(node: NodeReader, bias: number): Outcome {
  const value = node.activation(0);
  const weights = node.input(1);
  const reduction = node.int('K', 0);
  const outputs = node.int('N', 0);
  if (weights?.kind === 'activation') return computedWeights(weights);
  if (value === undefined || weights === undefined || reduction < 1 || outputs < 1) {
    return `its weights are missing, or its sizes K ${reduction} and N ${outputs} are not 1 or more`;
  }
  return dense(node, value, reduction, outputs, bias >= 0 && node.hasInput(bias));
}

/**
 * The product of two matrices, inputs `left` and `right`. The attributes transA and transB transpose them. `bias`: the input with the bias.
 */
function quantizedProduct(node: NodeReader, left: number, right: number, bias: number): Outcome {
  const turned = (index: number, attribute: string) => maybeFlipped(node.input(index), node.int(attribute, 0) !== 0);
  const values = turned(left, 'transA');
  const weights = turned(right, 'transB');
  const hasBias = bias >= 0 && node.hasInput(bias);
  if (values?.kind !== 'activation' || weights?.kind !== 'constant' || weights.dims.length !== 2) {
    return multiply(node, values, weights);
  }
  return dense(node, values, weights.dims[0] ?? 0, weights.dims[1] ?? 0, hasBias);
}

/** The operands of an element-wise operator that also has scales and zero points between them. */
function operands(node: NodeReader, places: readonly number[]): readonly Value[] {
  return places.flatMap((index) => node.input(index) ?? []);
}

/** Applies the function in attribute `activation` to the result of a fused operator, if there is one. */
export function fusedActivation(node: NodeReader, outcome: Outcome): Outcome {
  const name = node.text('activation');
  const made = typeof outcome === 'string' ? undefined : outcome[0];
  if (name === '' || name === 'none' || made?.kind !== 'activation') return outcome;
  const functions = {
    Relu: 'relu',
    LeakyRelu: 'leaky-relu',
    Sigmoid: 'sigmoid',
    Tanh: 'tanh',
    Clip: 'clip',
    HardSigmoid: 'clip',
    Gelu: 'gelu',
    silu: 'silu',
    swish: 'silu',
  } as const;
  const known = Object.entries(functions).find(([each]) => each === name)?.[1] ?? 'other';
  return [samePlace(node, { kind: 'activation', function: known }, made)];
}

/** The inputs to join follow the scale and zero point of the result. Each has its own scale and zero point. */
function quantizedConcat(node: NodeReader): Outcome {
  const places = node.node.inputs.flatMap((_, index) => (index >= 2 && (index - 2) % 3 === 0 ? [index] : []));
  return concatenate(
    node,
    places.map((index) => node.input(index)),
  );
}

export const quantizedReaders: Readonly<Record<string, OperatorReader>> = {
  MatMulNBits: (node) => packedWeights(node, 5),
  MatMulBnb4: (node) => packedWeights(node, -1),
  MatMulFpQ4: (node) => packedWeights(node, -1),
  QGemm: (node) => quantizedProduct(node, 0, 3, 6),
  MatMulInteger16: (node) => quantizedProduct(node, 0, 1, -1),
  MatMulIntegerToFloat: (node) => quantizedProduct(node, 0, 1, 6),
  DynamicQuantizeMatMul: (node) => quantizedProduct(node, 0, 1, 4),
  QLinearAdd: (node) => combine(node, operands(node, [0, 3]), 'add'),
  QLinearMul: (node) => combine(node, operands(node, [0, 3]), 'multiply'),
  QLinearWhere: (node) => combine(node, operands(node, [0, 1, 4]), 'other'),
  QLinearSigmoid: (node) => activation(node, 'sigmoid'),
  QLinearLeakyRelu: (node) => activation(node, 'leaky-relu'),
  QLinearSoftmax: softmaxOf,
  QLinearConcat: quantizedConcat,
  QLinearAveragePool: (node) => inItsLayout(node, (seen) => pooling(seen, 'average')),
  QLinearReduceMean: (node) => reduction(node, 'average'),
  QLinearGlobalAveragePool: (node) => inItsLayout(node, (seen) => globalPooling(seen, 'average')),
};

function softmaxOf(node: NodeReader): Outcome {
  const value = node.activation(0);
  return value === undefined ? 'its input is missing or constant' : [samePlace(node, { kind: 'softmax' }, value)];
}
