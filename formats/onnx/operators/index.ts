import { channelsLastDomain } from '../channels-last.ts';
import type { OperatorReader } from '../node-reader.ts';
import { attentionReaders, microsoftAttentionReaders } from './attention.ts';
import { blockedReaders } from './blocked.ts';
import { readIf } from './branches.ts';
import { convolutionReaders } from './convolution.ts';
import { determinantReaders } from './determinant.ts';
import { einsumReaders } from './einsum.ts';
import { fusedReaders } from './fused.ts';
import { gemmReaders, microsoftGemmReaders } from './gemm.ts';
import { eachInItsLayout } from './layouts.ts';
import { learningReaders } from './learning.ts';
import { linearReaders } from './linear.ts';
import { longformerReaders } from './longformer.ts';
import { readLoop, readScan } from './loops.ts';
import { mixtureReaders } from './mixture.ts';
import { movementReaders } from './movement.ts';
import { normalizationReaders } from './normalization.ts';
import { pointwiseReaders } from './pointwise.ts';
import { poolingReaders } from './pooling.ts';
import { quantizedReaders } from './quantized.ts';
import { microsoftRecurrentReaders, recurrentReaders } from './recurrent.ts';
import { relativeBiasReaders } from './relative-bias.ts';
import { microsoftRotaryReaders, rotaryReaders } from './rotary.ts';
import { mmcvReaders, samplingReaders } from './sampling.ts';
import { microsoftSelectionReaders, orStated, selectionReaders } from './selection.ts';
import { sequenceReaders } from './sequences.ts';
import { spectralReaders } from './spectral.ts';
import { microsoftStateAttentionReaders, stateAttentionReaders } from './state-attention.ts';

export { viewReaders } from './movement.ts';
export { combine } from './pointwise.ts';

/** All operators that the importer supports. A Map, because a file may name an operator "constructor". */
const understood: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(attentionReaders),
  ...Object.entries(convolutionReaders),
  ...Object.entries(determinantReaders),
  ...Object.entries(einsumReaders),
  ...Object.entries(gemmReaders),
  ...Object.entries(linearReaders),
  ...Object.entries(movementReaders),
  ...Object.entries(normalizationReaders),
  ...Object.entries(pointwiseReaders),
  ...Object.entries(poolingReaders),
  ...Object.entries(recurrentReaders),
  ...Object.entries(rotaryReaders),
  ...Object.entries(samplingReaders),
  ...Object.entries(selectionReaders),
  ...Object.entries(spectralReaders),
  ...Object.entries(stateAttentionReaders),
]);

/** Operators whose output shape may be computed by the network itself. */
const shapedByInputs: ReadonlySet<string> = new Set([
  ...['CenterCropPad', 'Col2Im', 'Expand', 'OneHot', 'Pad', 'Reshape', 'Resize', 'Tile', 'Upsample', 'Unsqueeze'],
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceLogSum'],
  ...['ReduceLogSumExp', 'ReduceSumSquare'],
]);

const standard: ReadonlyMap<string, OperatorReader> = new Map(
  [...understood].map(([operator, reader]) => [operator, shapedByInputs.has(operator) ? orStated(reader) : reader]),
);

/** Operators of ONNX Runtime that ONNX does not have, or that have another meaning there. */
const microsoft: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(fusedReaders),
  ...Object.entries(microsoftGemmReaders),
  ...Object.entries(longformerReaders),
  ...Object.entries(mixtureReaders),
  ...Object.entries(quantizedReaders),
  ...Object.entries(microsoftAttentionReaders),
  ...Object.entries(microsoftRecurrentReaders),
  ...Object.entries(microsoftRotaryReaders),
  ...Object.entries(microsoftSelectionReaders),
  ...Object.entries(microsoftStateAttentionReaders),
  ...Object.entries(relativeBiasReaders),
]);

/** Operators that depend on the layout of their image. In the domain with channels last they have the names and the weights of ONNX. */
const overImages = [
  ...['Conv', 'ConvInteger', 'ConvTranspose', 'QLinearConv', 'MaxPool', 'AveragePool', 'LpPool', 'GlobalAveragePool'],
  ...['GlobalMaxPool', 'GlobalLpPool', 'BatchNormalization', 'InstanceNormalization', 'LRN', 'DepthToSpace'],
  ...['SpaceToDepth', 'GridSample'],
];

const mmcv: ReadonlyMap<string, OperatorReader> = new Map(Object.entries(mmcvReaders));

const learning: ReadonlyMap<string, OperatorReader> = new Map(Object.entries(learningReaders));

const channelsLast: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(eachInItsLayout(Object.fromEntries([...standard].filter(([name]) => overImages.includes(name))))),
  ...Object.entries(fusedReaders).filter(([name]) => name === 'FusedConv'),
]);

/** The same with channels in blocks. */
const blocked: ReadonlyMap<string, OperatorReader> = new Map([
  ...[...standard].filter(([name]) => /^(Max|Average|GlobalMax|GlobalAverage)Pool$|^Upsample$/.test(name)),
  ...Object.entries(blockedReaders),
]);

/**
 * The reader of an operator. Undefined if it is not supported. Exporters also write fused operators without their domain. The readers for
 * other domains have names that ONNX does not use otherwise.
 */
export function readerOf(domain: string, operator: string): OperatorReader | undefined {
  switch (domain) {
    case '':
      return standard.get(operator) ?? microsoft.get(operator);
    case 'com.microsoft':
      return microsoft.get(operator) ?? standard.get(operator);
    case 'mmcv':
    case 'mmdeploy':
      return mmcv.get(operator);
    case 'ai.onnx.ml':
      return learning.get(operator);
    case channelsLastDomain:
      return channelsLast.get(operator);
    case 'com.microsoft.nchwc':
      return blocked.get(operator);
    case 'ai.onnx.contrib':
      return standard.get(operator);
    default:
      return undefined;
  }
}

/** Operators with bodies, and sequence operators. They are read even if their inputs are constant. */
export const controlReaders: ReadonlyMap<string, OperatorReader> = new Map([
  ['If', readIf],
  ['Loop', readLoop],
  ['Scan', readScan],
  ...sequenceReaders,
]);
