import { describe, expect, it } from 'vitest';
import { compile } from '../../language/index.ts';
import { costModel } from '../../simulator/index.ts';
import { fileUri, testHost } from '../language/host.ts';
import { count, libraryModel } from './count.ts';

/** `published` is held within half a per cent; each with where it is published. null: no such figure is. */
interface Published {
  readonly macs: number | null;
  readonly parameters: number | null;
  /** Parameters that one of the two counts has and the other has not; why stands in the library's file. */
  readonly apart?: number;
  readonly input: string;
  readonly accuracy: readonly [string, number, number | undefined];
}

const tables = [
  39884406, 39043, 17289, 7420, 20263, 3, 7120, 1543, 63, 38532951, 2953546, 403346, 10, 2208, 11938, 155, 4, 976, 14,
  39979771, 25641295, 39664984, 585935, 12972, 108, 36,
];

const networks: readonly (readonly [string, string, Published])[] = [
  // He et al., CVPR 2016, with v1.5's stride: 4.09 G and 25.56 M, as torchvision's table and the ONNX graph count them.
  [
    'resnet50',
    'ResNet50',
    { macs: 4.0892e9, parameters: 25.56e6, input: '224x224x3', accuracy: ['top-1', 0.76456, 0.76292] },
  ],
  // Howard et al., arXiv 1704.04861, table 4: 569 M and 4.2 M (4.23 M to three digits).
  [
    'mobilenet',
    'MobileNet',
    { macs: 0.569e9, parameters: 4.23e6, input: '224x224x3', accuracy: ['top-1', 0.71676, 0.70694] },
  ],
  // Reddi et al., ISCA 2020, table 1: 433 G operations. The reference's definition, module by module, without the batch
  // normalizations' second parameter: 19.97 M (its ONNX file of 80.4 MB holds default boxes too).
  [
    'ssd-resnet34',
    'SsdResNet34',
    { macs: 433e9 / 2, parameters: 19.97e6, input: '1200x1200x3', accuracy: ['mAP', 0.2, 0.20111] },
  ],
  // Reddi et al., ISCA 2020, table 1: 210 M.
  ['gnmt', 'Gnmt', { macs: null, parameters: 210e6, input: '25', accuracy: ['BLEU', 0.239, 0.237] }],
  // Devlin et al.'s checkpoint: 335.14 M, of which the pooler (1024 x 1024 + 1024) is not used here.
  [
    'bert',
    'BertLarge',
    { macs: null, parameters: 335.142e6, apart: -1049600, input: '384', accuracy: ['F1', 0.90874, 0.90376] },
  ],
  // The reference's perceptrons: 13-512-256-128 and 479-1024-1024-512-256-1; its tables, cut at 40 M rows.
  [
    'dlrm',
    'Dlrm',
    {
      macs: null,
      parameters: 2368897 + 128 * tables.reduce((sum, rows) => sum + rows, 0),
      input: '270x13',
      accuracy: ['AUC', 0.8025, 0.8017],
    },
  ],
  // No count is published: the reference's definition (rnnt.toml), layer by layer.
  ['rnn-t', 'RnnT', { macs: null, parameters: 45.32e6, input: '500x240', accuracy: ['1 - WER', 0.92548, 0.91623] }],
  // torchvision's table for vit_b_16: 17.56 G and 86 567 656.
  ['vit', 'ViT', { macs: 17.56e9, parameters: 86567656, input: '224x224x3', accuracy: ['top-1', 0.8454, 0.8425] }],
  // The released 124M checkpoint: 124 439 808, output projection and token table counted once.
  [
    'gpt2',
    'Gpt2Prefill',
    { macs: null, parameters: 124439808, apart: 50257 * 768, input: '512', accuracy: ['LAMBADA', 0.4599, undefined] },
  ],
  [
    'gpt2',
    'Gpt2Decode',
    // Kaplan et al., arXiv 2001.08361, section 2.1: N + layers x context x width multiply-accumulates a token, N without tables,
    // twice that for scores and context together; and the projection onto 50257 tokens.
    {
      macs: 12 * 12 * 768 ** 2 + 2 * 12 * 512 * 768 + 50257 * 768,
      parameters: 124439808,
      apart: 50257 * 768,
      input: '1',
      accuracy: ['LAMBADA', 0.4599, undefined],
    },
  ],
];

const near = (value: number, published: number) => expect(Math.abs(value / published - 1)).toBeLessThan(0.005);

describe.each(networks)('stimpack/%s: %s', (file, name, published) => {
  const model = libraryModel(file, name);
  const { macs, parameters } = count(model.layers);

  it('has the published multiply-accumulates and parameters, within 0.5 %', () => {
    if (published.macs !== null) near(macs, published.macs);
    if (published.parameters !== null) near(parameters - (published.apart ?? 0), published.parameters);
  });

  it('is counted by the simulator as here', () => {
    const { npus } = compile(fileUri('library/stimpack/tpuv4i.npu'), testHost()).design;
    const [chip] = npus;
    if (chip === undefined) throw new Error('no TPUv4i');
    const cost = costModel(chip, model, 'base', 1);
    expect([cost.macs, cost.parameters]).toEqual([macs, parameters]);
  });

  it('has its input and accuracies', () => {
    const [metric, bf16, int8] = published.accuracy;
    expect(model.inputShape.join('x')).toBe(published.input);
    const byPrecision = int8 === undefined ? { bf16 } : { bf16, int8 };
    expect(model.accuracy).toEqual({ metric, byPrecision });
  });
});

describe('shapes on the way', () => {
  const shapeOf = (file: string, name: string, layer: string) =>
    libraryModel(file, name)
      .layers.find((one) => one.name === layer)
      ?.outputShape.join('x');

  it('SSD’s heads see 50, 25, 13, 7, 3 and 3 places along each side, as the reference', () => {
    const sides = [1, 2, 3, 4, 5, 6].map((head) => shapeOf('ssd-resnet34', 'SsdResNet34', `class${head}`));
    expect(sides).toEqual(['50x50x324', '25x25x486', '13x13x486', '7x7x486', '3x3x324', '3x3x324']);
  });

  it('DLRM joins 351 products to 128 numbers', () => expect(shapeOf('dlrm', 'Dlrm', 'joined')).toBe('270x479'));
  it('GNMT’s decoder reads words and context', () => expect(shapeOf('gnmt', 'Gnmt', 'in3')).toBe('25x10x2048'));
  it('ViT adds a class to 196 patches', () => expect(shapeOf('vit', 'ViT', 'tokens')).toBe('197x768'));
});

it('stimpack/mlperf has the seven', () => {
  const { models } = compile(fileUri('library/stimpack/mlperf.npu'), testHost()).design;
  expect(models.map((one) => one.name).sort()).toEqual([
    'BertLarge',
    'Dlrm',
    'Gnmt',
    'MobileNet',
    'ResNet50',
    'RnnT',
    'SsdResNet34',
  ]);
});
