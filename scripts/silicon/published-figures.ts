/** A figure that a vendor, a paper or a benchmark publishes about a chip of the library. */
export interface PublishedFigure {
  /** The file of the library with the chip, and the chip in it. */
  readonly file: string;
  readonly chip: string;
  /** A network of `networkFiles`, or of `published-networks.ts`. */
  readonly network: string;
  readonly batch: number;
  readonly mode: 'base' | 'burst';
  readonly published: number;
  readonly unit: PublishedUnit;
}

/** `ms`: of a batch. `images/s`: of one chip. `Mcycles`: millions of cycles of a batch. `TOPS`: two operations for each multiply-accumulate. */
export type PublishedUnit = 'ms' | 'images/s' | 'Mcycles' | 'TOPS';

/** The files of the library that declare the networks below. */
export const networkFiles = ['resnet50', 'mobilenet', 'ssd-resnet34', 'image-networks'] as const;

/** NVDLA's primer (nvdla.org): ResNet-50 in int8 at 1 GHz. Estimates of its makers. */
const nvdla = [
  ['NvdlaLarge', 269],
  ['Nvdla1024', 153],
  ['Nvdla512', 93],
  ['Nvdla256', 46],
  ['Nvdla128', 20],
  ['NvdlaSmall', 7.3],
  ['Nvdla32', 3.6],
] as const;

/** Coral's benchmarks (coral.ai): milliseconds over USB. */
const edgeTpu = [
  ['MobileNet', 2.4],
  ['MobileNetV2', 2.6],
  ['InceptionV1', 3.4],
  ['InceptionV4', 85],
  ['ResNet50At299', 49],
  ['ResNet152', 128],
  ['DenseNet121', 20],
  ['Vgg16', 296],
  ['Vgg19', 308],
  ['SqueezeNet', 2.1],
] as const;

/** NVIDIA/Deep-Learning-Accelerator-SW, README, dense: images per second of both engines. */
const orinDla = [
  ['OrinDla', 'ResNet50', 2, 2037],
  ['OrinDla15W', 'ResNet50', 2, 1072],
  ['OrinDla', 'SsdResNet34', 1, 83],
  ['OrinDla15W', 'SsdResNet34', 1, 36],
] as const;

export const publishedFigures: readonly PublishedFigure[] = [
  ...nvdla.map(([chip, published]) => figure('nvdla', chip, 'ResNet50', published, 'images/s')),
  // Chen et al., JSSC 2017, tables V and VI: processing time of the convolutions.
  { ...figure('eyeriss', 'Eyeriss', 'AlexNetConvolutions', 103.5, 'ms'), batch: 4 },
  { ...figure('eyeriss', 'Eyeriss', 'Vgg16Convolutions', 3755.2, 'ms'), batch: 3 },
  ...edgeTpu.map(([network, published]) => figure('edge-tpu', 'EdgeTpu', network, published, 'ms')),
  ...orinDla.map(([chip, network, batch, both]) => ({
    ...figure('orin-dla', chip, network, both / 2, 'images/s'),
    batch,
  })),
  // pytorch/executorch, pull request 9830: Arm's model of the chip, 128 MACs, all data in SRAM.
  figure('ethos-u55', 'EthosU55', 'MobileNetV2', 5.5, 'Mcycles'),
  // Jouppi et al., ISCA 2017, table 3, from memory.
  { ...figure('tpuv1', 'TPUv1', 'Mlp0', 12.3, 'TOPS'), batch: 200 },
  // MLPerf Inference v0.5, closed/NVIDIA/results/T4x8, offline: 44,977.8 samples per second of eight chips. The batch is our assumption.
  { ...figure('t4', 'T4Like', 'ResNet50', 44977.8 / 8, 'images/s'), batch: 128, mode: 'burst' },
];

function figure(file: string, chip: string, network: string, published: number, unit: PublishedUnit): PublishedFigure {
  return { file, chip, network, batch: 1, mode: 'base', published, unit };
}
