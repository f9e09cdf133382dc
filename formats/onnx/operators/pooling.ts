import type { Pool } from '../../../design/index.ts';
import type { NodeReader, OperatorReader, Outcome } from '../importer.ts';
import type { Activation } from '../value.ts';
import { normalAxis, product, withSpatial } from '../value.ts';
import { asImage, imageShape } from './convolution.ts';
import { readWindow } from './windows.ts';

const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };

export function pooling(node: NodeReader, operation: Pool['operation']): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  const [height, width, channels] = imageShape(image);
  const kernel = node.ints('kernel_shape');
  if (kernel === undefined) return 'it states no kernel_shape';
  const window = readWindow(node, image.spatial === 2 ? [height, width] : [height], kernel);
  if (typeof window === 'string') return window;
  const { outputs, dilation, ...geometry } = window;
  const { kernel: taps, stride, padding } = geometry;
  // A pool of design has no dilation. The same windows over an image that is smaller by what the gaps take give as many results of as many
  // elements: the padding shrinks first, then the image.
  const gap = { height: (taps.height - 1) * (dilation.height - 1), width: (taps.width - 1) * (dilation.width - 1) };
  const bottom = Math.max(0, padding.bottom - gap.height);
  const top = Math.max(0, padding.top - Math.max(0, gap.height - padding.bottom));
  const right = Math.max(0, padding.right - gap.width);
  const left = Math.max(0, padding.left - Math.max(0, gap.width - padding.right));
  const rows = height - Math.max(0, gap.height - padding.top - padding.bottom);
  const columns = width - Math.max(0, gap.width - padding.left - padding.right);
  let read = node.importer.read(image, [height, width, channels]);
  if (rows !== height || columns !== width) {
    const shape = [rows, columns, channels];
    read = {
      index: node.importer.add(`${node.name}_window`, { kind: 'reshape', copies: false }, [read], shape),
      shape,
    };
  }
  const [outHeight = 1, outWidth = 1] = outputs;
  return [
    node.layer(
      { kind: 'pool', operation, kernel: taps, stride, padding: { top, bottom, left, right } },
      [read],
      { dims: [1, channels, ...outputs], batchAxis: 0, spatial: image.spatial },
      [outHeight, outWidth, channels],
    ),
  ];
}

export function globalPooling(node: NodeReader, operation: Pool['operation']): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  const [height, width, channels] = imageShape(image);
  const output = { dims: [1, channels, ...image.dims.slice(2).map(() => 1)], batchAxis: 0, spatial: image.spatial };
  const kernel = { height, width };
  return [
    node.layer(
      { kind: 'pool', operation, kernel, stride: { height: 1, width: 1 }, padding: noPadding },
      [node.importer.read(image, [height, width, channels])],
      output,
      [1, 1, channels],
    ),
  ];
}

/**
 * A reduction over neighbouring axes is pooling: what stands before them are rows, they are the window, what stands after
 * them are channels.
 */
function reduction(node: NodeReader, operation: Pool['operation']): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing';
  const rank = value.dims.length;
  const single = node.node.operator.startsWith('Arg');
  const stated = single ? [node.int('axis', 0)] : (node.ints('axes') ?? node.known(1));
  const keep = node.int('keepdims', 1) !== 0;
  if (!single && stated === undefined && node.hasInput(1))
    return 'its axes are computed from the input, which is not supported';
  const axes = (stated === undefined || stated.length === 0 ? value.dims.map((_, axis) => axis) : stated).map((axis) =>
    normalAxis(axis, rank),
  );
  if (axes.some((axis) => axis === undefined)) return `its axes ${axes.join(', ')} do not exist`;
  return [reduce(node, value, new Set(axes), keep, operation)];
}

/** The sum over some axes, which go. */
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
    const [height, width, channels] = imageShape(seen);
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

/** A reduction over all positions of an image keeps channels last. */
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
