import { describe, expect, it, test } from 'vitest';
import { compile } from '../../../language/index.ts';
import { areaOf, chipsOf } from '../../../simulator/explore/measured.ts';
import { memoryDemand, runInputOf, simulateScenario, TableCache } from '../../../simulator/index.ts';
import { noWork } from '../../../simulator/sequences/index.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///parallel.npu';

/** 2 layers with 16 heads, 8 key-value heads and 4096 hidden features on a chip whose memory has 1 GB. */
function scenarioOf(parallel: string, link = 'link { bandwidth: 100 GB/s, latency: 1 us }') {
  const text = `import "stimpack/stimpack"
  model Chat {
    input: tokens
    layers {
      words: embedding { rows: 32001, width: 1024 }
      repeat 2 {
        residual { rmsnorm, attention { heads: 16, key-value-heads: 8, cache: yes, bias: no } }
        residual { rmsnorm, feed-forward { width: 4096 } }
      }
      last-token
      dense { outputs: 32001, bias: no, weights: words }
      softmax
    }
  }
  npu Chip extends Stimpack {
    HBM { capacity: 1 GB }
    CMEM: none
    area { vector: 1 um2, PHY { area: 1 mm2 } }
    ${link}
  }
  scenario S {
    npu: Chip
    scheduler { burst: never }
    duration: 200 requests
    serve Chat {
      arrivals: poisson(50 rps)
      tokens { in: 100, out: 10 }
      ${parallel}
      slo { p99 ttft <= 1 s }
    }
  }`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const scenario = design.scenarios.at(-1);
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

function stepsOf(parallel: string, link?: string) {
  const scenario = scenarioOf(parallel, link);
  const steps = runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache()).serves[0]?.steps;
  if (steps === undefined) throw new Error('no steps');
  return steps;
}

const MICROSECONDS = 1e6;
const noLink = 'link { bandwidth: 1000000 TB/s, latency: 0 s }';

describe('a language model on several chips', () => {
  it.each([
    // 2 attentions, 2 feed-forward networks and one table: 5 all-reduces, each with 1024 features of 2 bytes for each token.
    [2, 1, 5 * (2 * (1 / 2) * (2048 / 100e9) * 1e12 + 2 * 1 * MICROSECONDS)],
    [4, 1, 5 * (2 * (3 / 4) * (2048 / 100e9) * 1e12 + 2 * 3 * MICROSECONDS)],
    [4, 256, 5 * (2 * (3 / 4) * ((256 * 2048) / 100e9) * 1e12 + 2 * 3 * MICROSECONDS)],
    [8, 2048, 5 * (2 * (7 / 8) * ((2048 * 2048) / 100e9) * 1e12 + 2 * 7 * MICROSECONDS)],
  ])('%i chips exchange the partial results of %i tokens in %d ps', (chips, tokens, picoseconds) => {
    const over = (link?: string) => stepsOf(`parallel { tensor: ${chips} }`, link).baseCost;
    const real = over();
    const free = over(noLink);
    const added = real.contextFreePicoseconds(tokens, 1) - free.contextFreePicoseconds(tokens, 1);
    expect(Math.abs(added - picoseconds)).toBeLessThanOrEqual(2 + picoseconds * 1e-5);
    const work = { ...noWork(), tokens, sequences: 1, prefillTokens: tokens };
    expect(real.picoseconds(work) - free.picoseconds(work)).toBe(added);
    const runs = [real, free].map((cost) => {
      const run = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
      cost.decodeRun(8, 8 * 64, 64, run, 0);
      return run;
    });
    const decoding = real.contextFreePicoseconds(8, 8) - free.contextFreePicoseconds(8, 8);
    expect((runs[0]?.firstPicoseconds ?? 0) - (runs[1]?.firstPicoseconds ?? 0)).toBe(decoding);
    expect(runs[0]?.growthPicoseconds).toBe(runs[1]?.growthPicoseconds);
  });

  const products = 2 * (1024 * (16 + 2 * 8 + 16) * 64 + 3 * 1024 * 4096);
  const scales = 4 * 1024;

  it.each([
    ['', 1, 32001],
    ['parallel { tensor: 1 }', 1, 32001],
    ['parallel { tensor: 2 }', 2, 16001],
    ['parallel { tensor: 8 }', 8, 4001],
  ])('each chip has its part of the weights, the vocabulary and the cache: %s', (parallel, chips, rows) => {
    const scenario = scenarioOf(parallel);
    const weights = 2 * (products / chips + rows * 1024 + scales);
    const demand = memoryDemand(scenario);
    expect(demand.parts.find(({ content }) => content === 'weights')?.bytes).toBe(weights);
    // Keys and values of 2 layers for the heads of one chip, in bf16, and 16 tokens in a block.
    const blockBytes = (16 * 2 * 2 * 8 * 64 * 2) / chips;
    expect(stepsOf(parallel).limits.blocks).toBe(Math.floor((1e9 - demand.totalBytes) / blockBytes));
  });

  test('a step without a link takes 1/n of the time if the weights determine it', () => {
    const time = (parallel: string) => stepsOf(parallel, noLink).baseCost.contextFreePicoseconds(1, 1);
    const layers = (products / 614e9) * 2e12;
    expect((time('') - time('parallel { tensor: 4 }')) / (layers + (32001 * 2048e12) / 614e9)).toBeCloseTo(3 / 4, 1);
  });

  test('all chips count: area and number', () => {
    const one = scenarioOf('');
    const four = scenarioOf('parallel { tensor: 4 }');
    expect(areaOf(one)).toBeGreaterThan(0);
    expect(areaOf(four)).toBe(4 * areaOf(one));
    expect([chipsOf(one), chipsOf(four)]).toEqual([1, 4]);
  });

  test('a run keeps the name of the network, and its layers are those of one chip', () => {
    const result = simulateScenario(scenarioOf('parallel { tensor: 4 }'));
    const alone = simulateScenario(scenarioOf(''));
    expect(result?.main.serves[0]?.model).toBe('Chat');
    expect(result?.main.serves[0]?.tokens?.tpot.mean).toBeGreaterThan(0);
    expect([result, alone].map((each) => each?.main.serves[0]?.tokens?.chips)).toEqual([4, 1]);
    expect([result, alone].map((each) => each?.main.serves[0]?.tokens?.noEnergyOf)).toEqual(['link', undefined]);
    expect(result?.main.averageWatts).toBeNull();
    expect(alone?.main.averageWatts).toBeGreaterThan(0);
    const causes = result?.main.serves[0]?.breakdown.steps?.causes;
    expect(causes?.link).toBeGreaterThan(0);
    expect(result?.main.serves[0]?.counts.arrived).toBe(alone?.main.serves[0]?.counts.arrived);
    const macs = (costs: typeof result) => costs?.layers[0]?.layers.reduce((sum, { macs: own }) => sum + own, 0);
    expect(macs(result)).toBeLessThan((macs(alone) ?? 0) / 3.5);
  });
});
