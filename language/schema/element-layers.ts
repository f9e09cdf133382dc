import { layer } from './layer-properties.ts';

/* The layers that compute each element separately. Their keywords are also names of operations in the design. */

/** Also the functions that a feed-forward layer can have. */
export const activations = [
  ['relu', 'max(0, x).'],
  ['relu6', 'min(max(0, x), 6).'],
  ['leaky-relu', 'x if x is positive, otherwise a small multiple of x.'],
  ['sigmoid', '1 / (1 + exp(-x)).'],
  ['tanh', 'Hyperbolic tangent.'],
  ['gelu', 'x times the normal distribution function.'],
  ['silu', 'x sigmoid(x), also called swish.'],
  ['hard-swish', 'x relu6(x + 3) / 6.'],
  ['exp', 'Exponential.'],
  ['sqrt', 'Square root.'],
  ['erf', 'Error function.'],
  ['clip', 'Limits to a range.'],
  ['activation', 'Any other function of one element.'],
] as const;

const elementwise = [
  ['add', 'Sum of its inputs, element by element.'],
  ['subtract', 'Difference of its inputs, element by element.'],
  ['multiply', 'Product of its inputs, element by element.'],
  ['divide', 'Quotient of its inputs, element by element.'],
  ['max', 'The larger of its inputs, element by element.'],
  ['min', 'The smaller of its inputs, element by element.'],
  ['pow', 'Power, element by element.'],
  ['elementwise', 'Any other function of its inputs, element by element.'],
] as const;

type ActivationKeyword = (typeof activations)[number][0];
type ElementwiseKeyword = (typeof elementwise)[number][0];

/** Keywords of the activation and element-wise layers. Each is also the name of the operation in the design. */
export const activationKeywords: readonly ActivationKeyword[] = activations.map(([name]) => name);
export const elementwiseKeywords: readonly ElementwiseKeyword[] = elementwise.map(([name]) => name);

export const elementLayers = [
  ...activations.map(([name, documentation]) => layer(name, documentation)),
  ...elementwise.map(([name, documentation]) => layer(name, documentation)),
];
