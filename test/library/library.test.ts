import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elementsOf, type Layer, type Model } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { fileUri, libraryNames, repository, testHost } from '../language/host.ts';

/** Multiply-accumulates and parameters of convolutions and dense layers, counted here anew: the simulator has its own count. */
function count(layers: readonly Layer[]): { readonly macs: number; readonly parameters: number } {
  let macs = 0;
  let parameters = 0;
  for (const { operation, inputShapes, outputShape } of layers) {
    const depth = inputShapes[0]?.at(-1) ?? 0;
    if (operation.kind === 'conv') {
      const weights = operation.kernel.height * operation.kernel.width * (depth / operation.groups) * operation.filters;
      macs += (weights / operation.filters) * elementsOf(outputShape);
      parameters += weights + (operation.bias ? operation.filters : 0);
    } else if (operation.kind === 'dense') {
      macs += depth * elementsOf(outputShape);
      parameters += depth * operation.outputs + (operation.bias ? operation.outputs : 0);
    } else if (operation.kind === 'attention') {
      const width = operation.heads * operation.headSize;
      const steps = outputShape[0] ?? 0;
      parameters += 4 * (depth + 1) * width;
      macs += 4 * depth * width * steps + 2 * steps * operation.contextLength * width;
    } else if (operation.kind === 'embedding') parameters += operation.rows * operation.width;
    else if (operation.kind === 'normalization' && !operation.folded) parameters += 2 * depth;
  }
  return { macs, parameters };
}

function model(file: string, name: string): Model | undefined {
  return compile(fileUri(`library/${file}.npu`), testHost()).design.models.find((one) => one.name === name);
}

describe('every file of the library and the examples', () => {
  for (const path of [...libraryNames.map((name) => `library/${name}.npu`), 'examples/rush.npu']) {
    it(`${path} has no diagnostics`, () => {
      expect(compile(fileUri(path), testHost()).diagnostics).toEqual([]);
    });
  }

  it('says for every figure of a chip where it comes from', () => {
    for (const name of ['stimpack/tpuv4i', 'stimpack/stimpack']) {
      const lines = readFileSync(`${repository}library/${name}.npu`, 'utf8').split('\n');
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
  const resnet = model('stimpack/resnet50', 'ResNet50');
  const layers = resnet?.layers ?? [];

  it('has the published multiply-accumulates and parameters, within 0.5 %', () => {
    const { macs, parameters } = count(layers);
    expect(Math.abs(macs / 4.0892e9 - 1)).toBeLessThan(0.005);
    expect(Math.abs(parameters / 25.56e6 - 1)).toBeLessThan(0.005);
  });

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

  it('strides in the 3 x 3 convolution, which is what v1.5 means', () => {
    const strided = layers.flatMap(({ operation }) =>
      operation.kind === 'conv' && operation.stride.height === 2 ? [operation.kernel.height] : [],
    );
    expect(strided).toEqual([7, 3, 1, 3, 1, 3, 1]);
  });

  it('has MLPerf’s accuracies', () => {
    expect(resnet?.accuracy).toEqual({ metric: 'top-1', byPrecision: { bf16: 0.76456, int8: 0.76292 } });
  });
});

describe('the other networks', () => {
  it('MobileNet-v1 has its published figures, within 0.5 %', () => {
    const { macs, parameters } = count(model('stimpack/mobilenet', 'MobileNet')?.layers ?? []);
    expect(Math.abs(macs / 0.569e9 - 1)).toBeLessThan(0.005);
    expect(Math.abs(parameters / 4.23e6 - 1)).toBeLessThan(0.005);
  });

  it('BERT-large has its published parameters, within 2 %: the pooler is left out', () => {
    const { parameters } = count(model('stimpack/bert', 'BertLarge')?.layers ?? []);
    expect(Math.abs(parameters / 340e6 - 1)).toBeLessThan(0.02);
  });

  it('are all in stimpack/mlperf', () => {
    const all = compile(fileUri('library/stimpack/mlperf.npu'), testHost()).design.models.map((one) => one.name);
    expect(all.sort()).toEqual(['BertLarge', 'MobileNet', 'ResNet50']);
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
