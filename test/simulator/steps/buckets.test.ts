import { describe, expect, it } from 'vitest';
import { compile } from '../../../language/index.ts';
import { runInputOf, TableCache } from '../../../simulator/index.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///buckets.npu';

/** The steps of a small language model with this batch. */
function stepsOf(batch: string) {
  const text = `import "stimpack/tpuv4i"
  model Chat {
    input: tokens
    layers { embedding { rows: 1000, width: 512 }, attention { heads: 8, cache: yes }, last-token, dense { outputs: 1000 } }
  }
  scenario S {
    npu: TPUv4i
    scheduler { burst: never }
    serve Chat { arrivals: poisson(10 rps), tokens { in: 100, out: 10 }, batch { ${batch} } }
  }`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const scenario = design.scenarios.at(-1);
  if (scenario === undefined) throw new Error('no scenario');
  const input = runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache());
  const steps = input.serves[0]?.steps;
  if (steps === undefined) throw new Error('no steps');
  return steps;
}

describe('compiled shapes of a step', () => {
  const plain = stepsOf('sequences: 8, tokens: 400');
  const padded = stepsOf('sequences: 8, tokens: 400, buckets: [64, 512]');

  it.each([
    [1, 64],
    [64, 64],
    [65, 512],
    [400, 512],
  ])('a step of %i tokens takes the time of %i', (tokens, bucket) => {
    const wide = stepsOf('sequences: 8, tokens: 512');
    const time = padded.baseCost.contextFreePicoseconds(tokens, 4);
    expect(time).toBe(wide.baseCost.contextFreePicoseconds(bucket, 4));
    expect(time).toBeGreaterThanOrEqual(plain.baseCost.contextFreePicoseconds(tokens, 4));
  });

  it('keeps the limits of a step', () => {
    expect(padded.limits).toEqual(plain.limits);
  });
});
