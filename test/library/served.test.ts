import { describe, expect, it } from 'vitest';
import { compile, format, parse } from '../../language/index.ts';
import { simulateScenario } from '../../simulator/index.ts';
import { fileUri, libraryNames, testHost } from '../language/host.ts';

/** MLPerf Inference's server scenario: percentile and limit (mlcommons/inference, mlperf.conf, v0.5 to v1.0). ViT's is ours. */
const served: readonly (readonly [string, string, string, number])[] = [
  ['resnet50', 'ResNet50', 'p99', 0.015],
  ['mobilenet', 'MobileNet', 'p99', 0.01],
  ['ssd-resnet34', 'SsdResNet34', 'p99', 0.1],
  ['gnmt', 'Gnmt', 'p97', 0.25],
  ['bert', 'BertLarge', 'p99', 0.13],
  ['dlrm', 'Dlrm', 'p99', 0.03],
  ['rnn-t', 'RnnT', 'p99', 1],
  ['vit', 'ViT', 'p99', 0.015],
];

describe('at a low load, on TPUv4i and Stimpack', () => {
  for (const [file, model, percentile, limit] of served) {
    it(`${model} meets its limit, in base mode and in burst`, () => {
      const uri = 'file:///served.npu';
      const text = `import "stimpack/stimpack"
import "stimpack/${file}"
scenario S {
  npu: TPUv4i
  serve ${model} { arrivals: poisson(1 requests / (5 * ${file}-limit)), slo { ${percentile} latency <= ${file}-limit } }
  compare: [Stimpack, Stimpack with always]
  duration: 200 requests
}
`;
      const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
      expect(diagnostics.map((one) => one.message)).toEqual([]);
      const [scenario] = design.scenarios;
      const result = scenario && simulateScenario(scenario);
      if (result === undefined) throw new Error('no result');
      for (const run of [result.main, ...result.variants]) {
        const [serve] = run.serves;
        expect(serve?.slos[0]?.limit).toBe(limit);
        expect(serve?.latency.p99).toBeGreaterThan(0);
        expect(serve?.latency.p99).toBeLessThan(limit);
        expect(serve?.energyJoulesPerRequest).toBeGreaterThan(0);
      }
    });
  }
});

describe('every file of the library', () => {
  for (const name of libraryNames) {
    it(`${name} is formatted`, () => {
      const uri = fileUri(`library/${name}.npu`);
      const text = String(testHost().readText(uri));
      expect(format(parse(text, uri))).toBe(text);
    });
  }
});
