import type { Npu } from '../../design/index.ts';
import type { TableName } from './compared-row.ts';
import { peakMacsPerSecond } from './layer-list.ts';

/** A chip of the library, and what it was compared with. */
export interface StatedChip {
  readonly file: string;
  readonly chip: string;
  /** Published peak in operations per second, two for each multiply-accumulate. null if the source gives none. */
  readonly peak: number | null;
  /** Published peak in burst mode, if the chip has one. */
  readonly burstPeak?: number;
  /** Measured tables of this page. Published figures are found by the name of the chip. */
  readonly tables?: readonly TableName[];
}

export interface ComparedChip extends StatedChip {
  readonly npu: Npu;
}

/** The sources of the peaks are in the files of the library. */
export const statedChips: readonly StatedChip[] = [
  { file: 'tpuv1', chip: 'TPUv1', peak: 92e12 },
  { file: 'tpuv2', chip: 'TPUv2', peak: 46e12 },
  { file: 'tpuv3', chip: 'TPUv3', peak: 123e12 },
  { file: 'tpuv4', chip: 'TPUv4', peak: 275e12 },
  { file: 'tpuv4i', chip: 'TPUv4i', peak: 138e12 },
  { file: 'tpuv5e', chip: 'TPUv5e', peak: 197e12, burstPeak: 394e12 },
  {
    file: 'tpuv6e',
    chip: 'TPUv6e',
    peak: 918e12,
    tables: ['v6e-block', 'v6e-attention-decode', 'v6e-attention-prefill'],
  },
  { file: 'edge-tpu', chip: 'EdgeTpu', peak: 4e12 },
  { file: 'nvdla', chip: 'NvdlaLarge', peak: null },
  { file: 'nvdla', chip: 'NvdlaSmall', peak: null },
  { file: 'orin-dla', chip: 'OrinDla', peak: 26.25e12 },
  { file: 'ethos-u55', chip: 'EthosU55', peak: null },
  { file: 'eyeriss', chip: 'Eyeriss', peak: 67.2e9 },
  { file: 'gemmini', chip: 'GemminiFireSim', peak: null, tables: ['gemmini-firesim'] },
  { file: 't4', chip: 'T4Like', peak: 65e12, burstPeak: 130e12 },
];

/** Peak operations per second of the arrays. Packing doubles them. */
export function peakOperations(npu: Npu, mode: 'base' | 'burst'): number {
  const packing = (mode === 'base' ? npu.base : npu.burst)?.packing ?? 'none';
  return 2 * peakMacsPerSecond(npu) * (packing === 'none' ? 1 : 2);
}
