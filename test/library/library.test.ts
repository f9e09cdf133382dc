import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../language/index.ts';
import { costModel } from '../../simulator/index.ts';
import { fileUri, libraryNames, repository, testHost } from '../language/host.ts';
import { libraryModel } from './count.ts';

describe('every file of the library and the examples', () => {
  for (const path of [...libraryNames.map((name) => `library/${name}.npu`), 'examples/rush.npu']) {
    it(`${path} has no diagnostics`, () => {
      expect(compile(fileUri(path), testHost()).diagnostics).toEqual([]);
    });
  }

  it('gives the source of each figure of a chip', () => {
    const texts = libraryNames.map((name) => [name, readFileSync(`${repository}library/${name}.npu`, 'utf8')] as const);
    const chips = texts.filter(([, text]) => /^npu /mu.test(text));
    expect(chips.length).toBeGreaterThanOrEqual(5);
    for (const [name, text] of chips) {
      const lines = text.split('\n');
      for (const [i, line] of lines.entries()) {
        const isFigure = /^\s+[^/]*:\s*[^/{]*\d/u.test(line);
        const near = lines.slice(Math.max(0, i - 3), i + 1).join(' ');
        if (isFigure && !/our assumption|\[[A-Z]\d\d\]/iu.test(near))
          expect.fail(`${name}:${i + 1} has no source: ${line}`);
      }
    }
  });
});

describe('ResNet-50 v1.5', () => {
  const resnet = libraryModel('resnet50', 'ResNet50');
  const { layers } = resnet;

  it('has 53 convolutions, one dense layer, 16 additions, 49 activations and two pools', () => {
    const kinds = new Map<string, number>();
    for (const { operation } of layers) kinds.set(operation.kind, (kinds.get(operation.kind) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).toEqual({ conv: 53, dense: 1, elementwise: 16, activation: 49, pool: 2 });
  });

  it('has the paper’s shape after each stage', () => {
    const last = (prefix: string): string | undefined =>
      layers.findLast((one) => one.name.startsWith(prefix))?.outputShape.join('x');
    expect(['conv1', 'pool1', 'stage1', 'stage2', 'stage3', 'stage4', 'pool', 'fc'].map(last)).toEqual([
      '112x112x64',
      '56x56x64',
      '56x56x256',
      '28x28x512',
      '14x14x1024',
      '7x7x2048',
      '2048',
      '1000',
    ]);
  });

  it('has its strides in the 3 x 3 convolutions, as v1.5 requires', () => {
    const strided = layers.flatMap(({ operation }) =>
      operation.kind === 'conv' && operation.stride.height === 2 ? [operation.kernel.height] : [],
    );
    expect(strided).toEqual([7, 3, 1, 3, 1, 3, 1]);
  });
});

describe('TPUv4i', () => {
  const chip = compile(fileUri('library/stimpack/tpuv4i.npu'), testHost()).design.npus[0];

  it('has the published peak of 138 TFLOPS', () => {
    const { rows = 0, columns = 0, count = 0 } = chip?.array ?? {};
    expect((2 * rows * columns * count * (chip?.clockHertz ?? 0)) / 1e12).toBeCloseTo(137.6, 1);
  });

  it('has no burst mode', () => expect(chip?.burst).toBeNull());
});

describe('the other chips', () => {
  const peak = (file: string) => {
    const [chip] = compile(fileUri(`library/stimpack/${file}.npu`), testHost()).design.npus;
    const { rows = 0, columns = 0, count = 0 } = chip?.array ?? {};
    return 2 * rows * columns * count * (chip?.clockHertz ?? 0);
  };

  it('have their published peaks: 123 TFLOPS, 67.2 GOPS, 512 GOPS', () => {
    expect(peak('tpuv3') / 1e12).toBeCloseTo(123.2, 1);
    expect(peak('eyeriss') / 1e9).toBeCloseTo(67.2, 1);
    expect(peak('gemmini') / 1e9).toBeCloseTo(512, 1);
  });

  it('Gemmini issues blocks of its size and walks over kernels', () => {
    const [chip] = compile(fileUri('library/stimpack/gemmini.npu'), testHost()).design.npus;
    expect(chip?.array).toMatchObject({ convolution: 'direct', issue: { blockRows: 16, minimumCycles: 4 } });
  });

  const chips = libraryNames.flatMap((name) =>
    compile(fileUri(`library/${name}.npu`), testHost()).design.npus.filter(({ origin }) =>
      origin.uri.endsWith(`${name}.npu`),
    ),
  );

  it('are at least 20', () => expect(chips.length).toBeGreaterThanOrEqual(20));

  it.each(chips.map((chip) => [chip.name, chip] as const))(
    '%s runs ResNet-50 within what its arrays can do',
    (_, chip) => {
      const { rows, columns, count } = chip.array;
      const { seconds, macs } = costModel(chip, libraryModel('resnet50', 'ResNet50'), 'base', 1);
      expect(seconds).toBeGreaterThan(macs / (rows * columns * count * chip.clockHertz));
      expect(seconds).toBeLessThan(10);
    },
  );
});

describe('the networks of image classification', () => {
  it.each([
    ['ResNet152', 11.5],
    ['Vgg16', 15.5],
    ['Vgg19', 19.6],
    ['SqueezeNet', 0.78],
    ['MobileNetV2', 0.3],
    ['InceptionV1', 1.58],
    ['InceptionV4', 12.3],
    ['DenseNet121', 2.83],
  ])('%s has %d G multiply-accumulates', (name, published) => {
    const chip = compile(fileUri('library/stimpack/tpuv4i.npu'), testHost()).design.npus[0];
    if (chip === undefined) throw new Error('stimpack/tpuv4i has no chip');
    expect(costModel(chip, libraryModel('image-networks', name), 'base', 1).macs / 1e9 / published).toBeCloseTo(1, 1.7);
  });
});
