import type { Pool } from '../../../design/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, withBatchAxis, withSpatial } from '../value.ts';
import { noPadding, pointwise } from './images.ts';
import { approximate } from './selection.ts';

/* Operators that sample an image between its pixels, at places that the network computes. */

/** The number of pixels around a place that an interpolation mode combines, in two and in three dimensions (ONNX operator GridSample). */
const corners = (mode: string, dimensions: number): number =>
  mode === 'nearest' ? 1 : (mode.endsWith('cubic') ? 4 : 2) ** dimensions;

/**
 * Computes `places` samples of `channels` values. Each value is the weighted sum of `count` values of the image, which are gathered,
 * multiplied and added. Returns the layer that makes the samples, with the shape places x 1 x channels.
 */
function interpolate(node: NodeReader, image: Activation, places: number, count: number, channels: number): number {
  const { importer, name } = node;
  const read = importer.read(image);
  const gathered = [places, count, channels];
  const gather = importer.add(`${name}_gather`, { kind: 'reshape', copies: true }, [read], gathered);
  if (count === 1)
    return importer.add(
      `${name}_samples`,
      { kind: 'reshape', copies: false },
      [{ index: gather, shape: gathered }],
      [places, 1, channels],
    );
  const weighed = importer.add(
    `${name}_weigh`,
    { kind: 'elementwise', operation: 'multiply' },
    [{ index: gather, shape: gathered }],
    gathered,
  );
  const sum: Pool = {
    kind: 'pool',
    operation: 'average',
    kernel: { height: 1, width: count },
    stride: { height: 1, width: count },
    padding: noPadding,
  };
  return importer.add(`${name}_samples`, sum, [{ index: weighed, shape: gathered }], [places, 1, channels]);
}

/** GridSample: N x C x H x W, sampled at N x H' x W' x 2 places, makes N x C x H' x W'. Volumes have one more dimension. */
function gridSample(node: NodeReader): Outcome {
  const value = node.activation(0);
  const grid = node.input(1);
  if (value === undefined || grid === undefined) return 'its image or its grid is missing or constant';
  const dimensions = value.dims.length - 2;
  const [samples = 1, channels = 1] = value.dims;
  const outputs = grid.dims.slice(1, -1);
  if (dimensions < 1 || outputs.length !== dimensions || grid.dims.at(-1) !== dimensions || grid.dims[0] !== samples) {
    return `a grid of ${grid.dims.join(' x ')} does not fit an image of ${value.dims.join(' x ')}`;
  }
  const image = withSpatial(withBatchAxis(value, 0), dimensions);
  const count = corners(node.text('mode'), dimensions);
  const places = samples * product(outputs);
  const index = interpolate(node, image, places, count, channels);
  const batchAxis = samples === 1 ? 0 : -1;
  return [seenAs(node, index, [samples, channels, ...outputs], batchAxis, dimensions)];
}

/** The samples as an image with channels last. */
function seenAs(
  node: NodeReader,
  index: number,
  dims: readonly number[],
  batchAxis: number,
  spatial: number,
): Activation {
  const channels = dims[1] ?? 1;
  const places = product(dims) / channels;
  return node.layer({ kind: 'reshape', copies: false }, [{ index, shape: [places, 1, channels] }], {
    dims,
    batchAxis,
    spatial,
  });
}

/** RoiAlign: every region of an image as C x h x w. Each value is the mean (or maximum) of interpolated samples. */
function roiAlign(node: NodeReader): Outcome {
  const value = node.activation(0);
  const regions = node.input(1)?.dims[0];
  if (value === undefined || value.dims.length !== 4 || regions === undefined)
    return 'its image or its regions are missing';
  const height = node.int('output_height', 1);
  const width = node.int('output_width', 1);
  const ratio = node.int('sampling_ratio', 0);
  if (height < 1 || width < 1) return `it makes regions of ${height} x ${width}`;
  if (ratio < 1) {
    approximate(
      node,
      { kind: 'any' },
      'how many samples it takes depends on the size of each region (sampling_ratio 0). Four samples for each value are counted.',
    );
  }
  const samples = (ratio < 1 ? 2 : ratio) ** 2;
  const channels = value.dims[1] ?? 1;
  const image = withSpatial(withBatchAxis(value, 0), 2);
  const places = regions * height * width;
  const index = interpolate(node, image, places, 4 * samples, channels);
  return [seenAs(node, index, [regions, channels, height, width], regions === 1 ? 0 : -1, 2)];
}

