import { expect, test } from 'vitest';
import { readOnnx } from '../../formats/index.ts';
import { describeWithReference, readReference } from './reference.ts';
import { macsOf, parametersOf, shapeProblems, total } from './sketch.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };

/**
 * ../shared/reference/README.md: multiply-accumulates of convolutions and matrix products at batch 1, and their weights and biases. The
 * import folds the batch normalizations of ResNet-50 and ShuffleNet, so each channel keeps one parameter where a published count has two:
 * ResNet-50 has 25.56 M there. These figures are exact, and the README rounds them.
 */
const figures = [
  {
    file: 'light_resnet50.onnx',
    macs: 4_089_184_256,
    published: 4.0892e9,
    parameters: 25_530_472,
    publishedParameters: 25.56e6,
  },
  {
    file: 'light_bvlc_alexnet.onnx',
    macs: 654_560_384,
    published: 0.6546e9,
    parameters: 60_965_224,
    publishedParameters: 60.965e6,
  },
  {
    file: 'light_squeezenet.onnx',
    macs: 349_151_936,
    published: 0.3492e9,
    parameters: 1_235_496,
    publishedParameters: 1.2355e6,
  },
  {
    file: 'light_shufflenet.onnx',
    macs: 124_664_528,
    published: 0.1247e9,
    parameters: 1_379_880,
    publishedParameters: undefined,
  },
] as const;

describeWithReference(
  'ONNX graphs of the ONNX project',
  figures.map(({ file }) => `onnx/${file}`),
  () => {
    test.each(figures)('$file', ({ file, macs, published, parameters, publishedParameters }) => {
      const { value, diagnostics } = readOnnx(readReference(`onnx/${file}`), 'Net', origin);
      expect(diagnostics).toEqual([]);
      expect(value === undefined ? ['no model'] : shapeProblems(value)).toEqual([]);
      expect(value?.inputShape).toEqual([224, 224, 3]);
      expect(total(value, macsOf)).toBe(macs);
      expect(Math.abs(macs / published - 1)).toBeLessThan(0.0005);
      expect(total(value, parametersOf)).toBe(parameters);
      if (publishedParameters !== undefined) expect(Math.abs(parameters / publishedParameters - 1)).toBeLessThan(0.005);
    });
  },
);
