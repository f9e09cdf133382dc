import { describe, expect, it } from 'vitest';
import { compile } from '../../../language/index.ts';
import { runInputOf, simulateScenario, TableCache } from '../../../simulator/index.ts';
import { noWork } from '../../../simulator/sequences/index.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///formats.npu';

/** A chip with little memory, so that the KV cache is full, and a network that mostly reads it. */
function compiled(kv: string, burst = 'queue(1)', mode = '', slo = '') {
  const text = `npu C {
    clock: 1 GHz, array { rows: 128, columns: 128 }, vector { rate: 128 operations/cycle }
    VMEM { capacity: 1 MiB, bandwidth: 10 TB/s }, CMEM { capacity: 1 MiB, bandwidth: 1 TB/s }
    HBM { capacity: 40 MB, bandwidth: 2 GB/s }
    mode base { precision: bf16 }
    mode burst { precision: int8, packing: reduction${mode} }
    quantizer { source: nested }
  }
  model M {
    input: tokens
    layers { embedding { rows: 1000, width: 512 }, attention { heads: 8, cache: yes }, last-token, dense { outputs: 1000 } }
    accuracy { bf16: 76 %, int8: 75 % }
  }
  scenario S {
    npu: C
    scheduler { burst: ${burst} }
    duration: 300 requests
    serve M { arrivals: poisson(60 rps), tokens { in: 300, out: 100 }, kv { ${kv} }, slo { ${slo} } }
  }`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  const scenario = design.scenarios.at(-1);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return { scenario, errors };
}

function scenarioOf(...settings: Parameters<typeof compiled>) {
  const { scenario, errors } = compiled(...settings);
  expect(errors).toEqual([]);
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

function stepsOf(...settings: Parameters<typeof compiled>) {
  const scenario = scenarioOf(...settings);
  const input = runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache());
  const steps = input.serves[0]?.steps;
  if (steps?.burstCost == null) throw new Error('no burst mode');
  return { ...steps, burstCost: steps.burstCost };
}

function tokensOf(...settings: Parameters<typeof compiled>) {
  const serve = simulateScenario(scenarioOf(...settings))?.main.serves[0];
  if (serve?.tokens === undefined) throw new Error('no tokens');
  return { ...serve.tokens, serve };
}

/** Picoseconds of attention of 8 sequences with 320 tokens each, of which `inBurst` have the format of burst mode. */
function attentionOf(steps: ReturnType<typeof stepsOf>, inBurst: number): number {
  const work = { ...noWork(), tokens: 8, sequences: 8, decodes: 8, decodeContext: 2560, longestContext: 320 };
  return (
    steps.baseCost.picoseconds({ ...work, burstDecodeContext: 8 * inBurst }) -
    steps.baseCost.contextFreePicoseconds(8, 8)
  );
}

describe('a KV cache with blocks of two formats', () => {
  it('counts memory in units of which a block of each format is a whole number', () => {
    expect(stepsOf('burst: int8').limits.blockUnits).toEqual({ base: 2, burst: 1 });
    expect(stepsOf('format: int8, burst: bf16').limits.blockUnits).toEqual({ base: 1, burst: 2 });
    expect(stepsOf('burst: int4(128)').limits.blockUnits).toEqual({ base: 128, burst: 33 });
    // Two units for the null block, and one block more if half of one is left.
    const plain = stepsOf('').limits.blocks;
    const units = stepsOf('burst: int8').limits.blocks;
    expect(Math.floor((units - 1) / 2)).toBe(plain - 1);
  });

  it('has one format if the serve states none, both are equal, or the policy never changes the mode', () => {
    for (const kv of ['', 'format: bf16', 'format: int8, burst: int8'])
      expect(stepsOf(kv).limits.blockUnits).toBeUndefined();
    const always = stepsOf('burst: int8', 'always');
    expect(always.limits.blockUnits).toBeUndefined();
    expect(always.limits.blocks).toBe(stepsOf('format: int8').limits.blocks);
  });

  it('has the format that burst mode states, unless the serve states one', () => {
    expect(stepsOf('', 'queue(1)', ', KV: int8').limits.blockUnits).toEqual({ base: 2, burst: 1 });
    expect(stepsOf('format: bf16', 'queue(1)', ', KV: int8').limits.blockUnits).toBeUndefined();
  });

  it('reads each token in its format', () => {
    const steps = stepsOf('burst: int8');
    const [base, half, burst] = [0, 160, 320].map((inBurst) => attentionOf(steps, inBurst)) as [number, number, number];
    expect(base).toBe(attentionOf(stepsOf(''), 0));
    expect(burst).toBe(attentionOf(stepsOf('format: int8'), 0));
    expect(burst).toBeLessThan(0.6 * base);
    expect(half).toBeCloseTo((base + burst) / 2, -1);
  });

  it('has room for more requests than bf16 blocks, and for fewer than int8 blocks', () => {
    const [bf16, mixed, int8] = ['', 'burst: int8', 'format: int8, burst: int8'].map((kv) => tokensOf(kv));
    if (bf16 === undefined || mixed === undefined || int8 === undefined) throw new Error('no result');
    expect(bf16.preemptions).toBeGreaterThan(mixed.preemptions);
    expect(mixed.meanRunning).toBeGreaterThan(bf16.meanRunning);
    // The null block has the format of base mode: two blocks of int8.
    expect(mixed.kv.burst?.blocks).toBe(int8.kv.blocks - 1);
    expect(mixed.kv.blocks).toBe(bf16.kv.blocks);
    const inBurst = mixed.kv.burst?.meanFraction ?? 0;
    expect(inBurst).toBeGreaterThan(0.1);
    expect(inBurst).toBeLessThanOrEqual(mixed.kv.meanFraction);
  });

  it('counts an answer token as one of burst mode if it reads any key in the format of burst mode', () => {
    const [one, two] = [tokensOf(''), tokensOf('burst: int8')];
    const stepShare = (tokens: typeof one) => tokens.steps.burst / (tokens.steps.base + tokens.steps.burst);
    expect(two.burstTokenShare).toBeGreaterThan(stepShare(two));
    expect(two.serve.accuracy).toBeCloseTo(0.76 - 0.01 * two.burstTokenShare, 9);
  });

  it('needs an accuracy for fewer bits than the mode states', () => {
    const slo = 'accuracy >= 75.5 %';
    expect(compiled('format: int8', 'queue(1)', '', slo).errors).toEqual(['no-accuracy']);
    expect(compiled('burst: int4(128)', 'queue(1)', '', slo).errors).toEqual(['no-accuracy']);
    expect(compiled('burst: int4(128)', 'never', '', slo).errors).toEqual([]);
    expect(compiled('burst: int8', 'queue(1)', '', slo).errors).toEqual([]);
    expect(compiled('format: bf16, burst: bf16', 'queue(1)', '', slo).errors).toEqual([]);
  });
});
