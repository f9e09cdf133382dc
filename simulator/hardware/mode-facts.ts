import type { Mode, Model, Npu, OperatingMode, Packing, Precision } from '../../design/index.ts';
import { bytesPerElement } from '../../design/index.ts';

/** What a mode means for a model on a chip: formats, packing, and where its weights come from. */
export interface ModeFacts {
  readonly mode: Mode;
  readonly weightPrecision: Precision;
  /** What the multipliers work in: with weight-only quantization they stay in base precision. */
  readonly computePrecision: Precision;
  readonly packing: Packing;
  readonly activationBytes: number;
  readonly weightBytes: number;
  /** Biases and scales stay in base precision in every mode. */
  readonly otherParameterBytes: number;
  /** Of one weight in HBM, as this mode streams it. */
  readonly hbmWeightBytes: number;
  /** Whether what streams from HBM passes the quantization unit. */
  readonly quantizesStream: boolean;
  /** Whether resident base weights can be converted on the chip. */
  readonly converts: boolean;
  /** Activations' ranges are found while the model runs. */
  readonly rangesActivations: boolean;
  /** Multiplications per cycle of all arrays. */
  readonly peakMacsPerCycle: number;
}

/** null where the chip has no burst mode. */
export function modeFacts(npu: Npu, model: Model, mode: Mode): ModeFacts | null {
  const base = npu.base;
  const own: OperatingMode | null = mode === 'base' ? base : npu.burst;
  if (own === null) return null;
  const quantized = mode === 'burst' && own.precision !== base.precision;
  const computes = quantized && model.quantization === 'weight-only' ? base : own;
  const onChip = quantized && npu.quantizer.source === 'on-chip';
  const elements = npu.array.rows * npu.array.columns * npu.array.count;
  return {
    mode,
    weightPrecision: own.precision,
    computePrecision: computes.precision,
    packing: computes.packing,
    activationBytes: bytesPerElement[computes.precision],
    weightBytes: bytesPerElement[own.precision],
    otherParameterBytes: bytesPerElement[base.precision],
    hbmWeightBytes: bytesPerElement[onChip ? base.precision : own.precision],
    quantizesStream: onChip,
    converts: onChip,
    rangesActivations: quantized && model.quantization === 'dynamic',
    peakMacsPerCycle: computes.packing === 'none' ? elements : 2 * elements,
  };
}
