import { readContents } from './contents.ts';
import type { TensorInfo } from './graph.ts';
import { dimsProblem, type NodeReader } from './importer.ts';
import { broadcast, type Constant, constant, normalAxis, product, sameShape } from './value.ts';

/** Shapes are short: a larger constant is a weight, whose numbers nobody looks at. */
const maxFoldedElements = 4096;
/** Shapes are whole numbers; of others only scales, exponents and limits are ever looked at. */
const maxFoldedFractions = 64;

const integerTypes: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 9, 12, 13]);

export function constantOf(bytes: Uint8Array, tensor: TensorInfo): Constant {
  const integer = integerTypes.has(tensor.dataType);
  const small = product(tensor.dims) <= (integer ? maxFoldedElements : maxFoldedFractions);
  return constant(tensor.dims, small ? readContents(bytes, tensor) : undefined, integer);
}

/**
 * Evaluates an operator all of whose inputs are constant: shape arithmetic to numbers, weights to their size. A string: why it
 * cannot be; undefined: an operator that is not known here.
 */
export function foldNode(node: NodeReader): readonly Constant[] | string | undefined {
  // Optional inputs may be left out between others: places count, so there are holes.
  const inputs: (Constant | undefined)[] = node.node.inputs.map((_, index) => {
    const input = node.input(index);
    return input?.kind === 'constant' ? input : undefined;
  });
  const present = inputs.filter((input) => input !== undefined);
  const longest = present.reduce((most, input) => Math.max(most, product(input.dims)), 1);
  if (!node.importer.spend(inputs.length * Math.min(longest, maxFoldedElements))) {
    return 'the graph computes more with its constants than any shape needs';
  }
  const first = inputs[0];
  const operator = node.node.operator;
  switch (operator) {
    case 'Constant':
      return foldConstant(node);
    case 'ConstantOfShape': {
      const dims = first?.values;
      if (dims === undefined) return 'its shape is not known';
      const attribute = node.node.attributes.get('value')?.tensor;
      const fill = attribute === undefined ? undefined : constantOf(node.importer.graph.bytes, attribute);
      return filled(dims, fill?.values?.[0] ?? 0, fill?.integer ?? false);
    }
    case 'Range': {
      const [start, limit, step] = [0, 1, 2].map((index) => inputs[index]?.values?.[0]);
      if (start === undefined || limit === undefined || step === undefined) return 'its bounds are not known';
      const count = Math.max(0, Math.ceil((limit - start) / step));
      const problem = dimsProblem([count]);
      if (problem !== undefined) return `it ${problem}`;
      const values =
        count <= maxFoldedElements ? Array.from({ length: count }, (_, index) => start + index * step) : undefined;
      return [constant([count], values, first?.integer ?? true)];
    }
    default:
  }
  if (first === undefined) return undefined;
  const unary = unaries.get(operator);
  if (unary !== undefined) return [mapped(first, unary)];
  const binary = binaries.get(operator);
  if (binary !== undefined && present.length >= 2) return foldBinary(present, binary, comparisons.has(operator));
  const reduction = reductions.get(operator);
  if (reduction !== undefined) return foldReduction(node, first, reduction);
  switch (operator) {
    case 'Identity':
    case 'Dropout':
    case 'QuantizeLinear':
    case 'DequantizeLinear':
      return [operator === 'DequantizeLinear' ? constant(first.dims) : first];
    case 'Cast': {
      const integer = integerTypes.has(node.int('to', 1));
      return [{ ...mapped(first, integer ? Math.trunc : (value) => value), integer }];
    }
    case 'CastLike':
      return [{ ...first, integer: inputs[1]?.integer ?? first.integer }];
    case 'Shape':
      return [shapeConstant(node, first.dims)];
    case 'Size':
      return [constant([], [product(first.dims)], true)];
    case 'Where': {
      const [condition, left, right] = inputs;
      if (condition === undefined || left === undefined || right === undefined) return 'an input is missing';
      const dims = broadcast(broadcast(condition.dims, left.dims) ?? [], right.dims);
      if (dims === undefined) return 'its inputs do not fit each other';
      const chosen = [condition, left, right].map((part) => spread(part, dims));
      const [conditions, lefts, rights] = chosen;
      const values =
        conditions && lefts && rights
          ? conditions.map((flag, index) => (flag !== 0 ? (lefts[index] ?? 0) : (rights[index] ?? 0)))
          : undefined;
      return [constant(dims, values, left.integer)];
    }
    case 'Gather': {
      const indices = inputs[1];
      const axis = normalAxis(node.int('axis', 0), first.dims.length);
      if (indices === undefined || axis === undefined) return 'its axis does not exist';
      const dims = [...first.dims.slice(0, axis), ...indices.dims, ...first.dims.slice(axis + 1)];
      return gathered(first, dims, indices.values, axis);
    }
    case 'Concat': {
      const axis = normalAxis(node.int('axis', 0), first.dims.length);
      if (axis === undefined) return 'its axis does not exist';
      const total = present.reduce((sum, input) => sum + (input.dims[axis] ?? 0), 0);
      const dims = first.dims.map((dimension, index) => (index === axis ? total : dimension));
      // Only vectors hold shapes; a joined matrix is a weight.
      const values =
        first.dims.length === 1 && total <= maxFoldedElements && present.every((input) => input.values)
          ? present.flatMap((input) => input.values ?? [])
          : undefined;
      return bounded(dims, values, first.integer);
    }
    case 'Expand':
    case 'Tile': {
      const by = inputs[1]?.values;
      if (by === undefined) return 'its shape is not known';
      const dims =
        operator === 'Tile'
          ? first.dims.map((dimension, index) => dimension * (by[index] ?? 1))
          : broadcast(first.dims, by);
      if (dims === undefined) return 'its shape does not fit its input';
      const small = dimsProblem(dims) === undefined && product(dims) <= maxFoldedElements;
      const values = small && (operator === 'Expand' || first.values?.length === 1) ? spread(first, dims) : undefined;
      return bounded(dims, values, first.integer);
    }
    case 'NonZero': {
      if (first.values === undefined) return undefined;
      const places = first.values.flatMap((value, index) => (value !== 0 ? [index] : []));
      return [constant([first.dims.length, places.length], first.dims.length === 1 ? places : undefined, true)];
    }
    default:
      return undefined;
  }
}

