import type { Conv } from '../../../design/index.ts';
import type { NodeReader, OperatorReader, Outcome } from '../importer.ts';
import { type Activation, product, shapeOf, type Value, withBatchAxis, withSpatial } from '../value.ts';
import { parameterTable } from './parameters.ts';
import { readWindow } from './windows.ts';

/** An image or a signal, its channels on axis 1 and one sample on axis 0; a string: why the value is none. */
export function asImage(value: Activation | undefined): Activation | string {
  if (value === undefined) return 'its input is missing or constant';
  const positions = value.dims.length - 2;
  if (positions < 1) return `its input has ${value.dims.length} dimensions, where N x C x H x W was expected`;
  if (value.dims[0] !== 1) {
    return `its input holds ${value.dims[0]} samples; a convolution or pooling over several samples of one request is not supported`;
  }
  if (positions > 2) return `it works over ${positions} positions; one or two are supported`;
  return withSpatial(withBatchAxis(value, 0), positions);
}

/** The H x W x C shape in which a layer reads an image; a signal of L x C is an image of L x 1 x C. */
export function imageShape(image: Activation): readonly [number, number, number] {
  const [height = 1, width = 1, channels = 1] = shapeOf(image);
  return image.spatial === 2 ? [height, width, channels] : [height, 1, width];
}

export function convolution(node: NodeReader, weights: Value | undefined, hasBias: boolean): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  if (weights === undefined) return 'its weights are missing';
  if (weights.kind === 'activation') return 'its weights are computed from the input, which is not supported';
  const groups = node.int('group', 1);
  const [filters = 0, channelsPerGroup = 0, ...kernel] = weights.dims;
  const [height, width, channels] = imageShape(image);
  const stated = node.ints('kernel_shape');
  if (stated !== undefined && product(stated) !== product(kernel)) {
    return `kernel_shape says ${stated.join(' x ')}, its weights say ${kernel.join(' x ')}`;
  }
  if (filters < 1 || groups < 1 || channelsPerGroup * groups !== channels || filters % groups !== 0) {
    return `weights of ${weights.dims.join(' x ')} in ${groups} groups do not fit an input of ${channels} channels`;
  }
  const window = readWindow(node, image.spatial === 2 ? [height, width] : [height], kernel);
  if (typeof window === 'string') return window;
  const { outputs, ...geometry } = window;
  const operation: Conv = { kind: 'conv', ...geometry, filters, groups, bias: hasBias };
  const [outHeight = 1, outWidth = 1] = outputs;
  return [
    node.layer(
      operation,
      [node.importer.read(image, [height, width, channels])],
      { dims: [1, filters, ...outputs], batchAxis: 0, spatial: image.spatial },
      [outHeight, outWidth, filters],
    ),
  ];
}

/**
 * Y = col2im(W X): every input position makes kernel x filters values by a 1 x 1 convolution (exactly the multiplications and
 * weights of the operator), which are then added up where they overlap, and to the bias.
 */
function transposedConvolution(node: NodeReader): Outcome {
  const image = asImage(node.activation(0));
  const weights = node.input(1);
  if (typeof image === 'string') return image;
  if (weights?.kind !== 'constant') return 'its weights are missing or computed from the input';
  const groups = node.int('group', 1);
  const [height, width, channels] = imageShape(image);
  const [weightChannels = 0, filtersPerGroup = 0, ...kernel] = weights.dims;
  if (weightChannels !== channels || groups < 1 || channels % groups !== 0 || filtersPerGroup < 1) {
    return `weights of ${weights.dims.join(' x ')} do not fit an input of ${channels} channels`;
  }
  const sizes = image.spatial === 2 ? [height, width] : [height];
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const dilations = node.ints('dilations') ?? sizes.map(() => 1);
  const pads = node.ints('pads') ?? [...sizes, ...sizes].map(() => 0);
  const extra = node.ints('output_padding') ?? sizes.map(() => 0);
  const stated = node.ints('output_shape');
  const same = node.text('auto_pad').startsWith('SAME');
  const outputs = sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (stated !== undefined) return stated[stated.length - sizes.length + axis] ?? 0;
    if (same) return size * stride;
    const window = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    return stride * (size - 1) + (extra[axis] ?? 0) + window - (pads[axis] ?? 0) - (pads[axis + sizes.length] ?? 0);
  });
  if (kernel.length !== sizes.length || outputs.some((size) => !(size >= 1)))
    return 'its kernel, strides and pads leave no output';
  const filters = filtersPerGroup * groups;
  const columns = filters * product(kernel);
  const [outHeight = 1, outWidth = 1] = outputs;
  const one = { height: 1, width: 1 };
  const product1x1 = node.importer.add(
    `${node.name}_products`,
    {
      kind: 'conv',
      kernel: one,
      stride: one,
      dilation: one,
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
      filters: columns,
      groups,
      bias: false,
    },
    [node.importer.read(image, [height, width, channels])],
    [height, width, columns],
  );
  const bias = node.input(2);
  const output = { dims: [1, filters, ...outputs], batchAxis: 0, spatial: image.spatial };
  const shape = image.spatial === 2 ? [outHeight, outWidth, filters] : [outHeight, filters];
  const products = { index: product1x1, shape: [height, width, columns] };
  if (bias?.kind !== 'constant') return [node.layer({ kind: 'reshape', copies: true }, [products], output, shape)];
  const sums = node.importer.add(`${node.name}_sums`, { kind: 'reshape', copies: true }, [products], shape);
  const perFilter = { ...image, dims: [1, filters, ...outputs.map(() => 1)], moved: false };
  const table = parameterTable(node, { ...bias, dims: [filters] }, perFilter);
  return [node.layer({ kind: 'elementwise', operation: 'add' }, [{ index: sums, shape }, table], output, shape)];
}

export const convolutionReaders: Readonly<Record<string, OperatorReader>> = {
  Conv: (node) => convolution(node, node.input(1), node.hasInput(2)),
  ConvInteger: (node) => convolution(node, node.input(1), false),
  QLinearConv: (node) => convolution(node, node.input(3), node.hasInput(8)),
  ConvTranspose: transposedConvolution,
};
