import type { OperatorReader } from '../node-reader.ts';
import { attentionReaders, microsoftAttentionReaders } from './attention.ts';
import { readIf } from './branches.ts';
import { convolutionReaders } from './convolution.ts';
import { einsumReaders } from './einsum.ts';
import { fusedReaders } from './fused.ts';
import { gemmReaders, microsoftGemmReaders } from './gemm.ts';
import { linearReaders } from './linear.ts';
import { readLoop, readScan } from './loops.ts';
import { mixtureReaders } from './mixture.ts';
import { movementReaders } from './movement.ts';
import { normalizationReaders } from './normalization.ts';
import { pointwiseReaders } from './pointwise.ts';
import { poolingReaders } from './pooling.ts';
import { quantizedReaders } from './quantized.ts';
import { microsoftRecurrentReaders, recurrentReaders } from './recurrent.ts';
import { microsoftRotaryReaders, rotaryReaders } from './rotary.ts';
import { samplingReaders } from './sampling.ts';
import { microsoftSelectionReaders, orStated, selectionReaders } from './selection.ts';
import { sequenceReaders } from './sequences.ts';
import { spectralReaders } from './spectral.ts';

export { viewReaders } from './movement.ts';
export { combine } from './pointwise.ts';

/** All operators that the importer supports. A Map, because a file may name an operator "constructor". */
const understood: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(attentionReaders),
  ...Object.entries(convolutionReaders),
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
]);

/** Operators whose output shape may be computed by the network itself. */
const shapedByInputs = ['CenterCropPad', 'Col2Im', 'Expand', 'OneHot', 'Pad', 'Reshape', 'Resize', 'Tile', 'Upsample'];

const standard: ReadonlyMap<string, OperatorReader> = new Map(
  [...understood].map(([operator, reader]) => [
    operator,
    shapedByInputs.includes(operator) ? orStated(reader) : reader,
  ]),
);

/** Operators of ONNX Runtime that ONNX does not have, or that have another meaning there. */
const microsoft: ReadonlyMap<string, OperatorReader> = new Map([
  ...Object.entries(fusedReaders),
  ...Object.entries(microsoftGemmReaders),
  ...Object.entries(mixtureReaders),
  ...Object.entries(quantizedReaders),
  ...Object.entries(microsoftAttentionReaders),
  ...Object.entries(microsoftRecurrentReaders),
  ...Object.entries(microsoftRotaryReaders),
  ...Object.entries(microsoftSelectionReaders),
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