function foldConstant(node: NodeReader): readonly Constant[] | string {
  const attributes = node.node.attributes;
  const tensor = (attributes.get('value') ?? attributes.get('sparse_value'))?.tensor;
  if (tensor !== undefined) {
    const problem = dimsProblem(tensor.dims);
    return problem === undefined ? [constantOf(node.importer.graph.bytes, tensor)] : `its tensor ${problem}`;
  }
  const integers = attributes.get('value_ints')?.integers;
  if (integers !== undefined) return [constant([integers.length], integers, true)];
  const floats = attributes.get('value_floats')?.floats;
  if (floats !== undefined) return [constant([floats.length], floats)];
  const integer = attributes.get('value_int')?.integer;
  if (integer !== undefined) return [constant([], [integer], true)];
  return [constant([], [attributes.get('value_float')?.float ?? 0])];
}

/** What Shape gives: the dimensions from attribute `start` to `end` (operator set 15). */
export function shapeConstant(node: NodeReader, dims: readonly number[]): Constant {
  const end = node.node.attributes.get('end')?.integer;
  const part = dims.slice(node.int('start', 0), end ?? dims.length);
  return constant([part.length], part, true);
}

function filled(dims: readonly number[], value: number, integer: boolean): readonly Constant[] | string {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  const elements = product(dims);
  const most = integer ? maxFoldedElements : maxFoldedFractions;
  return [constant(dims, elements <= most ? new Array<number>(elements).fill(value) : undefined, integer)];
}

function bounded(
  dims: readonly number[],
  values: readonly number[] | undefined,
  integer: boolean,
): readonly Constant[] | string {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  return [constant(dims, values !== undefined && values.length <= maxFoldedElements ? values : undefined, integer)];
}

function mapped(input: Constant, map: (value: number) => number): Constant {
  return constant(input.dims, input.values?.map(map), input.integer);
}

/** The contents of `input` broadcast to `dims`. */
function spread(input: Constant, dims: readonly number[]): readonly number[] | undefined {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return undefined;
  if (sameShape(input.dims, dims)) return values;
  const strides = stridesOf(input.dims);
  const offset = dims.length - input.dims.length;
  return indicesOf(dims).map((at) => {
    let index = 0;
    for (let axis = 0; axis < input.dims.length; axis++) {
      if (input.dims[axis] !== 1) index += (at[axis + offset] ?? 0) * (strides[axis] ?? 0);
    }
    return values[index] ?? 0;
  });
}

function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return strides;
}

/** Every index of a small tensor, row-major. */
function indicesOf(dims: readonly number[]): number[][] {
  const all: number[][] = [];
  const strides = stridesOf(dims);
  for (let flat = 0; flat < product(dims); flat++) {
    all.push(dims.map((dimension, axis) => Math.floor(flat / (strides[axis] ?? 1)) % dimension));
  }
  return all;
}

function gathered(
  input: Constant,
  dims: readonly number[],
  indices: readonly number[] | undefined,
  axis: number,
): readonly Constant[] | string {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  const { values } = input;
  if (values === undefined || indices === undefined || product(dims) > maxFoldedElements)
    return [constant(dims, undefined, input.integer)];
  const size = input.dims[axis] ?? 1;
  const inner = product(input.dims.slice(axis + 1));
  const outer = product(input.dims.slice(0, axis));
  const result: number[] = [];
  for (let block = 0; block < outer; block++) {
    for (const index of indices) {
      const from = (block * size + (index < 0 ? index + size : index)) * inner;
      for (let at = 0; at < inner; at++) result.push(values[from + at] ?? 0);
    }
  }
  return [constant(dims, result, input.integer)];
}

