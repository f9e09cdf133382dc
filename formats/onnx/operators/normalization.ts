import type { Normalization } from '../../../design/index.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, normalAxis, product, withSpatial } from '../value.ts';

/** A layer whose output has the shape of its input. */
export function samePlace(
  node: NodeReader,
  operation: Parameters<NodeReader['layer']>[0],
  value: Activation,
): Activation {
  const { dims, batchAxis, spatial } = value;
  return node.layer(operation, [node.importer.read(value)], { dims, batchAxis, spatial });
}

function normalize(node: NodeReader, normalization: Normalization['normalization']): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  return [samePlace(node, { kind: 'normalization', normalization, folded: false }, value)];
}

/**
 * Channels are on axis 1. If only this node reads the output of a convolution, network compilers merge scale and shift into the weights and
 * bias of the convolution. The layer stays in the list, so that a reader of the graph finds it, and costs nothing.
 */
function batchNormalization(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const rank = value.dims.length;
  const scale = node.input(1);
  const channels = value.dims[1] ?? value.dims[0] ?? 1;
  if (scale !== undefined && product(scale.dims) !== channels) {
    return `a scale of ${product(scale.dims)} values does not fit ${channels} channels`;
  }
  const image = rank > 2 ? withSpatial(value, rank - 2) : value;
  const folded = foldAffine(node, 0, true);
  const made = samePlace(node, { kind: 'normalization', normalization: 'batch', folded }, image);
  return [made];
}

/**
 * Whether a scale or a shift per channel can be merged into the layer that made input `side`. A shift needs the bias of that layer. A batch
 * normalization absorbs further scales and shifts.
 */
function foldAffine(node: NodeReader, side: number, shift: boolean): boolean {
  const draft = node.importer.soleProducer(node.node.inputs[side] ?? '', node.activation(side));
  if (draft === undefined) return false;
  const { operation } = draft;
  if (operation.kind === 'normalization' && operation.normalization === 'batch') {
    return true;
  }
  if (operation.kind !== 'conv' && operation.kind !== 'dense') return false;
  if (shift && !operation.bias) draft.operation = { ...operation, bias: true };
  return true;
}

/** Multiplies by or adds one constant per channel after a convolution or a batch normalization. */
export function mergeAffine(node: NodeReader): Outcome | undefined {
  const shift = node.node.operator === 'Add' || node.node.operator === 'Sub';
  for (const side of node.node.operator === 'Div' || node.node.operator === 'Sub' ? [0] : [0, 1]) {
    const value = node.activation(side);
    const other = node.input(1 - side);
    if (value === undefined || other?.kind !== 'constant' || value.spatial === 0) continue;
    const axis = value.dims.length - value.spatial - 1;
    const fromEnd = axis - value.dims.length;
    const perChannel = other.dims.every((size, index) => size === 1 || index - other.dims.length === fromEnd);
    if (!perChannel || product(other.dims) !== value.dims[axis]) continue;
    if (!foldAffine(node, side, shift)) continue;
    return [samePlace(node, { kind: 'normalization', normalization: 'batch', folded: true }, value)];
  }
  return undefined;
}

function softmax(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const axis = normalAxis(node.int('axis', node.opset >= 13 ? -1 : 1), value.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  // Images already have their channels last. If the softmax runs along another axis, the elements are moved first.
  const isChannel = value.spatial > 0 && axis === value.dims.length - value.spatial - 1;
  return [samePlace(node, { kind: 'softmax' }, isChannel ? value : withSpatial(value, 0))];
}

export const normalizationReaders: Readonly<Record<string, OperatorReader>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: (node) => normalize(node, 'group'),
  GroupNormalization: (node) => normalize(node, 'group'),
  LayerNormalization: (node) => normalize(node, 'layer'),
  MeanVarianceNormalization: (node) => normalize(node, 'group'),
  RMSNormalization: (node) => normalize(node, 'rms'),
  SimplifiedLayerNormalization: (node) => normalize(node, 'rms'),
  LpNormalization: (node) => normalize(node, 'rms'),
  LRN: (node) => normalize(node, 'local-response'),
  Softmax: softmax,
  LogSoftmax: softmax,
  Hardmax: softmax,
};
