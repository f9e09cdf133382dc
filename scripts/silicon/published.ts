import type { Model, Npu, Operation } from '../../design/index.ts';
import { costModel } from '../../simulator/index.ts';
import { type ListedLayer, networkOf } from './layer-list.ts';

/** A figure that a vendor or a paper publishes, beside ours. Not a measurement of ours, and not part of the tables of a folder. */
export interface PublishedRow {
  readonly name: string;
  readonly published: number;
  readonly ours: number;
  readonly unit: string;
  /** Traffic of the off-chip memory in bytes. */
  readonly offChipBytes: number;
}

/**
 * NVDLA's configurations (nvdla.org, primer): int8 at 1 GHz, ResNet-50. The primer states the number of MACs. Their division into channels and
 * kernels is our assumption, after the configurations in NVDLA's repository: at most 64 channels, and at least as many channels as kernels.
 */
const nvdlaRows = [
  { channels: 64, kernels: 32, bufferKib: 512, gigabytesPerSecond: 20, framesPerSecond: 269 },
  { channels: 32, kernels: 32, bufferKib: 256, gigabytesPerSecond: 15, framesPerSecond: 153 },
  { channels: 32, kernels: 16, bufferKib: 256, gigabytesPerSecond: 10, framesPerSecond: 93 },
  { channels: 32, kernels: 8, bufferKib: 256, gigabytesPerSecond: 5, framesPerSecond: 46 },
  { channels: 16, kernels: 8, bufferKib: 256, gigabytesPerSecond: 2, framesPerSecond: 20 },
  { channels: 8, kernels: 8, bufferKib: 128, gigabytesPerSecond: 1, framesPerSecond: 7.3 },
  { channels: 8, kernels: 4, bufferKib: 128, gigabytesPerSecond: 0.5, framesPerSecond: 3.6 },
] as const;

/** The fraction of the DRAM's peak that NVDLA reaches: one value for all rows, with the smallest largest error. No row is left to judge it. */
const nvdlaEfficiency = 0.58;

/** `base` gives what the rows do not state, and nothing of it limits the time. */
export function nvdlaFigures(base: Npu, resnet50: Model): readonly PublishedRow[] {
  return nvdlaRows.map(({ channels, kernels, bufferKib, gigabytesPerSecond, framesPerSecond }) => {
    const npu: Npu = {
      ...base,
      clockHertz: 1e9,
      array: { rows: channels, columns: kernels, count: 1, dataflow: 'weight-stationary', preload: 'hidden' },
      // Our assumption: the post-processor keeps pace with the array, and the buffer feeds it.
      vectorUnit: { operationsPerCycle: 16 * kernels },
      vmem: { capacityBytes: bufferKib * 1024, bandwidthBytesPerSecond: 1e15 },
      cmem: null,
      hbm: { capacityBytes: 4e9, bandwidthBytesPerSecond: gigabytesPerSecond * 1e9, efficiency: nvdlaEfficiency },
      base: { precision: 'int8', packing: 'none' },
    };
    const cost = costModel(npu, resnet50, 'base', 1);
    return {
      name: `NVDLA, ${channels * kernels} MACs, ${bufferKib} KiB, ${gigabytesPerSecond} GB/s: ResNet-50`,
      published: framesPerSecond,
      ours: 1 / cost.seconds,
      unit: 'frames/s',
      offChipBytes: sumOf(cost.layers.map((layer) => layer.hbmBytes)),
    };
  });
}

/** Chen et al., JSSC 2017, table V: processing time of AlexNet's convolutions at batch 4, in milliseconds. */
const eyerissMilliseconds = 103.5;

export function eyerissFigure(npu: Npu): PublishedRow {
  const cost = costModel(npu, networkOf('AlexNetConvolutions', alexNet), 'base', 4);
  return {
    name: 'Eyeriss: AlexNet, convolutions, batch 4',
    published: eyerissMilliseconds,
    ours: cost.seconds * 1e3,
    unit: 'ms',
    offChipBytes: sumOf(cost.layers.map((layer) => layer.hbmBytes)),
  };
}

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

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
