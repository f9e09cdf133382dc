import { describe, expect, it } from 'vitest';
import { compile } from '../../language/index.ts';
import { costModel } from '../../simulator/index.ts';
import { fileUri, testHost } from '../language/host.ts';
import { count, libraryModel } from './count.ts';
import { bert, type Counts, dlrm, gnmt, gpt2, rnnT, ssdResNet34 } from './references.ts';

/**
 * Compared within 0.5 %: with the published figure and its source, or with the counts of the reference implementation, from its own
 * configuration in references.ts.
 */
interface Published extends Counts {
  readonly input: string;
  readonly accuracy: readonly [string, number, number | undefined];
}

const networks: readonly (readonly [string, string, Published])[] = [
  // torchvision's page for resnet50 (v1.5): 4.09 GFLOPS, as it calls multiply-accumulates, and 25557032.
  [
    'resnet50',
    'ResNet50',
    { macs: 4.09e9, parameters: 25557032, input: '224x224x3', accuracy: ['top-1', 0.76456, 0.76292] },
  ],
  // Howard et al., arXiv 1704.04861, table 4: 569 M and 4.2 M (4.23 M to three digits).
  [
    'mobilenet',
    'MobileNet',
    { macs: 0.569e9, parameters: 4.23e6, input: '224x224x3', accuracy: ['top-1', 0.71676, 0.70694] },
  ],
  // Reddi et al., ISCA 2020, table 1: 433 G operations. The reference does not have its 36.3 M parameters.
  [
    'ssd-resnet34',
    'SsdResNet34',
    { macs: 433e9 / 2, parameters: ssdResNet34().parameters, input: '1200x1200x3', accuracy: ['mAP', 0.2, 0.20111] },
  ],
  // Reddi et al., ISCA 2020, table 1: 210 M.
  ['gnmt', 'Gnmt', { macs: gnmt().macs, parameters: 210e6, input: '25', accuracy: ['BLEU', 0.239, 0.237] }],
  ['bert', 'BertLarge', { ...bert(), input: '384', accuracy: ['F1', 0.90874, 0.90067] }],
  ['dlrm', 'Dlrm', { ...dlrm(), input: '270x13', accuracy: ['AUC', 0.8025, 0.8017] }],
  ['rnn-t', 'RnnT', { ...rnnT(), input: '500x240', accuracy: ['1 - WER', 0.92548, 0.91623] }],
  // torchvision's page for vit_b_16: 17.56 GFLOPS and 86567656.
  ['vit', 'ViT', { macs: 17.56e9, parameters: 86567656, input: '224x224x3', accuracy: ['top-1', 0.8454, 0.8425] }],
  ['gpt2', 'Gpt2Prefill', { ...gpt2(512, 512), input: '512', accuracy: ['LAMBADA', 0.4599, undefined] }],
  ['gpt2', 'Gpt2Decode', { ...gpt2(1, 512), input: '1', accuracy: ['LAMBADA', 0.4599, undefined] }],
];

const near = (value: number, published: number) => expect(Math.abs(value / published - 1)).toBeLessThan(0.005);

describe.each(networks)('stimpack/%s: %s', (file, name, published) => {
  const model = libraryModel(file, name);
  const { macs, parameters } = count(model.layers);

  it('has the published multiply-accumulates and parameters, within 0.5 %', () => {
    near(macs, published.macs);
    near(parameters, published.parameters);
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

describe('references agree with published counts', () => {
  it('SSD: 433 G operations; its ONNX file of 80.4 MB contains parameters, statistics of 4928 channels, and 15130 boxes twice', () => {
    const { macs, parameters } = ssdResNet34();
    near(2 * macs, 433e9);
    near(4 * (parameters + 2 * 4928 + 2 * 4 * 15130), 80.4e6);
  });

  it('GNMT: 210 M', () => near(gnmt().parameters, 210e6));
  it('BERT-large: 335.14 M with the pooler, which SQuAD does not use', () =>
    near(bert().parameters + 1024 * 1024 + 1024, 335141888));
  it('DLRM: around 100 GB in fp32', () => expect(4 * dlrm().parameters).toBeCloseTo(96.1e9, -9));
  it('GPT-2: 124439808', () => expect(gpt2(1, 1).parameters).toBe(124439808));
});

it('GPT-2 has its published 124439808 parameters: the head reads the token table', () => {
  for (const name of ['Gpt2Prefill', 'Gpt2Decode']) {
    const { layers } = libraryModel('gpt2', name);
    expect(count(layers).parameters).toBe(124439808);
    expect(layers.findIndex((layer) => layer.name === 'tokens')).toBe(
      layers.find((layer) => layer.name === 'words')?.sharesWeightsOf,
    );
  }
});

describe('intermediate shapes', () => {
  const shapeOf = (file: string, name: string, layer: string) =>
    libraryModel(file, name)
      .layers.find((one) => one.name === layer)
      ?.outputShape.join('x');

  it('SSD’s heads read 50, 25, 13, 7, 3 and 3 places along each side, as the reference', () => {
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