/** A constant whose elements are picked by `pick(index in the result) -> index in the input`; used by slices and transpositions. */
export function picked(
  input: Constant,
  dims: readonly number[],
  pick: (at: readonly number[]) => readonly number[],
): Constant {
  const { values } = input;
  if (values === undefined || product(dims) > maxFoldedElements) return constant(dims, undefined, input.integer);
  const strides = stridesOf(input.dims);
  const result = indicesOf(dims).map((at) => {
    let index = 0;
    const from = pick(at);
    for (let axis = 0; axis < strides.length; axis++) index += (from[axis] ?? 0) * (strides[axis] ?? 0);
    return values[index] ?? 0;
  });
  return constant(dims, result, input.integer);
}

type Binary = (left: number, right: number, integer: boolean) => number;

function foldBinary(inputs: readonly Constant[], operation: Binary, isBoolean: boolean): readonly Constant[] | string {
  let result = inputs[0] ?? constant([]);
  for (const next of inputs.slice(1)) {
    const dims = broadcast(result.dims, next.dims);
    if (dims === undefined)
      return `inputs of ${result.dims.join(' x ')} and ${next.dims.join(' x ')} do not fit each other`;
    const problem = dimsProblem(dims);
    if (problem !== undefined) return `its output ${problem}`;
    const left = spread(result, dims);
    const right = spread(next, dims);
    const integer = result.integer && next.integer;
    const values = left && right ? left.map((value, index) => operation(value, right[index] ?? 0, integer)) : undefined;
    result = constant(dims, values, isBoolean || integer);
  }
  return [result];
}

function foldReduction(
  node: NodeReader,
  input: Constant,
  reduce: (values: readonly number[]) => number,
): readonly Constant[] {
  const axes = node.ints('axes') ?? node.known(1);
  const keep = node.int('keepdims', 1) !== 0;
  const rank = input.dims.length;
  const reduced = new Set((axes ?? input.dims.map((_, axis) => axis)).map((axis) => normalAxis(axis, rank)));
  const dims = input.dims.flatMap((dimension, axis) => (reduced.has(axis) ? (keep ? [1] : []) : [dimension]));
  const whole = reduced.size === rank && input.values !== undefined;
  return [constant(dims, whole ? [reduce(input.values)] : undefined, input.integer)];
}

const flag = (condition: boolean) => (condition ? 1 : 0);

const comparisons: ReadonlySet<string> = new Set([
  'Equal',
  'Greater',
  'Less',
  'GreaterOrEqual',
  'LessOrEqual',
  'And',
  'Or',
  'Xor',
]);

/** A Map, since a file may name an operator "constructor". */
function table<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

const binaries = table<Binary>({
  Add: (left, right) => left + right,
  Sum: (left, right) => left + right,
  Sub: (left, right) => left - right,
  Mul: (left, right) => left * right,
  Div: (left, right, integer) => (integer ? (right === 0 ? 0 : Math.trunc(left / right)) : left / right),
  Mod: (left, right) => (right === 0 ? 0 : left - Math.floor(left / right) * right),
  Pow: (left, right) => left ** right,
  Max: (left, right) => Math.max(left, right),
  Min: (left, right) => Math.min(left, right),
  Equal: (left, right) => flag(left === right),
  Greater: (left, right) => flag(left > right),
  Less: (left, right) => flag(left < right),
  GreaterOrEqual: (left, right) => flag(left >= right),
  LessOrEqual: (left, right) => flag(left <= right),
  And: (left, right) => flag(left !== 0 && right !== 0),
  Or: (left, right) => flag(left !== 0 || right !== 0),
  Xor: (left, right) => flag((left !== 0) !== (right !== 0)),
});

const unaries = table<(value: number) => number>({
  Neg: (value) => -value,
  Abs: Math.abs,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: Math.round,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (value) => 1 / value,
  Sin: Math.sin,
  Cos: Math.cos,
  Tanh: Math.tanh,
  Sign: Math.sign,
  Not: (value) => flag(value === 0),
  Relu: (value) => Math.max(0, value),
});

const reductions = table<(values: readonly number[]) => number>({
  ReduceProd: (values) => values.reduce((total, value) => total * value, 1),
  ReduceSum: (values) => values.reduce((total, value) => total + value, 0),
  ReduceMax: (values) => values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY),
  ReduceMin: (values) => values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY),
  ReduceMean: (values) => values.reduce((total, value) => total + value, 0) / Math.max(1, values.length),
});
