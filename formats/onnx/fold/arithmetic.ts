import { dimsProblem } from '../dims.ts';
import type { NodeReader } from '../node-reader.ts';
import { broadcast, type Constant, constant, normalAxis } from '../value.ts';
import { doubleType, type Folded, integerTypes, mapped, rounded, spread } from './contents.ts';

/* Arithmetic on shapes: functions of one number, of two numbers, and of all numbers. */

/** Applies a function to each number. Undefined if the operator is not such a function. */
export function foldUnary(operator: string, [first]: readonly (Constant | undefined)[]): Folded {
  const unary = unaries.get(operator);
  return unary === undefined || first === undefined ? undefined : [mapped(first, unary)];
}

/** Applies a function of two numbers, after broadcasting the inputs to each other. Undefined if the operator is not such a function. */
export function foldElementwise(operator: string, inputs: readonly (Constant | undefined)[]): Folded {
  const binary = binaries.get(operator);
  const present = inputs.filter((input) => input !== undefined);
  return binary === undefined || present.length < 2
    ? undefined
    : foldBinary(present, binary, comparisons.has(operator));
}

/** Reduces many numbers to one. Undefined if the operator is not a reduction. */
export function foldReduced(node: NodeReader, [first]: readonly (Constant | undefined)[]): Folded {
  const reduction = reductions.get(node.node.operator);
  return reduction === undefined || first === undefined ? undefined : foldReduction(node, first, reduction);
}

export function foldCast(node: NodeReader, [first]: readonly (Constant | undefined)[]): Folded {
  if (first === undefined) return undefined;
  const type = node.int('to', 1);
  return [converted(first, integerTypes.has(type), type === doubleType)];
}

/** Numbers with another type. */
export function converted(input: Constant, integer: boolean, isDouble: boolean | undefined): Constant {
  const values = integer ? input.values?.map(Math.trunc) : input.values;
  return rounded(constant(input.dims, values, integer), isDouble);
}

export function foldWhere(_: NodeReader, [condition, left, right]: readonly (Constant | undefined)[]): Folded {
  if (condition === undefined || left === undefined || right === undefined) return 'an input is missing';
  const dims = broadcast(broadcast(condition.dims, left.dims) ?? [], right.dims);
  if (dims === undefined) return 'its inputs do not fit each other';
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  const [conditions, lefts, rights] = [condition, left, right].map((part) => spread(part, dims));
  const values =
    conditions && lefts && rights
      ? conditions.map((flag, index) => (flag !== 0 ? (lefts[index] ?? 0) : (rights[index] ?? 0)))
      : undefined;
  return [constant(dims, values, left.integer)];
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
    const isDouble = result.isDouble === true || next.isDouble === true;
    result = rounded(constant(dims, values, isBoolean || integer), isDouble);
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
  return [rounded(constant(dims, whole ? [reduce(input.values)] : undefined, input.integer), input.isDouble)];
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

/** The table is a Map, because a file may name an operator "constructor". */
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
  Round: halfToEven,
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

/** A half is rounded to the even number (ONNX operator Round). */
function halfToEven(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

const reductions = table<(values: readonly number[]) => number>({
  ReduceProd: (values) => values.reduce((total, value) => total * value, 1),
  ReduceSum: (values) => values.reduce((total, value) => total + value, 0),
  ReduceMax: (values) => values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY),
  ReduceMin: (values) => values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY),
  ReduceMean: (values) => values.reduce((total, value) => total + value, 0) / Math.max(1, values.length),
});
