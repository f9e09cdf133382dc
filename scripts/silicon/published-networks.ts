import type { Model, Operation } from '../../design/index.ts';
import { type ListedLayer, networkOf } from './layer-list.ts';

/** Networks of published figures that are not in the library: parts of one, or one whose layers are our assumption. */
export function partialNetworks(library: readonly Model[]): readonly Model[] {
  const vgg16 = library.find(({ name }) => name === 'Vgg16');
  if (vgg16 === undefined) throw new Error('the library has no Vgg16');
  return [
    networkOf('AlexNetConvolutions', alexNet),
    networkOf('Vgg16Convolutions', convolutionsOf(vgg16)),
    inSequence(networkOf('Mlp0', mlp0)),
  ];
}

/** The same layers, each reading the one before it. */
function inSequence(model: Model): Model {
  return { ...model, layers: model.layers.map((layer, i) => ({ ...layer, inputs: [i - 1] })) };
}

/** The convolutions of a network, each with a separate input. */
function convolutionsOf({ layers }: Model): readonly ListedLayer[] {
  return layers.flatMap(({ name, operation, inputShapes, outputShape }) => {
    const [input] = inputShapes;
    return operation.kind === 'conv' && input !== undefined ? [{ name, operation, input, output: outputShape }] : [];
  });
}

/** Jouppi et al., ISCA 2017, table 1: five dense layers with 20 million weights. Our assumption: all of the same size. */
const mlp0: readonly ListedLayer[] = Array.from({ length: 5 }, () => ({
  name: 'dense',
  operation: { kind: 'dense', outputs: 2000, bias: true },
  input: [2000],
  output: [2000],
}));

/** Krizhevsky et al., NIPS 2012, in two groups as published. */
const alexNet: readonly ListedLayer[] = [
  convolution({ side: 227, channels: 3, kernel: 11, filters: 96, stride: 4, padding: 0, groups: 1 }),
  convolution({ side: 27, channels: 96, kernel: 5, filters: 256, stride: 1, padding: 2, groups: 2 }),
  convolution({ side: 13, channels: 256, kernel: 3, filters: 384, stride: 1, padding: 1, groups: 1 }),
  convolution({ side: 13, channels: 384, kernel: 3, filters: 384, stride: 1, padding: 1, groups: 2 }),
  convolution({ side: 13, channels: 384, kernel: 3, filters: 256, stride: 1, padding: 1, groups: 2 }),
];

interface SquareConvolution {
  readonly side: number;
  readonly channels: number;
  readonly kernel: number;
  readonly filters: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}
function convolution({ side, channels, kernel, filters, stride, padding, groups }: SquareConvolution): ListedLayer {
  const output = Math.floor((side + 2 * padding - kernel) / stride) + 1;
  const operation: Operation = {
    kind: 'conv',
    kernel: { height: kernel, width: kernel },
    stride: { height: stride, width: stride },
    padding: { top: padding, bottom: padding, left: padding, right: padding },
    dilation: { height: 1, width: 1 },
    filters,
    groups,
    bias: true,
  };
  return { name: 'conv', operation, input: [side, side, channels], output: [output, output, filters] };
}
