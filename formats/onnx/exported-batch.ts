import { type Activation, type Constant, type HiddenBatch, product, type Value } from './value.ts';

/*
 * A graph can be exported for a fixed batch of N requests. Then its constants contain N too: the target shapes of Reshape, masks, initial
 * states. The importer keeps every value for one request. The value records the axis of the batch (`batchAxis`), or in which factor of
 * which axis (`hiddenBatch`). The functions here convert between the two: shape arithmetic uses the batch of the file, where its numbers
 * are consistent. Afterwards they remove the batch from the dimension where row-major order places it.
 */

/** The dimensions of a value in the file. */
export function exportedDims(value: Activation, batch: number): readonly number[] {
  const { dims, batchAxis, hiddenBatch } = value;
  const axis = batchAxis >= 0 ? batchAxis : (hiddenBatch?.axis ?? -1);
  return batch === 1 || axis < 0 ? dims : dims.with(axis, (dims[axis] ?? 1) * batch);
}

/** The dimensions for one request, and the place where the batch was. */
export interface WithoutBatch {
  readonly dims: readonly number[];
  readonly batchAxis: number;
  readonly hiddenBatch: HiddenBatch | undefined;
}

/**
 * Views `value` with other dimensions `exported` of the file, in row-major order: as many elements are before the batch as in `value`.
 * Undefined if the batch is spread over several dimensions.
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

/** Operators that align their inputs axis by axis from the last, or join them along one axis. */
const aligned: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Mod', 'Max', 'Min', 'Sum', 'Mean', 'Where', 'Concat', 'Expand', 'MatMul'],
  ...['Equal', 'Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'And', 'Or', 'Xor', 'PRelu'],
]);

/**
 * The part of a constant for one request, if the constant is combined with a value that has the batch. The rows of all requests are assumed
 * to be equal.
 */
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
    // The last two axes of a factor are its rows and columns.
    const end = operator === 'MatMul' ? constant.dims.length - 2 : constant.dims.length;
    if (from < 0 || axis < 0 || axis >= end || constant.dims.length < 2 || constant.dims[axis] !== exported) continue;
    return { ...constant, dims: constant.dims.with(axis, exported / batch), values: undefined };
  }
  return constant;
}

/** The target dimensions of Expand, for one request. */
export function sizesForOne(sizes: readonly number[], value: Activation, batch: number): readonly number[] {
  const from = value.batchAxis >= 0 ? value.batchAxis : (value.hiddenBatch?.axis ?? (value.dims[0] === 1 ? 0 : -1));
  const axis = from - value.dims.length + sizes.length;
  const exported = (value.dims[from] ?? 1) * batch;
  return batch === 1 || from < 0 || axis < 0 || sizes[axis] !== exported ? sizes : sizes.with(axis, exported / batch);
}

/** If an operator keeps the axis in which its input hides the batch, its output hides the batch in the same axis. */
export function keepHiddenBatch(output: Value, inputs: readonly (Value | undefined)[], batch: number): Value {
  if (batch === 1 || output.kind !== 'activation' || output.batchAxis >= 0 || output.hiddenBatch !== undefined)
    return output;
  for (const input of inputs) {
    if (input?.kind !== 'activation' || input.hiddenBatch === undefined) continue;
    const { axis, outer } = input.hiddenBatch;
    // Broadcasting keeps axes at their distance from the end. Operators that remove or add axes after the batch keep them at their distance
    // from the start.
    const fromEnd = axis - input.dims.length + output.dims.length;
    const same = [fromEnd, axis].find((place) => place >= 0 && output.dims[place] === input.dims[axis]);
    if (same !== undefined) return { ...output, hiddenBatch: { axis: same, outer } };
  }
  return output;
}
