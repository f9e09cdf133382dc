import { hasChannelsLast } from '../channels-last.ts';
import type { NodeReader } from '../node-reader.ts';
import { elementwiseOperators, unaryOperators } from '../operators/pointwise.ts';
import type { Value } from '../value.ts';
import {
  allButFirst,
  alongAxis,
  axisIn,
  changed,
  concatenated,
  expanded,
  firstAxis,
  fromAxis,
  gathered,
  gatheredPlaces,
  keeping,
  lastAxis,
  lastTwo,
  noAxis,
  oneHotSamples,
  positions,
  reducedSamples,
  slicedAxes,
  softmaxAxes,
  type Touched,
  tiled,
  transposedSamples,
  viewed,
} from './moves.ts';
import { aligned } from './operands.ts';
import { convolutionSamples, einsumSamples, packedSamples, productSamples, recurrentSamples } from './products.ts';
import type { Samples } from './sample-axis.ts';

/** Where the samples are in the outputs of a node. One entry: the same for all outputs. */
export type SampleRule = (node: NodeReader, outputs: readonly (Value | undefined)[]) => Samples | readonly Samples[];

const each = (rule: SampleRule, ...operators: readonly string[]): (readonly [string, SampleRule])[] =>
  operators.map((operator) => [operator, rule]);

const keeps = (touched: Touched, ...operators: readonly string[]) =>
  each((node, [output]) => keeping(node, output, touched), ...operators);

const allInputs = (node: NodeReader) => [...node.node.inputs.keys()];
const channelAxis = (node: NodeReader) => (hasChannelsLast(node.node) ? (node.input(0)?.dims.length ?? 2) - 1 : 1);
const flips = (node: NodeReader, left: string, right: string): [boolean, boolean] => [
  node.int(left, 0) !== 0,
  node.int(right, 0) !== 0,
];
const gemm: SampleRule = (node) => productSamples(node, 0, 1, flips(node, 'transA', 'transB'), 2);
const fusedProduct: SampleRule = (node) =>
  node.int('transBatchA', 0) + node.int('transBatchB', 0) > 0
    ? 'lost'
    : productSamples(node, 0, 1, flips(node, 'transA', 'transB'));
const convolution =
  (filters: number): SampleRule =>
  (node) =>
    convolutionSamples(node, filters, channelAxis(node));

/**
 * The rules of all operators whose samples the importer can follow (the specification of each operator). An operator without a rule may
 * combine samples.
 */
