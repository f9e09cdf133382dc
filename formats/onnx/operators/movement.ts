import { picked } from '../fold.ts';
import type { NodeReader, OperatorReader, Outcome, Read } from '../importer.ts';
import { dimsProblem } from '../importer.ts';
import {
  type Activation,
  axisOrder,
  broadcast,
  type Constant,
  constant,
  normalAxis,
  product,
  sameOrder,
  sameShape,
  shapeOf,
  type Value,
  withBatchAxis,
  withRank,
  withSpatial,
} from '../value.ts';
import { parameterTable } from './pointwise.ts';

/** Sees `value` in other dimensions, row-major order kept. */
export function reshaped(value: Activation, dims: readonly number[]): Activation {
  const spatial = keptSpatial(value, dims);
  const seen = spatial === undefined ? withSpatial(value, 0) : value;
  return { ...seen, dims, spatial: spatial ?? 0, batchAxis: newBatchAxis(value, dims) };
}

/**
 * How many trailing axes of `dims` are the positions of `value` (split or merged among themselves), channels before them; then
 * channels can stay last and nothing moves. undefined: positions and channels are mixed.
 */
function keptSpatial(value: Activation, dims: readonly number[]): number | undefined {
  if (value.spatial === 0) return 0;
  const positions = product(value.dims.slice(value.dims.length - value.spatial));
  // A full flatten keeps the stored order: the weights that read it are laid out to fit when the network is compiled.
  if (dims.filter((size) => size !== 1).length <= 1) return 0;
  const found: number[] = [];
  let size = 1;
  for (let count = 1; count <= dims.length; count++) {
    size *= dims[dims.length - count] ?? 1;
    if (size === positions) found.push(count);
    if (size > positions) break;
  }
  if (found.includes(value.spatial)) return value.spatial;
  return found[0];
}

function newBatchAxis(value: Activation, dims: readonly number[]): number {
  if (value.batchAxis < 0) return dims[0] === 1 && dims.length > 1 ? 0 : -1;
  if (dims[0] === 1 && value.batchAxis === 0) return 0;
  // The batch stays where as many elements stand before it.
  const before = product(value.dims.slice(0, value.batchAxis));
  let size = 1;
  for (let axis = 0; axis < dims.length; axis++) {
    if (size === before && dims[axis] === 1) return axis;
    size *= dims[axis] ?? 1;
  }
  return -1;
}

function reshapedConstant(value: Constant, dims: readonly number[]): Constant {
  return { ...value, dims };
}

function viewed(value: Value, dims: readonly number[]): Outcome {
  const problem = dimsProblem(dims);
  if (problem !== undefined) return `its output ${problem}`;
  if (product(dims) !== product(value.dims)) {
    return `an input of ${value.dims.join(' x ')} cannot be seen as ${dims.join(' x ')}`;
  }
  return [value.kind === 'constant' ? reshapedConstant(value, dims) : reshaped(value, dims)];
}

function reshape(node: NodeReader): Outcome {
  const value = node.input(0);
  const target = node.known(1) ?? node.ints('shape');
  if (value === undefined) return 'its input is missing';
  if (target === undefined) {
    const stated = node.importer.statedDims(node.node.outputs[0] ?? '');
    return stated !== undefined && product(stated) === product(value.dims)
      ? viewed(value, stated)
      : 'the shape it makes is computed from the input, which is not supported';
  }
  const allowZero = node.int('allowzero', 0) !== 0;
  const total = product(value.dims);
  const known = target.map((size, axis) => (size === 0 && !allowZero ? (value.dims[axis] ?? 1) : size));
  const resolve = (sizes: readonly number[]): number[] => {
    const rest = product(sizes.filter((size) => size !== -1));
    return sizes.map((size) => (size === -1 ? (rest === 0 ? 0 : total / rest) : size));
  };
  const dims = resolve(known);
  if (product(dims) === total && dims.every(Number.isInteger)) return viewed(value, dims);
  // Exported for a fixed batch, which is one here.
  const single = resolve(known.map((size, axis) => (axis === 0 && size === node.importer.exportedBatch ? 1 : size)));
  if (product(single) === total && single.every(Number.isInteger)) return viewed(value, single);
  return `an input of ${value.dims.join(' x ')} cannot be seen as ${target.join(' x ')}`;
}

function flatten(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const axis = node.int('axis', 1);
  const at = axis < 0 ? axis + value.dims.length : axis;
  return viewed(value, [product(value.dims.slice(0, at)), product(value.dims.slice(at))]);
}