/** MaxRoiPool: the maximum of the pixels of every cell of a region. A region is counted with its largest possible size, the whole image. */
function maxRoiPool(node: NodeReader): Outcome {
  const value = node.activation(0);
  const regions = node.input(1)?.dims[0];
  const [height = 0, width = 0] = node.ints('pooled_shape') ?? [];
  if (value === undefined || value.dims.length !== 4 || regions === undefined || height < 1 || width < 1) {
    return 'its image, its regions or its pooled_shape are missing';
  }
  const [, channels = 1, rows = 1, columns = 1] = value.dims;
  const image = withSpatial(withBatchAxis(value, 0), 2);
  const places = regions * height * width;
  const count = Math.ceil(rows / height) * Math.ceil(columns / width);
  approximate(
    node,
    { kind: 'any' },
    'how large its regions are depends on the data. Each is counted as the whole image.',
  );
  const { importer } = node;
  const gathered = [places, count, channels];
  const gather = importer.add(
    `${node.name}_gather`,
    { kind: 'reshape', copies: true },
    [importer.read(image)],
    gathered,
  );
  const pool: Pool = {
    kind: 'pool',
    operation: 'max',
    kernel: { height: 1, width: count },
    stride: { height: 1, width: count },
    padding: noPadding,
  };
  const index = importer.add(`${node.name}_maximum`, pool, [{ index: gather, shape: gathered }], [places, 1, channels]);
  return [seenAs(node, index, [regions, channels, height, width], regions === 1 ? 0 : -1, 2)];
}

/** The positions of the inputs of a deformable convolution. -1: it has no such input. */
interface DeformPlaces {
  readonly weights: number;
  readonly offsets: number;
  readonly mask: number;
  readonly bias: number;
}

/**
 * DeformConv (ONNX operator DeformConv): inputs X, W, offsets, bias, mask. The values of the kernel are sampled at computed places from
 * four pixels each. Then they are multiplied by the weights, with exactly the multiplications and weights of a convolution with that
 * kernel.
 */
function deformConv(node: NodeReader, places: DeformPlaces): Outcome {
  const value = node.activation(0);
  const weights = node.input(places.weights);
  const offsets = node.input(places.offsets);
  if (value === undefined || value.dims.length !== 4 || value.dims[0] !== 1) return 'its input is not one image';
  if (weights?.kind !== 'constant' || offsets === undefined || offsets.dims.length !== 4)
    return 'its weights or its offsets are missing';
  const [filters = 0, channelsPerGroup = 0, ...kernel] = weights.dims;
  const groups = node.int('group', node.int('groups', 1));
  const channels = value.dims[1] ?? 1;
  if (groups < 1 || channelsPerGroup * groups !== channels || filters % groups !== 0) {
    return `weights of ${weights.dims.join(' x ')} in ${groups} groups do not fit an input of ${channels} channels`;
  }
  // Each position of the output has a pair of offsets.
  const [height = 1, width = 1] = offsets.dims.slice(2);
  const taps = product(kernel);
  const image = withSpatial(withBatchAxis(value, 0), 2);
  const { importer, name } = node;
  let index = interpolate(node, image, height * width, 4, channels * taps);
  const shape = [height, width, channels * taps];
  const samples: Activation = {
    kind: 'activation',
    dims: shape,
    batchAxis: -1,
    spatial: 0,
    source: index,
    moved: false,
  };
  if (node.hasInput(places.mask)) {
    const read = importer.read(samples);
    index = importer.add(`${name}_mask`, { kind: 'elementwise', operation: 'multiply' }, [read], read.shape);
  }
  return [
    node.layer(
      pointwise(filters, groups, node.hasInput(places.bias)),
      [importer.read({ ...samples, source: index }, shape)],
      { dims: [1, filters, height, width], batchAxis: 0, spatial: 2 },
      [height, width, filters],
    ),
  ];
}

export const samplingReaders: Readonly<Record<string, OperatorReader>> = {
  DeformConv: (node) => deformConv(node, { weights: 1, offsets: 2, bias: 3, mask: 4 }),
  GridSample: gridSample,
  MaxRoiPool: maxRoiPool,
  RoiAlign: roiAlign,
};

/** The deformable convolutions of MMCV and MMDeploy. Their other inputs come before the weights. */
export const mmcvReaders: Readonly<Record<string, OperatorReader>> = {
  MMCVDeformConv2d: (node) => deformConv(node, { offsets: 1, weights: 2, mask: -1, bias: -1 }),
  MMCVModulatedDeformConv2d: (node) => deformConv(node, { offsets: 1, mask: 2, weights: 3, bias: 4 }),
};
