import type { ActivationFunction, Elementwise } from '../../../design/index.ts';
import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import {
  type Activation,
  broadcast,
  type Constant,
  product,
  shapeOf,
  type Value,
  withBatchAxis,
  withRank,
  withSpatial,
} from '../value.ts';
import { mergeBias } from './linear.ts';
import { mergeAffine, samePlace } from './normalization.ts';
import { parameterTable } from './parameters.ts';

/** Returns the value unchanged. The operator computes nothing during inference. */
function alias(node: NodeReader): Outcome {
  const value = node.input(0);
  return value === undefined ? 'its input is missing' : [value];
}

export function activation(node: NodeReader, fn: ActivationFunction): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  return [samePlace(node, { kind: 'activation', function: fn }, value)];
}

function clip(node: NodeReader): Outcome {
  const low = node.float('min') ?? node.known(1)?.[0];
  const high = node.float('max') ?? node.known(2)?.[0];
  return activation(node, low === 0 && high === 6 ? 'relu6' : 'clip');
}

/** If a constant has at least this many elements, and as many as the other operand, it is a parameter table with its own layer. */
const tableElements = 1024;

function elementwise(node: NodeReader, operation: Elementwise['operation'], merge = false): Outcome {
  const aligned = alignOld(
    node,
    [0, 1].flatMap((index) => node.input(index) ?? []),
  )[1];
  const seen = aligned?.kind === 'constant' && node.hasInput(1) ? node.withInput(1, aligned) : node;
  if (merge) {
    const merged = mergeBias(seen) ?? mergeAffine(seen);
    if (merged !== undefined) return merged;
  }
  const values: Value[] = [];
  for (let index = 0; index < node.node.inputs.length; index++) {
    const value = seen.input(index);
    if (value !== undefined) values.push(value);
  }
  return combine(seen, values, operation);
}

/** Combines activations and constants element by element. They are broadcast to each other. */
export function combine(node: NodeReader, values: readonly Value[], operation: Elementwise['operation']): Outcome {
  let dims: readonly number[] | undefined = [];
  for (const value of values) {
    dims = dims === undefined ? undefined : broadcast(dims, value.dims);
    if (dims === undefined) {
      return `inputs of ${values.map((each) => each.dims.join(' x ') || 'one value').join(' and ')} do not fit each other`;
    }
  }
  const shaped = dims ?? [];
  const rank = shaped.length;
  const activations = values.filter((value) => value.kind === 'activation').map((value) => withRank(value, rank));
  // The largest operand decides the view of the result. The others are rearranged to fit.
  let main: Activation | undefined;
  for (const value of activations) if (main === undefined || product(value.dims) > product(main.dims)) main = value;
  if (main === undefined) return 'it has no input that depends on the model input';
  const leader = main;
  const isSmaller = product(leader.dims) < product(shaped);
  const batchAxis = leader.batchAxis >= 0 && shaped[leader.batchAxis] === 1 ? leader.batchAxis : -1;
  const output = { dims: shaped, batchAxis, spatial: leader.spatial };
  const reads: Read[] = activations.map((value) => {
    const read = node.importer.read(withSpatial(withBatchAxis(value, batchAxis), leader.spatial));
    // If no operand has the shape of the result, the largest one is broadcast to it. This moves no element.
    return value === leader && isSmaller ? broadcastTo(node, read, output) : read;
  });
  for (const value of values) {
    if (value.kind === 'constant' && product(value.dims) >= tableElements && product(value.dims) === product(shaped)) {
      reads.push(parameterTable(node, value, withBatchAxisOf(value, output)));
    }
  }
  return [node.layer({ kind: 'elementwise', operation }, reads, output)];
}

/** The same elements, each repeated as often as the shape of the result requires. */
function broadcastTo(node: NodeReader, read: Read, output: Omit<Activation, 'kind' | 'source' | 'moved'>): Read {
  const shape = shapeOf({ kind: 'activation', ...output, source: -1, moved: false });
  const index = node.importer.add(`${node.name}_broadcast`, { kind: 'reshape', copies: false }, [read], shape);
  return { index, shape };
}

function withBatchAxisOf(value: Constant, output: Omit<Activation, 'kind' | 'source' | 'moved'>): Activation {
  return {
    kind: 'activation',
    ...output,
    source: -1,
    moved: false,
    dims: value.dims.length < output.dims.length ? output.dims : value.dims,
  };
}

/** Before operator set 7, the second operand started at attribute `axis` if `broadcast` was set. */
function alignOld(node: NodeReader, operands: readonly Value[]): readonly Value[] {
  const axis = node.node.attributes.get('axis')?.integer;
  const [first, second] = operands;
  if (node.opset >= 7 || axis === undefined || axis < 0 || first === undefined || second?.kind !== 'constant')
    return operands;
  const trailing = first.dims.length - axis - second.dims.length;
  if (trailing <= 0 || trailing > 16) return operands;
  return [first, { ...second, dims: [...second.dims, ...Array.from({ length: trailing }, () => 1)] }];
}