function squeeze(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const stated = node.ints('axes') ?? node.known(1);
  const axes = new Set(stated?.map((axis) => normalAxis(axis, rank)));
  const dropped = (axis: number) => (stated === undefined ? value.dims[axis] === 1 : axes.has(axis));
  if (value.dims.some((size, axis) => dropped(axis) && size !== 1))
    return `it drops a dimension of ${value.dims.join(' x ')} that is not one`;
  const dims = value.dims.filter((_, axis) => !dropped(axis));
  if (value.kind === 'constant') return [reshapedConstant(value, dims)];
  const kept = value.dims.map((_, axis) => axis).filter((axis) => !dropped(axis));
  const spatial = kept.filter((axis) => axis >= rank - value.spatial).length;
  return [{ ...value, dims, spatial, batchAxis: kept.indexOf(value.batchAxis) }];
}

function unsqueeze(node: NodeReader): Outcome {
  const value = node.input(0);
  const stated = node.ints('axes') ?? node.known(1);
  if (value === undefined || stated === undefined) return 'its input or its axes are missing';
  const rank = value.dims.length + stated.length;
  if (rank > 16) return 'it makes more than 16 dimensions';
  const added = new Set(stated.map((axis) => normalAxis(axis, rank)));
  if (added.has(undefined) || added.size !== stated.length) return `its axes ${stated.join(', ')} do not exist`;
  const dims: number[] = [];
  const places: number[] = [];
  let from = 0;
  for (let axis = 0; axis < rank; axis++) {
    if (!added.has(axis)) places[from] = axis;
    dims.push(added.has(axis) ? 1 : (value.dims[from++] ?? 1));
  }
  if (value.kind === 'constant') return [reshapedConstant(value, dims)];
  const batchAxis = value.batchAxis < 0 ? -1 : (places[value.batchAxis] ?? -1);
  const firstPosition = places[value.dims.length - value.spatial] ?? rank;
  return [{ ...value, dims, batchAxis, spatial: value.spatial === 0 ? 0 : rank - firstPosition }];
}

function transpose(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const order = node.ints('perm') ?? value.dims.map((_, axis) => rank - 1 - axis);
  if (
    order.length !== rank ||
    new Set(order).size !== rank ||
    order.some((axis) => normalAxis(axis, rank) === undefined)
  ) {
    return `its order ${order.join(', ')} does not fit an input of ${value.dims.join(' x ')}`;
  }
  const dims = order.map((axis) => value.dims[axis] ?? 1);
  if (value.kind === 'constant') {
    return [
      picked(value, dims, (at) => {
        const from = new Array<number>(rank).fill(0);
        order.forEach((axis, index) => {
          from[axis] = at[index] ?? 0;
        });
        return from;
      }),
    ];
  }
  const batchAxis = value.batchAxis < 0 ? -1 : order.indexOf(value.batchAxis);
  const before = axisOrder(rank, value.batchAxis, value.spatial);
  // Channels last may be what the order made: then only the view changed.
  for (const spatial of [value.spatial, 0, 1, 2, 3]) {
    if (spatial > rank - 1) continue;
    const after = axisOrder(rank, batchAxis, spatial).map((axis) => order[axis] ?? 0);
    if (sameOrder(value.dims, before, after)) return [{ ...value, dims, batchAxis, spatial }];
  }
  // Channels shuffled among themselves stay channels.
  const keepsPositions =
    value.spatial > 0 && order.slice(rank - value.spatial).every((axis) => axis >= rank - value.spatial);
  return [{ ...value, dims, batchAxis, spatial: keepsPositions ? value.spatial : 0, moved: true }];
}

/** A part of the input: `dims` with one or more axes shortened. */
function part(
  node: NodeReader,
  value: Activation,
  dims: readonly number[],
  suffix: string,
  tensor: string | undefined,
): Activation {
  if (sameShape(dims, value.dims)) return value;
  const output: Activation = { ...value, dims, moved: false };
  const from = shapeOf(value);
  const to = shapeOf(output);
  // Neighbouring elements are read in place; a part of inner axes is gathered.
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
  return [part(node, value, dims, '', node.node.outputs[0])];
}

