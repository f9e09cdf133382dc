import type { Pool } from '../../../design/index.ts';
import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, normalAxis, product, sameShape, shapeOf, withSpatial } from '../value.ts';
import { asImage, imageOutput, noPadding, type Plane, planeOf, planeShape, stacked, still } from './images.ts';
import { type Axis, geometryOf, readWindow } from './windows.ts';

export function pooling(node: NodeReader, operation: Pool['operation']): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) return 'it states no kernel_shape';
  const window = readWindow(node, image.positions, kernel);
  if (typeof window === 'string') return window;
  const { importer } = node;
  const { channels } = image;
  let plane = planeOf(image.samples === 1 ? window : [still(image.samples), ...window]);
  let value = image.value;
  // Maxima and sums of a volume are computed over two axes, then over the others. The results are the same numbers.
  for (let pass = 1; plane.outer.some(({ kernel: taps, stride }) => taps * stride > 1); pass++) {
    const { outer, rows, columns } = plane;
    const pooled = poolOf(node, operation, value, stackedIn(plane), columns, channels);
    const source = importer.add(`${node.name}_pass_${pass}`, pooled.operation, [pooled.read], pooled.shape);
    value = { kind: 'activation', dims: pooled.shape, batchAxis: -1, spatial: 0, source, moved: false };
    plane = planeOf([...outer, still(rows.outputs * columns.outputs)]);
  }
  const pooled = poolOf(node, operation, value, stackedIn(plane), plane.columns, channels);
  const positions = window.map(({ outputs }) => outputs);
  return [node.layer(pooled.operation, [pooled.read], imageOutput(image, channels, positions), pooled.shape)];
}

function stackedIn({ outer, rows }: Plane): Axis {
  return stacked(rows, product(outer.map(({ size }) => size)));
}

/**
 * The pool layer of design has no dilation. The gaps in a window are removed, and the image becomes smaller by the same amount. So there
 * are as many results, each of as many elements. The padding is reduced first, then the image.
 */
function withoutGaps(axis: Axis): Axis {
  const gap = (axis.kernel - 1) * (axis.dilation - 1);
  const after = Math.max(0, axis.after - gap);
  const before = Math.max(0, axis.before - Math.max(0, gap - axis.after));
  return { ...axis, dilation: 1, before, after, size: axis.size - Math.max(0, gap - axis.before - axis.after) };
}

/** One pool over two axes, and the shape in which it reads `value`. */
function poolOf(
  node: NodeReader,
  operation: Pool['operation'],
  value: Activation,
  statedRows: Axis,
  statedColumns: Axis,
  channels: number,
): { readonly operation: Pool; readonly read: Read; readonly shape: readonly number[] } {
  const rows = withoutGaps(statedRows);
  const columns = withoutGaps(statedColumns);
  const { dilation: _, ...geometry } = geometryOf(rows, columns);
  const whole = [statedRows.size, statedColumns.size, channels];
  const seen = product(whole) === product(value.dims) ? node.importer.read(value, whole) : node.importer.read(value);
  const shape = [rows.size, columns.size, channels];
  const read = sameShape(seen.shape, shape)
    ? seen
    : {
        index: node.importer.add(`${node.name}_window`, { kind: 'reshape', copies: false }, [seen], shape),
        shape,
      };
  return {
    operation: { kind: 'pool', operation, ...geometry },
    read,
    shape: [rows.outputs, columns.outputs, channels],
  };
}

/** A pool whose window is the whole image. */
export function globalPooling(node: NodeReader, operation: Pool['operation']): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  const { channels, samples, positions } = image;
  const places = product(positions);
  const isPlane = samples === 1;
  const [height, width] = planeShape(image);
  const shape = isPlane ? [height, width, channels] : [samples, places, channels];
  const kernel = isPlane ? { height, width } : { height: 1, width: places };
  const output = imageOutput(
    image,
    channels,
    positions.map(() => 1),
  );
  return [
    node.layer(
      { kind: 'pool', operation, kernel, stride: { height: 1, width: 1 }, padding: noPadding },
      [node.importer.read(image.value, shape)],
      output,
      [samples, 1, channels],
    ),
  ];
}

/**
 * A reduction over neighbouring axes is a pool. The axes before them are rows, the reduced axes are the window, and the axes after them are
 * channels.
 */
