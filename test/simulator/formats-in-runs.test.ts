import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../design/index.ts';
import { smallestVmemBytes } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { fusedAttentionSeconds, runInputOf, simulateScenario, TableCache } from '../../simulator/index.ts';
import { testHost } from '../language/host.ts';

const uri = 'file:///designs/formats.npu';

/** A chip whose HBM is so slow that each fetch of 8.4 MB of bf16 weights, or 2.2 MB of int4 weights, is visible in the time. */
function scenarioOf(base: string, burst: string, source = 'off-chip'): Scenario {
  const text = `npu C {
  clock: 1 GHz, array { rows: 128, columns: 128 }, vector { rate: 128 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 10 TB/s }, CMEM { capacity: 9 MiB, bandwidth: 1 TB/s }
  HBM { capacity: 8 GB, bandwidth: 1 GB/s }
  mode base { ${base} }
  mode burst { ${burst} }
  quantizer { source: ${source} }
}
model M {
  input: 2048
  layers { dense { outputs: 2048, bias: no } }
  accuracy { bf16: 76 %, int8: 75 %, w4a16: 74 %, w4a8: 73 %, w4a8kv4: 72 % }
}
scenario S {
  npu: C
  scheduler { burst: queue(2) }
  serve M { arrivals: poisson(20000 rps), batch { max: 1 } }
  duration: 20000 requests
}`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const scenario = design.scenarios.at(-1);
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

const int4 = 'weights: int4(128)';

function inputOf(scenario: Scenario) {
  return runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache());
}

describe('a run', () => {
  test('has the accuracy of the formats of each mode', () => {
    const cases = [
      ['precision: bf16', 'precision: int8', 0.76, 0.75],
      [`precision: bf16, ${int4}`, `precision: int8, ${int4}`, 0.74, 0.73],
      ['precision: bf16', `precision: bf16, ${int4}`, 0.76, 0.74],
      ['precision: int8', `precision: int8, ${int4}, KV: int4`, 0.75, 0.72],
      ['precision: bf16', 'precision: fp8', 0.76, null],
    ] as const;
    for (const [base, burst, first, second] of cases)
      expect(inputOf(scenarioOf(base, burst)).serves[0]?.accuracy).toMatchObject({ base: first, burst: second });
  });

  test('shares the weights of modes that store them in the same format, whatever the source', () => {
    const shared = [`precision: bf16, ${int4}`, `precision: int8, packing: reduction, ${int4}`] as const;
    for (const source of ['off-chip', 'stored', 'on-chip'])
      expect(inputOf(scenarioOf(...shared, source)).quantizedSource).toBe('shared');
    expect(inputOf(scenarioOf('precision: bf16', 'precision: int8', 'stored')).quantizedSource).toBe('stored');
  });

  test('fetches shared weights once, and others at each switch', () => {
    const run = (base: string, burst: string) => simulateScenario(scenarioOf(base, burst))?.main;
    const shared = run(`precision: bf16, ${int4}`, `precision: int8, packing: reduction, ${int4}`);
    const other = run('precision: bf16', 'precision: int8, packing: reduction');
    expect(shared?.timeline.switches.total).toBeGreaterThan(100);
    // One fetch takes 2.2 ms, and a request without one 20 us.
    expect(shared?.serves[0]?.latency.p50).toBeLessThan(1e-3);
    expect(other?.serves[0]?.latency.p50).toBeGreaterThan(2e-3);
  });

  test('keeps one copy of shared weights on the chip, and none beside it', () => {
    const plan = inputOf(scenarioOf(`precision: bf16, ${int4}`, `precision: int8, ${int4}`, 'stored')).residency;
    // 2048 x 2048 elements, and 16 groups for each output.
    expect(plan?.usedBytes).toBe(2048 * 1024 + 2048 * 16 * 2);
    expect(plan?.activationBytes).toBe(9 * 2 ** 20 - (plan?.usedBytes ?? 0));
  });
});

test('the smallest VMEM contains weights and activations in their stored formats', () => {
  const { npu } = scenarioOf(`precision: bf16, ${int4}`, 'precision: int8');
  expect(smallestVmemBytes(npu)).toBe((128 * 128 * 4.125) / 8 + 2 * 256 * 2);
});

test('fused attention reads cached keys and values in their stored format', () => {
  const { npu } = scenarioOf('precision: bf16, KV: int8', 'precision: int8');
  const attention = { arrays: 1, queriesPerPass: 1, passSeconds: 0, launchSeconds: 0 };
  const core = { sequences: 1, queries: 1, keys: 4096, heads: 8, keyValueHeads: 8, headSize: 128, causal: false };
  // At 1 GB/s, reading takes longer than the arrays.
  expect(fusedAttentionSeconds({ ...npu, attention }, core)).toBeCloseTo((2 * 4096 * 8 * 128) / 1e9, 9);
});
