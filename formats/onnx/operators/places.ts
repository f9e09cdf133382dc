import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { normalAxis, sameShape, withBatchAxis, withSpatial } from '../value.ts';
import { asImage, imageOutput, planeShape } from './images.ts';

/** Padding is a pool with a window of size 1 over the padded image. Each element passes once. */
function pad(node: NodeReader): Outcome {
  const value = node.activation(0);
  const pads = node.ints('pads') ?? node.ints('paddings') ?? node.known(1);
  if (value === undefined || pads === undefined)
    return 'how much it pads is computed from the input, which is not supported';
  if (node.isComputed(3)) return 'its axes are computed from the input, which is not supported';
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
  if (sizes === undefined && isCropped(node) && node.isComputed(1))
    return 'the part that it reads is computed from the input, which is not supported';
  if (sizes !== undefined && sizes.length === axes.length) {
    const factor = keptRatio(
      node,
      axes.map((axis, index) => (sizes[index] ?? 1) / (value.dims[axis ?? 0] ?? 1)),
    );
    axes.forEach((axis, index) => {
      // One request of the exported batch remains.
      if (axis === value.batchAxis && sizes[index] === node.importer.exportedBatch) return;
      const size = value.dims[axis ?? 0] ?? 1;
      dims[axis ?? 0] = factor === undefined ? (sizes[index] ?? 1) : Math.round(size * factor);
    });
  } else if (scales !== undefined && scales.length === axes.length) {
    axes.forEach((axis, index) => {
      const share = regionOf(node, index, axes.length);
      // Runtimes multiply with 32 bits: 20 x 1.3 is 26, not 25.999999.
      const size = Math.fround((value.dims[axis ?? 0] ?? 1) * Math.fround(share));
      dims[axis ?? 0] = Math.floor(Math.fround(size * (scales[index] ?? 1)));
    });
  } else {
    return 'how much it enlarges is computed from the input, which is not supported';
  }
  if (sameShape(dims, value.dims)) return [value];
  const image = asImage(value);
  if (rank !== 4 || typeof image === 'string' || dims[0] !== value.dims[0] || dims[1] !== value.dims[1]) {
    const seen = withSpatial(value, rank > 2 ? rank - 2 : 0);
    const output = { dims, batchAxis: dims[seen.batchAxis] === 1 ? seen.batchAxis : -1, spatial: seen.spatial };
    return [node.layer({ kind: 'reshape', copies: true }, [node.importer.read(seen)], output)];
  }
  const factor = { height: (dims[2] ?? 1) / (value.dims[2] ?? 1), width: (dims[3] ?? 1) / (value.dims[3] ?? 1) };
  const positions = dims.slice(2);
  const read = node.importer.read(image.value, planeShape(image));
  const shape = planeShape({ ...image, positions });
  return [node.layer({ kind: 'upsample', factor }, [read], imageOutput(image, image.channels, positions), shape)];
}

function isCropped(node: NodeReader): boolean {
  return node.text('coordinate_transformation_mode') === 'tf_crop_and_resize';
}

/** The part of an axis that tf_crop_and_resize reads: end - start in the input `roi`, which has all starts before all ends. */
function regionOf(node: NodeReader, index: number, axes: number): number {
  const region = isCropped(node) ? node.known(1) : undefined;
  return region?.length === 2 * axes ? (region[index + axes] ?? 1) - (region[index] ?? 0) : 1;
}

/** The common factor of all axes if the operator keeps the aspect ratio (operator set 18). Otherwise undefined. */
function keptRatio(node: NodeReader, factors: readonly number[]): number | undefined {
  switch (node.text('keep_aspect_ratio_policy')) {
    case 'not_larger':
      return Math.min(...factors);
    case 'not_smaller':
      return Math.max(...factors);
    default:
      return undefined;
  }
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

export const placeOperators: Readonly<Record<string, OperatorReader>> = {
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: depthToSpace,
  Resize: resize,
  Upsample: resize,
};
