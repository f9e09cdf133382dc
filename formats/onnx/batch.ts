import type { Dimension, GraphNode, ValueInfo } from './graph.ts';
import type { Importer } from './importer.ts';

/** The batch for which a graph was exported. */
export interface Batch {
  /** The number of requests that one run of the graph computes. 1 if the batch is open. */
  readonly size: number;
  /** For each input: the axis that counts requests. Inputs without such an axis are missing. */
  readonly axes: ReadonlyMap<string, number>;
  /** The input that decides the size. Undefined if the batch is open. */
  readonly leader?: ValueInfo;
  /** Whether an operator fixes the meaning of the axis. */
  readonly isCertain?: boolean;
}

/** Operators whose definition fixes the batch axis of their first input. */
const images = /Conv|Pool|^BatchNormalization$|^InstanceNormalization$/;
const recurrent = /^(DynamicQuantize)?(LSTM|GRU|RNN)$/;

/**
 * Finds the axis of each input that counts requests, and the number of requests for which the graph was exported.
 * A name that contains "batch" identifies the axis. Otherwise it is the second axis if a recurrent cell reads steps first, or if Gemm reads
 * a transposed matrix. In all other cases it is the first axis. A fixed size above 1 counts requests if all inputs agree with it and an
 * output of the graph has it too. `exported-samples.ts` then decides whether the graph treats them as separate requests.
 */
export function findBatch(importer: Importer, inputs: readonly ValueInfo[]): Batch {
  const axes = new Map<string, number>();
  /** Inputs with one dimension: they have a number for each request if other inputs have as many requests. */
  const vectors: { readonly input: ValueInfo; readonly size: number }[] = [];
  const sizes: { readonly input: ValueInfo; readonly size: Dimension; readonly isCertain: boolean }[] = [];
  for (const input of inputs) {
    const reader = importer.firstReaders.get(input.name);
    const axis = batchAxisOf(input, reader);
    const size = input.dims?.[axis];
    if (axis < 0) continue;
    if (typeof size === 'number' && size > 1 && input.dims?.length === 1) {
      vectors.push({ input, size });
      continue;
    }
    axes.set(input.name, axis);
    const isCertain = reader !== undefined && (images.test(reader.operator) || recurrent.test(reader.operator));
    if (size !== undefined) sizes.push({ input, size, isCertain });
  }
  const leader = sizes.find(({ isCertain }) => isCertain) ?? sizes[0];
  const open = (size: Dimension) => typeof size === 'string' || size <= 1;
  const isOne =
    leader === undefined || open(leader.size) || (!leader.isCertain && sizes.some(({ size }) => open(size)));
  const size = isOne || typeof leader.size === 'string' ? 1 : leader.size;
  if (size > 1 && leader !== undefined && !leader.isCertain && !outputsHave(importer, size)) {
    for (const [name] of axes) if (isFixedAbove(inputs, name, axes)) axes.delete(name);
    return { size: 1, axes };
  }
  // An input with another fixed size is the same for all requests, for example a mask or a table.
  for (const { input, size: own } of sizes)
    if (typeof own === 'number' && own > 1 && own !== size) axes.delete(input.name);
  if (size === 1 || leader === undefined) return { size, axes };
  for (const { input, size: own } of vectors) if (own === size) axes.set(input.name, 0);
  return { size, axes, leader: leader.input, isCertain: leader.isCertain };
}

function isFixedAbove(inputs: readonly ValueInfo[], name: string, axes: ReadonlyMap<string, number>): boolean {
  const size = inputs.find((input) => input.name === name)?.dims?.[axes.get(name) ?? -1];
  return typeof size === 'number' && size > 1;
}

/** Whether an output can contain this number of requests: it has the size, a multiple of it, or an open dimension. */
function outputsHave(importer: Importer, size: number): boolean {
  return importer.graph.outputs.some(
    ({ dims }) =>
      dims === undefined || dims.some((dimension) => typeof dimension === 'string' || dimension % size === 0),
  );
}

const notBatch = /seq|len|time|step|token|frame|word|pos/i;

function batchAxisOf({ dims }: ValueInfo, reader: GraphNode | undefined): number {
  const named = dims?.findIndex((dimension) => typeof dimension === 'string' && /batch/i.test(dimension)) ?? -1;
  if (named >= 0) return named;
  if (reader !== undefined && recurrent.test(reader.operator)) {
    return reader.attributes.get('layout')?.integer === 1 ? 0 : 1;
  }
  if (reader?.operator === 'ReverseSequence') return reader.attributes.get('batch_axis')?.integer ?? 1;
  if (reader?.operator === 'Gemm' && reader.attributes.get('transA')?.integer === 1 && dims?.length === 2) return 1;
  const first = dims?.[0];
  return typeof first === 'string' && notBatch.test(first) && (dims?.length ?? 0) > 1 ? -1 : 0;
}