export const sampleRules: ReadonlyMap<string, SampleRule> = new Map<string, SampleRule>([
  ...each(
    (node) => aligned(node, allInputs(node)),
    ...elementwiseOperators,
    ...['PRelu', 'BiasGelu', 'BiasAdd', 'FastGelu'],
  ),
  ...keeps(
    noAxis,
    ...unaryOperators,
    ...['Identity', 'Dropout', 'Cast', 'CastLike', 'QuantizeLinear', 'DequantizeLinear'],
    ...['QLinearSigmoid', 'QLinearLeakyRelu', 'RandomNormalLike', 'RandomUniformLike'],
  ),
  ...each((node) => [keeping(node, undefined, noAxis), undefined, undefined], 'DynamicQuantizeLinear'),
  ...each((node) => aligned(node, [0, 3]), 'QLinearAdd', 'QLinearMul'),
  ...each((node) => aligned(node, [0, 1, 4]), 'QLinearWhere'),
  ...each(convolution(1), 'Conv', 'ConvInteger', 'ConvTranspose', 'FusedConv', 'NhwcConv', 'NhwcFusedConv'),
  ...each(convolution(3), 'QLinearConv'),
  ...keeps(
    (node, input) => [...input.dims.keys()].filter((axis) => axis > 0 && axis !== channelAxis(node)),
    ...['MaxPool', 'AveragePool', 'LpPool', 'GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool', 'NhwcMaxPool'],
    ...['QLinearAveragePool', 'QLinearGlobalAveragePool'],
  ),
  ...keeps(positions, 'InstanceNormalization'),
  ...each((node) => [keeping(node, undefined, (reader) => [channelAxis(reader)])], 'BatchNormalization'),
  ...keeps(allButFirst, 'GroupNormalization', 'LRN', 'GroupNorm', 'SkipGroupNorm', 'DepthToSpace', 'SpaceToDepth'),
  ...keeps(allButFirst, 'GridSample', 'DeformConv', 'MMCVDeformConv2d', 'MMCVModulatedDeformConv2d', 'MaxUnpool'),
  ...keeps(allButFirst, 'ReorderInput', 'ReorderOutput'),
  ...keeps(allButFirst, 'Col2Im', 'RotaryEmbedding', 'CausalConvWithState', 'BiasSplitGelu', 'STFT'),
  ...keeps(lastAxis, 'Normalizer', 'Scaler', 'Imputer', 'LinearClassifier', 'LinearRegressor', 'MoE', 'QMoE'),
  ...keeps(joinedAxes, 'LayerNormalization'),
  ...keeps(fromAxis(-1), 'RMSNormalization', 'SimplifiedLayerNormalization'),
  ...keeps(lastAxis, 'SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'),
  ...keeps((node) => node.ints('axes') ?? [0, 2, 3], 'MeanVarianceNormalization'),
  ...keeps(axisIn('axis', -1), 'LpNormalization', 'TopK', 'QLinearSoftmax'),
  ...keeps(softmaxAxes, 'Softmax', 'LogSoftmax', 'Hardmax'),
  ...keeps(lastTwo, 'Det', 'Trilu'),
  ...keeps(
    (node, { dims }) => node.known(1)?.map((axis) => (axis < 0 ? axis + dims.length : axis)) ?? [...dims.keys()],
    'CumSum',
  ),
  ...keeps(
    (node, { dims }) => [node.opset >= 20 ? (node.known(2)?.[0] ?? -2) + dims.length : node.int('axis', 1)],
    'DFT',
  ),
  ...keeps(changed, 'Pad', 'Resize', 'Upsample', 'CenterCropPad'),
  ...keeps(
    (node, { dims }) => (node.node.outputs.length > 1 ? [(node.int('axis', 0) + dims.length) % dims.length] : []),
    'Split',
  ),
  ...keeps(slicedAxes, 'Slice'),
  ...keeps(axisIn('time_axis', 0), 'ReverseSequence'),
  ...each((node) => productSamples(node, 0, 1), 'MatMul', 'MatMulInteger', 'MatMulInteger16', 'MatMulIntegerToFloat'),
  ...each((node) => productSamples(node, 0, 1), 'DynamicQuantizeMatMul', 'GemmFastGelu'),
  ...each((node) => productSamples(node, 0, 3), 'QLinearMatMul'),
  ...each((node) => productSamples(node, 0, 3, flips(node, 'transA', 'transB')), 'QGemm'),
  ...each(packedSamples, 'MatMulNBits', 'MatMulBnb4', 'MatMulFpQ4'),
  ...each(gemm, 'Gemm', 'FusedGemm', 'GemmFloat8'),
  ...each(fusedProduct, 'FusedMatMul', 'TransposeMatMul', 'FusedMatMulActivation'),
  ...each(einsumSamples, 'Einsum'),
  ...each(recurrentSamples, 'LSTM', 'GRU', 'RNN', 'DynamicQuantizeLSTM'),
  ...each(
    firstAxis,
    ...['Attention', 'MultiHeadAttention', 'QAttention', 'GroupQueryAttention', 'DecoderMaskedMultiHeadAttention'],
    ...['DecoderMaskedSelfAttention', 'SparseAttention', 'LongformerAttention', 'LinearAttention'],
    ...['EmbedLayerNormalization', 'QEmbedLayerNormalization', 'GatedRelativePositionBias', 'BiasSoftmax'],
  ),
  // All tokens of a packed attention attend to each other.
  ...each(() => 'combined', 'PackedAttention', 'PackedMultiHeadAttention'),
  ...each((node, [output]) => viewed(node, output), 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'),
  ...each(transposedSamples, 'Transpose'),
  ...each(
    (node, [output]) => reducedSamples(node, output),
    ...['ReduceMean', 'ReduceSum', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceLogSumExp'],
    ...['ReduceProd', 'ReduceMax', 'ReduceMin', 'ArgMax', 'ArgMin', 'QLinearReduceMean'],
  ),
  ...each((node) => concatenated(node, allInputs(node)), 'Concat'),
  ...each(
    (node) =>
      concatenated(
        node,
        allInputs(node).filter((place) => place >= 2 && place % 3 === 2),
      ),
    'QLinearConcat',
  ),
  ...each(gathered, 'Gather', 'GatherBlockQuantized'),
  ...each(alongAxis, 'GatherElements', 'ScatterElements', 'Scatter'),
  ...each(gatheredPlaces, 'GatherND'),
  ...each(oneHotSamples, 'OneHot'),
  ...each((node, [output]) => tiled(node, output), 'Tile'),
  ...each((node, [output]) => expanded(node, output), 'Expand'),
]);

/** LayerNormalization works along all axes from `axis`. One that joins several nodes of the file has the axes of their ReduceMean. */
function joinedAxes(node: NodeReader, input: Value, output: Value | undefined): readonly number[] {
  const rank = input.dims.length;
  const axes = node.ints('axes') ?? node.known(3);
  return axes?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? fromAxis(-1)(node, input, output);
}
