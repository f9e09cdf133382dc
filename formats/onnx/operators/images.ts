import type { Conv } from '../../../design/index.ts';
import { type Activation, product, withBatchAxis, withSpatial } from '../value.ts';
import type { Axis } from './windows.ts';

export const unit = { height: 1, width: 1 };
export const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };

/** A convolution whose window is one position: a product at each position of the image. */
export function pointwise(filters: number, groups: number, bias: boolean): Conv {
  return { kind: 'conv', kernel: unit, stride: unit, dilation: unit, padding: noPadding, filters, groups, bias };
}

/**
 * A signal (one position axis), an image (two) or a volume (three), with its channels on axis 1. A request can have several samples on axis
 * 0: the frames of a video, the views of several cameras, or the regions that a detector found.
 */
export interface Image {
  /** The value with its axes in ONNX order, viewed with the channels last. */
  readonly value: Activation;
  readonly samples: number;
  /** The sizes of its position axes in ONNX order. */
  readonly positions: readonly number[];
  readonly channels: number;
}

/** Returns a string if the value is not an image: the reason. */
export function asImage(value: Activation | undefined): Image | string {
  if (value === undefined) return 'its input is missing or constant';
  const count = value.dims.length - 2;
  if (count < 1) return `its input has ${value.dims.length} dimensions, where N x C x H x W was expected`;
  if (count > 3) return `it works over ${count} positions; one to three are supported`;
  const [samples = 1, channels = 1, ...positions] = value.dims;
  const seen = samples === 1 ? withBatchAxis(value, 0) : { ...value, batchAxis: -1 };
  return { value: withSpatial(seen, count), samples, positions, channels };
}

/** The shape in which a layer reads an image if it processes each position separately. A signal of L x C is an image of L x 1 x C. */
export function planeShape({ samples, positions, channels }: Image): readonly [number, number, number] {
  const last = positions.at(-1) ?? 1;
  const rows = samples * product(positions.slice(0, -1));
  return positions.length === 1 && samples === 1 ? [last, 1, channels] : [rows, last, channels];
}

/** The dimensions of a result with `channels` at `positions`, with the samples of `image`. */
export function imageOutput(image: Image, channels: number, positions: readonly number[]) {
  const { samples } = image;
  return { dims: [samples, channels, ...positions], batchAxis: samples === 1 ? 0 : -1, spatial: positions.length };
}

/** The two axes over which a layer moves its window, and the axes before them. */
export interface Plane {
  readonly outer: readonly Axis[];
  readonly rows: Axis;
  readonly columns: Axis;
}

/** An axis over which no window moves. */
export function still(size: number): Axis {
  return { size, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, outputs: size };
}

function isStill({ kernel, stride, before, after }: Axis): boolean {
  return kernel === 1 && stride === 1 && before === 0 && after === 0;
}

/**
 * Layers move windows over two axes. Neighbouring axes without a window are merged into one. So the convolution of a video over time
 * (kernel T x 1 x 1) is exactly a convolution over two axes. `axes`: the outermost first.
 */
export function planeOf(axes: readonly Axis[]): Plane {
  let list = [...axes];
  for (let at = list.length - 2; at >= 0 && list.length > 2; at--) {
    const [left, right] = [list[at], list[at + 1]];
    if (left === undefined || right === undefined || !isStill(left) || !isStill(right)) continue;
    list = [...list.slice(0, at), still(left.size * right.size), ...list.slice(at + 2)];
  }
  const [columns = still(1), rows] = list.toReversed();
  return rows === undefined
    ? { outer: [], rows: columns, columns: still(1) }
    : { outer: list.slice(0, -2), rows, columns };
}

/**
 * Stacks the rows of several images to one image with exactly as many windows as the images have together. At the border of two images, a
 * window covers other rows than in the separate images, but the counts are the same.
 */
export function stacked(rows: Axis, images: number): Axis {
  if (images === 1) return rows;
  const { kernel, stride, dilation } = rows;
  const outputs = images * rows.outputs;
  const covered = (outputs - 1) * stride + (kernel - 1) * dilation + 1;
  const size = Math.min(outputs * stride, covered);
  const before = Math.min(rows.before, covered - size);
  return { size, kernel, stride, dilation, before, after: covered - size - before, outputs };
}
