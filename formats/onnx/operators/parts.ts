import { dimsProblem } from '../dims.ts';
import { sizesForOne } from '../exported-batch.ts';
import { picked } from '../fold/index.ts';
import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import {
  type Activation,
  axisOrder,
  broadcast,
  constant,
  normalAxis,
  product,
  sameShape,
  shapeOf,
  type Value,
  withBatchAxis,
  withRank,
  withSpatial,
} from '../value.ts';
import { parameterTable } from './parameters.ts';
import { reshaped } from './views.ts';

/** A part of the input: `dims` has one or more shorter axes. */
function part(
  node: NodeReader,
  value: Activation,
  dims: readonly number[],
  suffix: string,
  tensor: string | undefined,
): Activation {
  if (sameShape(dims, value.dims)) return value;
  const hidden = value.hiddenBatch;
  const hiddenBatch = hidden && dims[hidden.axis] === value.dims[hidden.axis] ? hidden : undefined;
  const output: Activation = { ...value, dims, hiddenBatch, moved: false };
  const from = shapeOf(value);
  const to = shapeOf(output);
  // A part with neighbouring elements is read in place. A part of inner axes has to be gathered.
  const firstWide = from.findIndex((size) => size !== 1);
  const copies = from.some((size, axis) => size !== to[axis] && axis > firstWide);
  const source = node.importer.add(
    `${node.name}${suffix}`,
    { kind: 'reshape', copies },
    [node.importer.read(value)],
    to,
    tensor,
  );
  return { ...output, source };
}

function slice(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const starts = node.ints('starts') ?? node.known(1);
  const ends = node.ints('ends') ?? node.known(2);
  if (starts === undefined || ends === undefined) {
    const stated = node.importer.statedDims(node.node.outputs[0] ?? '');
    if (stated === undefined || value.kind === 'constant')
      return 'where it starts and ends is computed from the input, which is not supported';
    return [part(node, value, stated, '', node.node.outputs[0])];
  }
  if (node.isComputed(3) || node.isComputed(4))
    return 'its axes or its steps are computed from the input, which is not supported';
  const rank = value.dims.length;
  const axes = node.ints('axes') ?? node.known(3) ?? starts.map((_, index) => index);
  const steps = node.known(4) ?? starts.map(() => 1);
  const dims = [...value.dims];
  const first = value.dims.map(() => 0);
  const by = value.dims.map(() => 1);
  for (const [index, stated] of axes.entries()) {
    const axis = normalAxis(stated, rank);
    const step = steps[index] ?? 1;
    if (axis === undefined || step === 0) return `its axis ${stated} or step ${step} is not possible`;
    const size = value.dims[axis] ?? 1;
    const clamp = (at: number | undefined, low: number, high: number) => {
      const from = (at ?? 0) < 0 ? (at ?? 0) + size : (at ?? 0);
      return Math.min(Math.max(from, low), high);
    };
    const start = step > 0 ? clamp(starts[index], 0, size) : clamp(starts[index], 0, size - 1);
    const end =
      step > 0 ? clamp(ends[index], 0, size) : (ends[index] ?? 0) < -size ? -1 : clamp(ends[index], -1, size - 1);
    dims[axis] = Math.max(0, Math.ceil((end - start) / step));
    first[axis] = start;
    by[axis] = step;
  }
  if (value.kind === 'constant') {
    return [picked(value, dims, (at) => at.map((index, axis) => (first[axis] ?? 0) + index * (by[axis] ?? 1)))];
  }
  return [product(dims) === 0 ? constant(dims, []) : part(node, value, dims, '', node.node.outputs[0])];
}

