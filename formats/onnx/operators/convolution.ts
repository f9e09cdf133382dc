import type { Conv } from '../../../design/index.ts';
import type { Read } from '../layers.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, sameShape, shapeOf, type Value, withSpatial } from '../value.ts';
import { asImage, type Image, imageOutput, planeOf, planeShape, pointwise, stacked, still } from './images.ts';
import { inItsLayout } from './layouts.ts';
import { parameterTable } from './parameters.ts';
import { transposed } from './views.ts';
import { type Axis, geometryOf, readWindow } from './windows.ts';

/** A convolution with `weights`, and with a number for each filter that is added to it. */
export function convolution(node: NodeReader, weights: Value | undefined, bias: Value | undefined): Outcome {
  const image = asImage(node.activation(0));
  if (typeof image === 'string') return image;
  if (weights === undefined) return 'its weights are missing';
  const groups = node.int('group', 1);
  const [filters = 0, channelsPerGroup = 0, ...kernel] = weights.dims;
  const stated = node.ints('kernel_shape');
  const contradiction = wrongKernel(stated, kernel);
  if (contradiction !== undefined) return contradiction;
  if (filters < 1 || groups < 1 || channelsPerGroup * groups !== image.channels || filters % groups !== 0) {
    return `weights of ${weights.dims.join(' x ')} in ${groups} groups do not fit an input of ${image.channels} channels`;
  }
  const window = readWindow(node, image.positions, kernel);
  if (typeof window === 'string') return window;
  if (weights.kind === 'constant' && bias?.kind !== 'activation')
    return [byWeights(node, image, window, { filters, groups, bias: bias !== undefined })];
  const made =
    weights.kind === 'activation'
      ? byComputedWeights(node, image, weights, window, groups)
      : byWeights(node, image, window, { filters, groups, bias: false });
  return [bias === undefined ? made : withBias(node, made, bias)];
}

function wrongKernel(stated: readonly number[] | undefined, kernel: readonly number[]): string | undefined {
  return stated === undefined || sameShape(stated, kernel)
    ? undefined
    : `kernel_shape is ${stated.join(' x ')}, but its weights have ${kernel.join(' x ')}`;
}

/**
 * The layer of a convolution. A window over more than two axes becomes a window over the last two. The slices that it covers along the
 * other axes become further channels. This has exactly the same multiplications and weights. A slice is read once for each position of the
 * window that covers it.
 */
function byWeights(
  node: NodeReader,
  image: Image,
  window: readonly Axis[],
  weights: Pick<Conv, 'filters' | 'groups' | 'bias'>,
): Activation {
  const { importer } = node;
  const plane = planeOf(image.samples === 1 ? window : [still(image.samples), ...window]);
  const rows = stacked(plane.rows, product(plane.outer.map(({ outputs }) => outputs)));
  const channels = image.channels * product(plane.outer.map(({ kernel }) => kernel));
  const shape = [rows.size, plane.columns.size, channels];
  const read =
    product(shape) === product(image.value.dims)
      ? importer.read(image.value, shape)
      : {
          index: importer.add(
            `${node.name}_slices`,
            { kind: 'reshape', copies: false },
            [importer.read(image.value)],
            shape,
          ),
          shape,
        };
  const operation: Conv = { kind: 'conv', ...geometryOf(rows, plane.columns), ...weights };
  const positions = window.map(({ outputs }) => outputs);
  const output = imageOutput(image, weights.filters, positions);
  return node.layer(operation, [read], output, [rows.outputs, plane.columns.outputs, weights.filters]);
}

/**
 * A convolution whose weights the network computes, such as the template of a tracker or the modulated filters of a generator. The values
 * under each window are one row. The rows of each group are multiplied by the weights of the group.
 */
function byComputedWeights(
  node: NodeReader,
  image: Image,
  weights: Activation,
  window: readonly Axis[],
  groups: number,
): Activation {
  const { importer } = node;
  const [filters = 1, channelsPerGroup = 1, ...kernel] = weights.dims;
  const positions = window.map(({ outputs }) => outputs);
  const places = image.samples * product(positions);
  const taken = channelsPerGroup * product(kernel);
  const of = (...dims: readonly number[]) => (groups === 1 ? dims : [groups, ...dims]);
  const rows = of(places, taken);
  const gathered = importer.add(
    `${node.name}_windows`,
    { kind: 'reshape', copies: true },
    [importer.read(image.value)],
    rows,
  );
  const matrix = importer.read(weights, of(filters / groups, taken));
  const output = imageOutput(image, filters, positions);
  const shape = of(places, filters / groups);
  const made = node.layer(
    { kind: 'matmul', transposed: true },
    [{ index: gathered, shape: rows }, matrix],
    output,
    shape,
  );
  return { ...made, moved: groups > 1 && places > 1 };
}