/** Normalizes x + skip, as ONNX Runtime fuses it in transformer exports. */
function skipNormalization(node: NodeReader, normalization: 'layer' | 'rms'): Outcome {
  const left = node.input(0);
  const right = node.input(1);
  if (left === undefined || right === undefined) return 'an input is missing';
  const sum = combine(node, [left, right], 'add');
  const value = typeof sum === 'string' ? undefined : sum[0];
  if (value?.kind !== 'activation') return sum;
  const made = samePlace(node, { kind: 'normalization', normalization, folded: false }, value);
  return [made, undefined, undefined, value];
}

function biasGelu(node: NodeReader): Outcome {
  const merged = mergeBias(node);
  const value = merged === undefined || typeof merged === 'string' ? node.activation(0) : merged[0];
  if (value?.kind !== 'activation') return 'its input is missing or constant';
  return [samePlace(node, { kind: 'activation', function: 'gelu' }, value)];
}

const activationFunctions: Readonly<Record<string, ActivationFunction>> = {
  Relu: 'relu',
  LeakyRelu: 'leaky-relu',
  ThresholdedRelu: 'relu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Gelu: 'gelu',
  QuickGelu: 'gelu',
  Swish: 'silu',
  Silu: 'silu',
  HardSwish: 'hard-swish',
  HardSigmoid: 'clip',
  Exp: 'exp',
  Sqrt: 'sqrt',
  Erf: 'erf',
};

const otherActivations = [
  ...[
    'Elu',
    'Selu',
    'Celu',
    'Softplus',
    'Softsign',
    'Mish',
    'Log',
    'Abs',
    'Neg',
    'Reciprocal',
    'Floor',
    'Ceil',
    'Round',
  ],
  ...[
    'Sin',
    'Cos',
    'Tan',
    'Asin',
    'Acos',
    'Atan',
    'Sinh',
    'Cosh',
    'Asinh',
    'Acosh',
    'Atanh',
    'Sign',
    'Not',
    'IsNaN',
    'IsInf',
  ],
  ...['ImageScaler', 'Affine', 'Scale', 'ScaledTanh', 'ParametricSoftplus', 'Bernoulli'],
  ...['Shrink', 'BitwiseNot'],
];

const operations: Readonly<Record<string, Elementwise['operation']>> = {
  Sub: 'subtract',
  Div: 'divide',
  Pow: 'pow',
  Sum: 'add',
  Mean: 'add',
  Max: 'max',
  Min: 'min',
  Mod: 'other',
  Where: 'other',
  Equal: 'other',
  Greater: 'other',
  Less: 'other',
  GreaterOrEqual: 'other',
  LessOrEqual: 'other',
  And: 'other',
  Or: 'other',
  Xor: 'other',
  BitShift: 'other',
  BitwiseAnd: 'other',
  BitwiseOr: 'other',
  BitwiseXor: 'other',
};

/** Operators that are read like an activation, although they have parameters or combine elements. */
const likeActivations: Readonly<Record<string, ActivationFunction>> = {
  PRelu: 'leaky-relu',
  FastGelu: 'gelu',
  CumSum: 'other',
  Trilu: 'other',
  DynamicQuantizeLinear: 'other',
};

/** Each element of the result depends on one element of the first input. */
export const unaryOperators: readonly string[] = [...Object.keys(activationFunctions), ...otherActivations, 'Clip'];

/** Each element of the result depends on one element of each input, after broadcasting. */
export const elementwiseOperators: readonly string[] = [...Object.keys(operations), 'Add', 'Mul'];

export const pointwiseReaders: Readonly<Record<string, OperatorReader>> = {
  ...Object.fromEntries(
    Object.entries({ ...activationFunctions, ...likeActivations }).map(([operator, fn]) => [
      operator,
      (node: NodeReader) => activation(node, fn),
    ]),
  ),
  ...Object.fromEntries(
    otherActivations.map((operator) => [operator, (node: NodeReader) => activation(node, 'other')]),
  ),
  ...Object.fromEntries(
    Object.entries(operations).map(([operator, operation]) => [
      operator,
      (node: NodeReader) => elementwise(node, operation),
    ]),
  ),
  Add: (node) => elementwise(node, 'add', true),
  Mul: (node) => elementwise(node, 'multiply', true),
  Div: (node) => elementwise(node, 'divide', true),
  Sub: (node) => elementwise(node, 'subtract', true),
  Clip: clip,
  BiasGelu: biasGelu,
  SkipLayerNormalization: (node) => skipNormalization(node, 'layer'),
  SkipSimplifiedLayerNormalization: (node) => skipNormalization(node, 'rms'),
  Identity: alias,
  Dropout: alias,
  Cast: alias,
  CastLike: alias,
  QuantizeLinear: alias,
  DequantizeLinear: alias,
};
