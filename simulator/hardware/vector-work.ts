import type { ActivationFunction, Attention, Elementwise, Normalization } from '../../design/index.ts';

/**
 * Elementary operations of the vector unit per element, counted in the textbook formula. One operation is one add, multiply or compare in one
 * lane. A function (exp, 1/x, sqrt) also counts as one operation. Our assumption: vector units compute such functions with tables.
 */
export const activationOperations: Readonly<Record<ActivationFunction, number>> = {
  relu: 1,
  relu6: 2,
  clip: 2,
  'leaky-relu': 2,
  exp: 1,
  sqrt: 1,
  // x -> 1 / (1 + exp(-x))
  sigmoid: 4,
  // (e - 1) / (e + 1), e = exp(2x)
  tanh: 5,
  silu: 5,
  // x * clip(x + 3, 0, 6) / 6
  'hard-swish': 5,
  // Abramowitz and Stegun 7.1.26: five coefficients by Horner, one exp, one division, the sign
  erf: 15,
  // 0.5 x (1 + tanh(c (x + d x^3))), the form that BERT publishes
  gelu: 12,
  other: 4,
};

export const elementwiseOperations: Readonly<Record<Elementwise['operation'], number>> = {
  add: 1,
  subtract: 1,
  multiply: 1,
  divide: 2,
  max: 1,
  min: 1,
  // exp(y log x)
  pow: 3,
  other: 1,
};

/**
 * batch: a multiply and an add by constants. layer, group: mean, variance (subtract, square, add) and scale, shift: 1 + 3 + 3. rms:
 * square, add, two multiplies. local-response: square, a window of five adds, power, multiply.
 */
export const normalizationOperations: Readonly<Record<Normalization['normalization'], number>> = {
  batch: 2,
  layer: 7,
  group: 7,
  rms: 4,
  'local-response': 10,
};

/** Maximum, subtract, exp, sum, divide (a reciprocal and a multiply). */
export const softmaxOperations = 6;

/**
 * Per element of the recurrent state. LSTM: four gates (three sigmoids, two tanh with the cell's) and c = f c + i g, h = o tanh(c); adds of the
 * two products' outputs. GRU: two sigmoids, one tanh, h = (1 - z) n + z h. RNN: one tanh and one add of the two products' outputs.
 */
export const recurrentOperations = { lstm: 3 * 4 + 2 * 5 + 4 + 4, gru: 2 * 4 + 5 + 4 + 4, rnn: 5 + 1 } as const;

/** Rotary embedding: x cos + y sin, two multiplies and an add for each element of queries and keys (Su et al., RoFormer, equation 34). */
const rotaryOperations = 3;

/** Operations for each element of the queries and keys of an attention layer, before their scores. */
export function positionOperations({ rotary, queryKeyNorm }: Attention): number {
  return (rotary === true ? rotaryOperations : 0) + (queryKeyNorm === true ? normalizationOperations.rms : 0);
}

/** Dynamic quantization of an activation: absolute value and running maximum for the range, then a multiply by the scale. */
export const dynamicRangeOperations = 3;