/** The sum with one number for each filter. If the network computes the numbers, they are a second operand. */
function withBias(node: NodeReader, value: Activation, bias: Value): Activation {
  const { importer } = node;
  const reads = [importer.read(value)];
  const [shape] = reads.map((read) => read.shape);
  const perFilter = shape?.map((_, axis) => (axis === shape.length - 1 ? product(bias.dims) : 1));
  if (bias.kind === 'activation' && perFilter !== undefined) reads.push(importer.read(withSpatial(bias, 0), perFilter));
  const operation = { kind: 'elementwise', operation: 'add' } as const;
  const source = importer.add(`${node.name}_bias`, operation, reads, shape ?? []);
  return { ...value, source, moved: false };
}

/** The number of values that each input position of a transposed convolution produces: kernel x filters. */
function spreadByWeights(node: NodeReader, image: Image, filters: number, groups: number): Read {
  const [rows, width] = planeShape(image);
  const shape = [rows, width, filters];
  const operation = pointwise(filters, groups, false);
  const read = node.importer.read(image.value, [rows, width, image.channels]);
  return { index: node.importer.add(`${node.name}_products`, operation, [read], shape), shape };
}

/** The same with weights that the network computes: a product of matrices for each group of channels. */
function spreadByComputedWeights(node: NodeReader, image: Image, weights: Activation, groups: number): Read {
  const { importer, name } = node;
  const channels = image.channels / groups;
  const positions = image.samples * product(image.positions);
  const of = (...dims: readonly number[]) => (groups === 1 ? dims : [groups, ...dims]);
  const rows = of(positions, channels);
  const grouped =
    groups === 1
      ? importer.read(image.value, rows)
      : {
          index: importer.add(`${name}_groups`, { kind: 'reshape', copies: true }, [importer.read(image.value)], rows),
          shape: rows,
        };
  const columns = product(weights.dims) / image.channels;
  const matrix = importer.read(withSpatial(weights, 0), of(channels, columns));
  const shape = of(positions, columns);
  return {
    index: importer.add(`${name}_products`, { kind: 'matmul', transposed: false }, [grouped, matrix], shape),
    shape,
  };
}

/**
 * Y = col2im(W X). A 1 x 1 convolution makes kernel x filters values at each input position, with exactly the multiplications and weights
 * of the operator. These values are added where they overlap, then the bias is added.
 */
function transposedConvolution(node: NodeReader): Outcome {
  const image = asImage(node.activation(0));
  const weights = node.input(1);
  if (typeof image === 'string') return image;
  if (weights === undefined) return 'its weights are missing';
  const groups = node.int('group', 1);
  const { channels, positions: sizes } = image;
  const [weightChannels = 0, filtersPerGroup = 0, ...kernel] = weights.dims;
  if (weightChannels !== channels || groups < 1 || channels % groups !== 0 || filtersPerGroup < 1) {
    return `weights of ${weights.dims.join(' x ')} do not fit an input of ${channels} channels`;
  }
  const contradiction = wrongKernel(node.ints('kernel_shape'), kernel);
  if (contradiction !== undefined) return contradiction;
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
  const read =
    weights.kind === 'constant'
      ? spreadByWeights(node, image, filters * product(kernel), groups)
      : spreadByComputedWeights(node, image, weights, groups);
  const bias = node.input(2);
  const output = imageOutput(image, filters, outputs);
  const sum = { kind: 'reshape', copies: true } as const;
  if (bias?.kind !== 'constant') {
    const sums = node.layer(sum, [read], output);
    return [bias === undefined ? sums : withBias(node, sums, bias)];
  }
  const shape = shapeOf({ ...image.value, ...output });
  const sums = node.importer.add(`${node.name}_sums`, sum, [read], shape);
  const perFilter = { ...image.value, dims: [1, filters, ...outputs.map(() => 1)], batchAxis: 0, moved: false };
  const table = parameterTable(node, { ...bias, dims: [filters] }, perFilter);
  return [node.layer({ kind: 'elementwise', operation: 'add' }, [{ index: sums, shape }, table], output)];
}

export const convolutionReaders: Readonly<Record<string, OperatorReader>> = {
  Conv: (node) => convolution(node, node.input(1), node.input(2)),
  ConvInteger: (node) => convolution(node, node.input(1), undefined),
  QLinearConv: (node) => inItsLayout(node, (seen) => convolution(seen, seen.input(3), seen.input(8))),
  ConvTranspose: transposedConvolution,
};

/**
 * NhwcConv and NhwcFusedConv of ONNX Runtime. The first has its weights as filters x H x W x channels if its optimizer for transformers wrote them
 * (fusion_nhwc_conv.py), otherwise both have them as filters x channels x H x W. The attribute kernel_shape shows which.
 */
export function channelsLastConvolution(node: NodeReader): Outcome {
  return inItsLayout(node, (seen) => {
    const weights = seen.input(1);
    const rank = weights?.dims.length ?? 0;
    const kernel = seen.ints('kernel_shape');
    const isFirst =
      kernel === undefined ? node.node.operator !== 'NhwcConv' : sameShape(weights?.dims.slice(2) ?? [], kernel);
    const order = [0, rank - 1, ...[...(weights?.dims ?? []).keys()].slice(1, -1)];
    return convolution(seen, weights && !isFirst && rank > 2 ? transposed(weights, order) : weights, seen.input(2));
  });
}