export function reduction(node: NodeReader, operation: Pool['operation']): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const single = node.node.operator.startsWith('Arg');
  const stated = single ? [node.int('axis', 0)] : (node.ints('axes') ?? node.known(1));
  const keep = node.int('keepdims', 1) !== 0;
  if (!single && stated === undefined && node.hasInput(1))
    return 'its axes are computed from the input, which is not supported';
  if ((stated ?? []).length === 0 && node.int('noop_with_empty_axes', 0) !== 0) return [value];
  const axes = (stated === undefined || stated.length === 0 ? value.dims.map((_, axis) => axis) : stated).map((axis) =>
    normalAxis(axis, rank),
  );
  if (axes.some((axis) => axis === undefined)) return `its axes ${axes.join(', ')} do not exist`;
  return [reduce(node, value, new Set(axes), keep, operation)];
}

/** Sums over some axes and removes them. */
export function sumOver(node: NodeReader, value: Activation, axes: readonly number[]): Activation {
  return reduce(node, value, new Set(axes), false, 'average');
}

function reduce(
  node: NodeReader,
  value: Activation,
  reduced: ReadonlySet<number | undefined>,
  keep: boolean,
  operation: Pool['operation'],
): Activation {
  const rank = value.dims.length;
  const spatial = value.spatial > 0 && onlyPositions(value, reduced) ? value.spatial : 0;
  const seen = spatial > 0 ? value : withSpatial(value, 0);
  const dims: number[] = [];
  let batchAxis = -1;
  let keptPositions = 0;
  for (let axis = 0; axis < rank; axis++) {
    if (reduced.has(axis) && !keep) continue;
    if (axis === value.batchAxis) batchAxis = dims.length;
    if (axis >= rank - spatial) keptPositions++;
    dims.push(reduced.has(axis) ? 1 : (value.dims[axis] ?? 1));
  }
  const output = { dims, batchAxis, spatial: keptPositions };
  const first = Math.min(...[...reduced].map((axis) => axis ?? 0));
  const last = Math.max(...[...reduced].map((axis) => axis ?? 0));
  const window = product(value.dims.filter((_, axis) => reduced.has(axis)));
  const contiguous = value.dims.every((size, axis) => axis < first || axis > last || reduced.has(axis) || size === 1);
  const inner = spatial > 0 ? (value.dims[1] ?? 1) : contiguous ? product(value.dims.slice(last + 1)) : 1;
  const outer = product(value.dims) / Math.max(1, window * inner);
  if (spatial === 2) {
    const [height = 1, width = 1, channels = 1] = shapeOf(seen);
    const whole: Pool = {
      kind: 'pool',
      operation,
      kernel: { height, width },
      stride: { height: 1, width: 1 },
      padding: noPadding,
    };
    return node.layer(whole, [node.importer.read(seen)], output, [1, 1, channels]);
  }
  const reads = [
    node.importer.read(contiguous || spatial > 0 ? seen : { ...seen, moved: true }, [outer, window, inner]),
  ];
  const shape = [outer, 1, inner];
  const pool: Pool = {
    kind: 'pool',
    operation,
    kernel: { height: 1, width: window },
    stride: { height: 1, width: window },
    padding: noPadding,
  };
  return node.layer(pool, reads, output, shape);
}

/** A reduction over all positions of an image keeps the channels last. */
function onlyPositions(value: Activation, reduced: ReadonlySet<number | undefined>): boolean {
  const rank = value.dims.length;
  if (rank - value.spatial !== 2 || value.batchAxis !== 0) return false;
  return value.dims.every((size, axis) => size === 1 || axis >= rank - value.spatial === reduced.has(axis));
}

export const poolingReaders: Readonly<Record<string, OperatorReader>> = {
  MaxPool: (node) => pooling(node, 'max'),
  AveragePool: (node) => pooling(node, 'average'),
  LpPool: (node) => pooling(node, 'average'),
  GlobalAveragePool: (node) => globalPooling(node, 'average'),
  GlobalMaxPool: (node) => globalPooling(node, 'max'),
  GlobalLpPool: (node) => globalPooling(node, 'average'),
  ReduceMean: (node) => reduction(node, 'average'),
  ReduceSum: (node) => reduction(node, 'average'),
  ReduceSumSquare: (node) => reduction(node, 'average'),
  ReduceL1: (node) => reduction(node, 'average'),
  ReduceL2: (node) => reduction(node, 'average'),
  ReduceLogSum: (node) => reduction(node, 'average'),
  ReduceLogSumExp: (node) => reduction(node, 'average'),
  ReduceProd: (node) => reduction(node, 'average'),
  ReduceMax: (node) => reduction(node, 'max'),
  ReduceMin: (node) => reduction(node, 'max'),
  ArgMax: (node) => reduction(node, 'max'),
  ArgMin: (node) => reduction(node, 'max'),
};
