import { type Activation, type Constant, type HiddenBatch, product, type Value } from './value.ts';

/*
 * A graph can be exported for a fixed batch of N: its constants then hold N too, in the shapes that Reshape makes, in masks, in initial
 * states. Values are kept for one request, and know on which axis the batch was (`batchAxis`), or in which factor of which axis
 * (`hiddenBatch`). Here is what leads from one to the other: shape arithmetic of the file is done at its own batch, where its numbers
 * fit, and the batch is then taken out where row-major order says that it is.
 */

/** The dimensions that a value has in the file. */
export function exportedDims(value: Activation, batch: number): readonly number[] {
  const { dims, batchAxis, hiddenBatch } = value;
  const axis = batchAxis >= 0 ? batchAxis : (hiddenBatch?.axis ?? -1);
  return batch === 1 || axis < 0 ? dims : dims.with(axis, (dims[axis] ?? 1) * batch);
}

/** Dimensions for one request, and where the batch was. */
export interface WithoutBatch {
  readonly dims: readonly number[];
  readonly batchAxis: number;
  readonly hiddenBatch: HiddenBatch | undefined;
}

/**
 * Sees `value` in other dimensions `exported` of the file, row-major order kept: as many elements stand before the batch as did.
 * undefined: the batch is spread over several dimensions.
 */
export function withoutBatch(value: Activation, exported: readonly number[], batch: number): WithoutBatch | undefined {
  const from = value.batchAxis >= 0 ? value.batchAxis : (value.hiddenBatch?.axis ?? -1);
  if (from < 0) return undefined;
  const before = product(value.dims.slice(0, from)) * (value.batchAxis >= 0 ? 1 : (value.hiddenBatch?.outer ?? 1));
  let size = 1;
  for (const [axis, dimension] of exported.entries()) {
    const outer = before / size;
    if (Number.isInteger(outer) && dimension % (outer * batch) === 0) return takenOut(exported, axis, outer, batch);
    size *= dimension;
  }
  return undefined;
}

function takenOut(exported: readonly number[], axis: number, outer: number, batch: number): WithoutBatch {
  const rest = (exported[axis] ?? batch) / batch;
  const dims = exported.with(axis, rest);
  return rest === 1
    ? { dims, batchAxis: axis, hiddenBatch: undefined }
    : { dims, batchAxis: -1, hiddenBatch: { axis, outer } };
}

/** Operators whose inputs are laid on each other, axis by axis from the last, or joined along one. */
const aligned: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Mod', 'Max', 'Min', 'Sum', 'Mean', 'Where', 'Concat', 'Expand', 'MatMul'],
  ...['Equal', 'Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'And', 'Or', 'Xor', 'PRelu'],
]);

/** A constant that stands beside a value with the batch: rows of all requests are those of one. */
export function constantForOne(
  operator: string,
  constant: Constant,
  beside: readonly (Value | undefined)[],
  batch: number,
): Constant {
  if (batch === 1 || !aligned.has(operator)) return constant;
  for (const value of beside) {
    if (value?.kind !== 'activation') continue;
    const from = value.batchAxis >= 0 ? value.batchAxis : (value.hiddenBatch?.axis ?? -1);
    const axis = from - value.dims.length + constant.dims.length;
    const exported = (value.dims[from] ?? 1) * batch;
    if (from < 0 || axis < 0 || constant.dims.length < 2 || constant.dims[axis] !== exported) continue;
    return { ...constant, dims: constant.dims.with(axis, exported / batch), values: undefined };
  }
  return constant;
}

/** The dimensions that Expand asks for, for one request. */
export function sizesForOne(sizes: readonly number[], value: Activation, batch: number): readonly number[] {
  const from = value.batchAxis >= 0 ? value.batchAxis : (value.hiddenBatch?.axis ?? (value.dims[0] === 1 ? 0 : -1));
  const axis = from - value.dims.length + sizes.length;
  const exported = (value.dims[from] ?? 1) * batch;
  return batch === 1 || from < 0 || axis < 0 || sizes[axis] !== exported ? sizes : sizes.with(axis, exported / batch);
}

/** An output of an operator that keeps the axis in which its input hides the batch keeps it, too. */
export function keepHiddenBatch(output: Value, inputs: readonly (Value | undefined)[], batch: number): Value {
  if (batch === 1 || output.kind !== 'activation' || output.batchAxis >= 0 || output.hiddenBatch !== undefined)
    return output;
  for (const input of inputs) {
    if (input?.kind !== 'activation' || input.hiddenBatch === undefined) continue;
    const { axis, outer } = input.hiddenBatch;
    // Broadcasting keeps places from the end; what drops or adds axes behind the batch keeps them from the front.
    const fromEnd = axis - input.dims.length + output.dims.length;
    const same = [fromEnd, axis].find((place) => place >= 0 && output.dims[place] === input.dims[axis]);
    if (same !== undefined) return { ...output, hiddenBatch: { axis: same, outer } };
  }
  return output;
}