function split(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const axis = normalAxis(node.int('axis', 0), value.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const size = value.dims[axis] ?? 1;
  const count = node.node.outputs.length;
  const each = Math.ceil(size / Math.max(1, count));
  const sizes =
    node.ints('split') ??
    node.known(1) ??
    node.node.outputs.map((_, index) => Math.max(0, Math.min(each, size - index * each)));
  if (sizes.length !== count || sizes.reduce((sum, one) => sum + one, 0) !== size || sizes.some((one) => one < 0)) {
    return `parts of ${sizes.slice(0, 16).join(', ')} do not add up to ${size}`;
  }
  let start = 0;
  return node.node.outputs.map((tensor, index) => {
    const dims = value.dims.map((old, at) => (at === axis ? (sizes[index] ?? 0) : old));
    const offset = start;
    start += sizes[index] ?? 0;
    if (value.kind === 'constant')
      return picked(value, dims, (at) => at.map((place, at2) => (at2 === axis ? place + offset : place)));
    // A part that nothing reads is not made.
    if (node.importer.usesOf(tensor) === 0) return undefined;
    return part(node, value, dims, `_${index + 1}`, tensor);
  });
}

function concat(node: NodeReader): Outcome {
  const values: Value[] = [];
  for (let index = 0; index < node.node.inputs.length; index++) {
    const value = node.input(index);
    if (value === undefined) return 'an input is missing';
    if (product(value.dims) > 0) values.push(value);
  }
  const leader = values.find((value) => value.kind === 'activation');
  if (leader === undefined) return 'it has no input that depends on the model input';
  const rank = leader.dims.length;
  const axis = normalAxis(node.int('axis', 1), rank);
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
  const by = node.known(1);
  if (value === undefined || by === undefined) return 'its shape is computed from the input, which is not supported';
  const dims =
    node.node.operator === 'Tile' ? value.dims.map((size, axis) => size * (by[axis] ?? 1)) : broadcast(value.dims, by);
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

/** Rows of a table of weights are an embedding; parts of an activation are a slice. */
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

/** Rows gathered by computed places, or values written at such: as many bytes move as come out. */
function scatterGather(node: NodeReader): Outcome {
  const data = node.activation(0);
  const other = node.input(1);
  if (data === undefined || other === undefined) return 'its input is missing or constant';
  const seen = withSpatial(data, 0);
  const operator = node.node.operator;
  let dims: readonly number[] = seen.dims;
  if (operator === 'GatherElements') dims = other.dims;
  if (operator === 'GatherND')
    dims = [...other.dims.slice(0, -1), ...data.dims.slice(other.dims[other.dims.length - 1] ?? 0)];
  const reads = [node.importer.read(seen)];
  const batchAxis = dims[seen.batchAxis] === 1 ? seen.batchAxis : -1;
  return [node.layer({ kind: 'reshape', copies: true }, reads, { dims, batchAxis, spatial: 0 })];
}

/** Padding of positions is a window of one that moves over the padded image: every element goes through once. */
function pad(node: NodeReader): Outcome {
  const value = node.activation(0);
  const pads = node.ints('pads') ?? node.ints('paddings') ?? node.known(1);
  if (value === undefined || pads === undefined)
    return 'how much it pads is computed from the input, which is not supported';
  const rank = value.dims.length;
  const axes = node.known(3)?.map((axis) => normalAxis(axis, rank)) ?? value.dims.map((_, axis) => axis);
  if (pads.length !== 2 * axes.length || axes.some((axis) => axis === undefined))
    return `${pads.length} pads do not fit ${rank} dimensions`;
  const begin = value.dims.map(() => 0);
  const end = value.dims.map(() => 0);
  axes.forEach((axis, index) => {
    begin[axis ?? 0] = pads[index] ?? 0;
    end[axis ?? 0] = pads[index + axes.length] ?? 0;
  });
  const dims = value.dims.map((size, axis) => size + (begin[axis] ?? 0) + (end[axis] ?? 0));
  if (sameShape(dims, value.dims)) return [value];
  if (dims.some((size) => size < 1)) return `pads of ${pads.join(', ')} leave nothing of ${value.dims.join(' x ')}`;
  const grown = dims.flatMap((size, axis) => (size === value.dims[axis] ? [] : [axis]));
  const batchAxis = grown.includes(value.batchAxis) ? -1 : value.batchAxis;
  const image = rank === 4 && grown.every((axis) => axis >= 2) && value.batchAxis === 0;
  const grows = grown.every((axis) => (begin[axis] ?? 0) >= 0 && (end[axis] ?? 0) >= 0);
  const seen = image ? withSpatial(value, 2) : value;
  const output = { dims, batchAxis, spatial: seen.spatial };
  if (!image || !grows) return [node.layer({ kind: 'reshape', copies: true }, [node.importer.read(seen)], output)];
  const one = { height: 1, width: 1 };
  const padding = { top: begin[2] ?? 0, bottom: end[2] ?? 0, left: begin[3] ?? 0, right: end[3] ?? 0 };
  return [
    node.layer(
      { kind: 'pool', operation: 'max', kernel: one, stride: one, padding },
      [node.importer.read(seen)],
      output,
    ),
  ];
}

function depthToSpace(node: NodeReader): Outcome {
  const value = node.activation(0);
  const block = node.int('blocksize', 1);
  if (value === undefined || value.dims.length !== 4 || block < 1) return 'its input is not an image';
  const [batch = 1, channels = 1, height = 1, width = 1] = value.dims;
  const square = block * block;
  const dims =
    node.node.operator === 'DepthToSpace'
      ? [batch, channels / square, height * block, width * block]
      : [batch, channels * square, height / block, width / block];
  if (!dims.every(Number.isInteger)) return `blocks of ${block} do not fit an input of ${value.dims.join(' x ')}`;
  const seen = withSpatial(withBatchAxis(value, 0), 2);
  return [{ ...seen, dims, moved: true }];
}

function resize(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const rank = value.dims.length;
  const resizing = node.node.operator === 'Resize' && node.opset >= 11;
  const scales =
    node.ints('scales') ?? attributeFloats(node, 'scales') ?? oldUpsampleScales(node) ?? node.known(resizing ? 2 : 1);
  const sizes = node.known(3);
  const axes = node.ints('axes')?.map((axis) => normalAxis(axis, rank)) ?? value.dims.map((_, axis) => axis);
  const dims = [...value.dims];
  if (sizes !== undefined && sizes.length === axes.length) {
    axes.forEach((axis, index) => {
      dims[axis ?? 0] = sizes[index] ?? 1;
    });
  } else if (scales !== undefined && scales.length === axes.length) {
    axes.forEach((axis, index) => {
      dims[axis ?? 0] = Math.floor((value.dims[axis ?? 0] ?? 1) * (scales[index] ?? 1));
    });
  } else {
    return 'how much it enlarges is computed from the input, which is not supported';
  }
  if (sameShape(dims, value.dims)) return [value];
  const image = withSpatial(value, rank > 2 ? rank - 2 : 0);
  const output = { dims, batchAxis: dims[image.batchAxis] === 1 ? image.batchAxis : -1, spatial: image.spatial };
  if (rank !== 4 || dims[1] !== value.dims[1])
    return [node.layer({ kind: 'reshape', copies: true }, [node.importer.read(image)], output)];
  const factor = { height: (dims[2] ?? 1) / (value.dims[2] ?? 1), width: (dims[3] ?? 1) / (value.dims[3] ?? 1) };
  return [node.layer({ kind: 'upsample', factor }, [node.importer.read(image)], output)];
}

function attributeFloats(node: NodeReader, name: string): readonly number[] | undefined {
  const floats = node.node.attributes.get(name)?.floats;
  return floats === undefined || floats.length === 0 ? undefined : floats;
}

function oldUpsampleScales(node: NodeReader): readonly number[] | undefined {
  const height = node.float('height_scale');
  const width = node.float('width_scale');
  return height === undefined || width === undefined ? undefined : [1, 1, height, width];
}

/** The shape of an activation is known: what follows is arithmetic on numbers. */
function size(node: NodeReader): Outcome {
  const value = node.input(0);
  return value === undefined ? 'its input is missing' : [constant([], [product(value.dims)], true)];
}

/** Those that see or cut a constant as they do an activation. */
const views: Readonly<Record<string, OperatorReader>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Slice: slice,
  Split: split,
};

export const viewReaders: ReadonlyMap<string, OperatorReader> = new Map(Object.entries(views));

export const movementReaders: Readonly<Record<string, OperatorReader>> = {
  ...views,
  Concat: concat,
  Expand: expand,
  Tile: expand,
  Gather: gather,
  GatherElements: scatterGather,
  GatherND: scatterGather,
  ScatterND: scatterGather,
  ScatterElements: scatterGather,
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: depthToSpace,
  Resize: resize,
  Upsample: resize,
  Size: size,
};