function split(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const axis = normalAxis(node.int('axis', 0), value.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const size = value.dims[axis] ?? 1;
  const count = node.node.outputs.length;
  // If the sizes are computed from the input of the network, the sizes in the file are used.
  const isComputed = node.hasInput(1) && node.known(1) === undefined;
  const stated = isComputed
    ? node.node.outputs.flatMap((tensor) => node.importer.statedDims(tensor)?.[axis] ?? [])
    : undefined;
  if (stated !== undefined && stated.length !== count)
    return 'the sizes of its parts are computed from the input, which is not supported';
  const each = Math.ceil(size / Math.max(1, count));
  if (node.hasInput(1) && node.known(1) === undefined) {
    const stated = node.node.outputs.map((tensor) => node.importer.statedDims(tensor)?.[axis]);
    if (!stated.every((one) => one !== undefined))
      return 'its sizes are computed from the input, which is not supported';
    return splitInto(node, value, axis, partsOf(node, stated));
  }
  const sizes =
    stated ??
    node.ints('split') ??
    node.known(1) ??
    node.node.outputs.map((_, index) => Math.max(0, Math.min(each, size - index * each)));
  if (sizes.length !== count || sizes.reduce((sum, one) => sum + one, 0) !== size || sizes.some((one) => one < 0)) {
    return `parts of ${sizes.slice(0, 16).join(', ')} do not add up to ${size}`;
  }
  return splitInto(node, value, axis, partsOf(node, sizes));
}

function partsOf(node: NodeReader, sizes: readonly number[]) {
  return node.node.outputs.map((tensor, index) => ({ size: sizes[index] ?? 0, tensor }));
}

/** Cuts a value into parts of the given sizes along an axis, one for each output. A part that no node reads is not made. */
export function splitInto(
  node: NodeReader,
  value: Value,
  axis: number,
  parts: readonly { readonly size: number; readonly tensor: string | undefined }[],
): readonly (Value | undefined)[] {
  let start = 0;
  return parts.map(({ size, tensor }, index) => {
    const dims = value.dims.map((old, at) => (at === axis ? size : old));
    const offset = start;
    start += size;
    if (value.kind === 'constant')
      return picked(value, dims, (at) => at.map((place, at2) => (at2 === axis ? place + offset : place)));
    if (product(dims) === 0) return constant(dims, []);
    if (tensor !== undefined && node.importer.usesOf(tensor) === 0) return undefined;
    return part(node, value, dims, `_${index + 1}`, tensor);
  });
}

function concat(node: NodeReader): Outcome {
  return concatenate(
    node,
    node.node.inputs.map((_, index) => node.input(index)),
  );
}

/** Joins values along attribute `axis`. Empty values are left out. */
export function concatenate(node: NodeReader, inputs: readonly (Value | undefined)[]): Outcome {
  return concatenateAlong(node, inputs, node.int('axis', 1));
}

export function concatenateAlong(node: NodeReader, inputs: readonly (Value | undefined)[], stated: number): Outcome {
  const values: Value[] = [];
  for (const value of inputs) {
    if (value === undefined) return 'an input is missing';
    if (product(value.dims) > 0) values.push(value);
  }
  const leader = values.find((value) => value.kind === 'activation');
  if (leader === undefined) return 'it has no input that depends on the model input';
  const rank = leader.dims.length;
  const axis = normalAxis(stated, rank);
  if (axis === undefined) return 'its axis does not exist';
  const fits = (value: Value) =>
    value.dims.length === rank && value.dims.every((size, at) => at === axis || size === leader.dims[at]);
  const wrong = values.find((value) => !fits(value));
  if (wrong !== undefined)
    return `inputs of ${leader.dims.join(' x ')} and ${wrong.dims.join(' x ')} do not fit each other`;
  const total = values.reduce((sum, value) => sum + (value.dims[axis] ?? 0), 0);
  const dims = leader.dims.map((size, at) => (at === axis ? total : size));
  const batchAxis = leader.batchAxis === axis ? -1 : leader.batchAxis;
  const output = { dims, batchAxis, spatial: leader.spatial };
  if (values.length === 1) return [leader];
  const reads: Read[] = values.map((value) => {
    if (value.kind === 'activation')
      return node.importer.read(withSpatial(withBatchAxis(value, batchAxis), leader.spatial));
    return parameterTable(node, value, {
      kind: 'activation',
      dims: value.dims,
      batchAxis,
      spatial: leader.spatial,
      source: -1,
      moved: false,
    });
  });
  const order = axisOrder(rank, batchAxis, leader.spatial);
  return [node.layer({ kind: 'concat', axis: order.indexOf(axis) - order.length }, reads, output)];
}

function expand(node: NodeReader): Outcome {
  const value = node.activation(0);
  const sizes = node.known(1);
  if (value === undefined || sizes === undefined) return 'its shape is computed from the input, which is not supported';
  const isTile = node.node.operator === 'Tile';
  const by = isTile ? sizes : sizesForOne(sizes, value, node.importer.exportedBatch);
  const dims = isTile ? value.dims.map((size, axis) => size * (by[axis] ?? 1)) : broadcast(value.dims, by);
  if (dims === undefined) return `an input of ${value.dims.join(' x ')} cannot be expanded to ${by.join(' x ')}`;
  if (product(dims) === product(value.dims)) return [reshaped(value, dims)];
  const seen = withRank(value, dims.length);
  const batchAxis = seen.batchAxis >= 0 && dims[seen.batchAxis] === 1 ? seen.batchAxis : -1;
  return [
    node.layer({ kind: 'reshape', copies: true }, [node.importer.read(seen)], {
      dims,
      batchAxis,
      spatial: seen.spatial,
    }),
  ];
}

/** Gather. Rows of a weight table are an embedding. Parts of an activation are a slice. */
function gather(node: NodeReader): Outcome {
  const data = node.input(0);
  const indices = node.input(1);
  if (data === undefined || indices === undefined) return 'an input is missing';
  const axis = normalAxis(node.int('axis', 0), data.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  if (data.kind === 'constant' && indices.kind === 'activation') {
    const width = product(data.dims.slice(axis + 1)) * product(data.dims.slice(0, axis));
    const lookups = product(indices.dims);
    const batchAxis = indices.batchAxis < 0 ? -1 : indices.batchAxis + axis;
    const made = node.layer(
      { kind: 'embedding', rows: data.dims[axis] ?? 1, width, lookups, pooled: false },
      [node.importer.read(withSpatial(indices, 0))],
      { dims, batchAxis, spatial: 0 },
      [lookups, width],
    );
    return [made];
  }
  if (data.kind === 'constant') return 'both inputs are constant';
  const seen = withSpatial(data, 0);
  let batchAxis = seen.batchAxis;
  if (batchAxis === axis) batchAxis = -1;
  else if (batchAxis > axis) batchAxis += indices.dims.length - 1;
  const reads = [node.importer.read(seen)];
  const copies = product(data.dims.slice(0, axis)) !== 1 || product(indices.dims) > 1;
  return [node.layer({ kind: 'reshape', copies }, reads, { dims, batchAxis, spatial: 0 })];
}

/**
 * Gathers rows at computed places, or writes values to computed places. It moves as many bytes as the output has. The data may be constant,
 * such as zeros to write into or a lookup table. Then the layer reads the computed inputs.
 */
function scatterGather(node: NodeReader): Outcome {
  const data = node.input(0);
  const other = node.input(1);
  const computed = node.activation(0) ?? node.activation(2) ?? node.activation(1);
  if (data === undefined || other === undefined || computed === undefined) return 'its input is missing';
  const seen = withSpatial(computed, 0);
  const operator = node.node.operator;
  let dims: readonly number[] = data.dims;
  if (operator === 'GatherElements') dims = other.dims;
  if (operator === 'GatherND')
    dims = [
      ...other.dims.slice(0, -1),
      ...data.dims.slice(node.int('batch_dims', 0) + (other.dims[other.dims.length - 1] ?? 0)),
    ];
  const reads = [node.importer.read(seen)];
  const batchAxis = dims[seen.batchAxis] === 1 ? seen.batchAxis : -1;
  const output = { dims, batchAxis, spatial: 0 };
  const isTable = data.kind === 'constant' && data.values === undefined && operator.startsWith('Gather');
  if (!isTable) return [node.layer({ kind: 'reshape', copies: true }, reads, output)];
  const lookups = operator === 'GatherND' ? product(other.dims.slice(0, -1)) : product(other.dims);
  const width = product(dims) / Math.max(1, lookups);
  const rows = product(data.dims) / Math.max(1, width);
  if (!Number.isInteger(width) || !Number.isInteger(rows))
    return `rows of ${width} do not fit its table of ${data.dims.join(' x ')}`;
  return [node.layer({ kind: 'embedding', rows, width, lookups, pooled: false }, reads, output, [lookups, width])];
}

export const partOperators: Readonly<Record<string, OperatorReader>> = {
  Slice: slice,
  Split: split,
};

export const gatherOperators: Readonly<Record<string, OperatorReader>> = {
  Concat: concat,
  Expand: expand,
  Tile: expand,
  Gather: gather,
  GatherElements: scatterGather,
  GatherND: scatterGather,
  // The name of ScatterElements before operator set 11.
  Scatter: scatterGather,
  ScatterND: scatterGather,
  ScatterElements: scatterGather,
};
