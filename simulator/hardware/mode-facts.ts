import type { Mode, Model, Npu, OperatingMode, Packing, Precision } from '../../design/index.ts';
import { bytesPerElement } from '../../design/index.ts';

/** The properties of a mode for a model on a chip: formats, packing, and the source of the weights. */
export interface ModeFacts {
  readonly mode: Mode;
  readonly weightPrecision: Precision;
  /** The precision of the multipliers. With weight-only quantization it is the base precision. */
  readonly computePrecision: Precision;
  readonly packing: Packing;
  readonly activationBytes: number;
  readonly weightBytes: number;
  /** Biases and scales stay in base precision in every mode. */
  readonly otherParameterBytes: number;
  /** Bytes of one weight in the format that stays in the large scratchpad between requests in base mode. */
  readonly storedWeightBytes: number;
  /** Whether the chip can convert resident base weights. */
  readonly converts: boolean;
  /** Whether the ranges of activations are found at run time. */
  readonly rangesActivations: boolean;
  /** Multiplications per cycle of all arrays together. */
  readonly peakMacsPerCycle: number;
}

/** null if the chip has no burst mode. */
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
    storedWeightBytes: bytesPerElement[base.precision],
    converts: onChip,
    rangesActivations: quantized && model.quantization === 'dynamic',
    peakMacsPerCycle: computes.packing === 'none' ? elements : 2 * elements,
  };
}
