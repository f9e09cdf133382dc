import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { capacity, runInputOf, TableCache } from '../../simulator/index.ts';
import { leastLoad, simulateRun } from '../../simulator/serving/index.ts';
import { testHost } from '../language/host.ts';

/** Every chip of the library, with the name of its file. Stimpack decides about burst mode by its queue. */
const chips: readonly (readonly [string, string])[] = [
  ['TPUv3', 'tpuv3'],
  ['TPUv4i', 'tpuv4i'],
  ['TPUv6e', 'tpuv6e'],
  ['Stimpack', 'stimpack'],
  ['Gemmini', 'gemmini'],
  ['GemminiFireSim', 'gemmini'],
  ['EyerissLike', 'eyeriss'],
];
/** Every network of the library, with the name of its file. */
const networks: readonly (readonly [string, string])[] = [
  ['resnet50', 'ResNet50'],
  ['mobilenet', 'MobileNet'],
  ['ssd-resnet34', 'SsdResNet34'],
  ['gnmt', 'Gnmt'],
  ['bert', 'BertLarge'],
  ['dlrm', 'Dlrm'],
  ['rnn-t', 'RnnT'],
  ['vit', 'ViT'],
  ['gpt2', 'Gpt2Prefill'],
];

const offeredRps = 100;
const largestBatch = 8;
const requests = 600;
const measuredRequests = 0.9 * requests;

/** A scenario whose objective every finished request meets, so that only overload can violate it. */
function scenarioOf(chip: string, chipFile: string, file: string, model: string): Scenario {
  const uri = 'file:///saturation.npu';
  const text = `import "stimpack/${chipFile}"
import "stimpack/${file}"
scenario S {
  npu: ${chip}
  serve ${model} { arrivals: poisson(${offeredRps} rps), batch { max: ${largestBatch} }, slo { p50 latency <= 1000000 s } }
  duration: ${requests} requests
}
`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const [scenario] = design.scenarios;
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

describe.each(chips)('on %s', (chip, chipFile) => {
  test.each(networks)('%s never meets a load above saturation', (file, model) => {
    const scenario = scenarioOf(chip, chipFile, file, model);
    const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, new TableCache());
    const factor = 1 / leastLoad(input);
    for (const load of [1.003, 1.5, 20]) {
      const arrivals = { kind: 'poisson', ratePerSecond: offeredRps * factor * load, origin: scenario.origin } as const;
      const run = simulateRun({ ...input, serves: input.serves.map((serve) => ({ ...serve, arrivals })) });
      const [serve] = run?.serves ?? [];
      const [outcome] = serve?.slos ?? [];
      expect([load, outcome?.verdict]).toEqual([load, 'violated']);
      expect(outcome?.overload?.saturationRps).toBeCloseTo(offeredRps * factor, 6);
      // The first completed batch of the measured part began before it.
      expect(serve?.completedRps ?? 0).toBeLessThanOrEqual(offeredRps * factor * (1 + largestBatch / measuredRequests));
    }
    const { low, high } = capacity(scenario) ?? {};
    expect(low?.factor ?? 0).toBeLessThan(factor);
    expect(high?.factor ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(factor * (1 + 1e-9));
  });
});
