import { describe, expect, it } from 'vitest';
import { compile } from '../../../language/index.ts';
import { runInputOf, simulateScenario, TableCache } from '../../../simulator/index.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///shared.npu';

function scenarioOf(tokens: string, rest = '') {
  const text = `import "stimpack/tpuv4i"
  model Chat {
    input: tokens
    layers { embedding { rows: 1000, width: 512 }, attention { heads: 8, cache: yes }, last-token, dense { outputs: 1000 } }
  }
  scenario S {
    npu: TPUv4i
    scheduler { burst: never }
    duration: 200 requests
    serve Chat { arrivals: poisson(10 rps), tokens { ${tokens} } ${rest} }
  }`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const scenario = design.scenarios.at(-1);
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

function stepsOf(tokens: string, rest = '') {
  const scenario = scenarioOf(tokens, rest);
  const steps = runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache()).serves[0]?.steps;
  if (steps === undefined) throw new Error('no steps');
  return steps;
}

function tokensOf(tokens: string, rest = '') {
  const result = simulateScenario(scenarioOf(tokens, rest))?.main.serves[0]?.tokens;
  if (result === undefined) throw new Error('no tokens');
  return result;
}

describe('tokens that all prompts share', () => {
  it.each([
    ['in: 1000, out: 10', '', undefined],
    ['in: 1000, out: 10, shared: 512', '', 512],
    ['in: 1000, out: 10, shared: 512', 'kv { sharing: yes }', 512],
    ['in: 1000, out: 10, shared: 512', 'kv { sharing: no }', undefined],
  ])('%s, %s', (tokens, rest, shared) => {
    expect(stepsOf(tokens, rest).tokens.sharedTokens).toBe(shared);
  });

  it('are computed by the first of 200 requests only', () => {
    const { cachedTokens, ttft } = tokensOf('in: 1000, out: 10, shared: 520 tokens');
    // 520 tokens have 32 full blocks of 16. The cache has room for all of them.
    expect(cachedTokens).toBe(199 * 512);
    expect(ttft.mean).toBeLessThan(tokensOf('in: 1000, out: 10').ttft.mean);
    expect(tokensOf('in: 1000, out: 10, shared: 512', 'kv { sharing: no }').cachedTokens).toBe(0);
  });

  it('count in no request for the bound of its work', () => {
    const [all, shared] = [stepsOf('in: 1000, out: 10'), stepsOf('in: 1000, out: 10, shared: 992')];
    expect(shared.baseWork.meanSeconds).toBeLessThan(all.baseWork.meanSeconds);
    expect(shared.baseWork.meanSeconds).toBeGreaterThan(0);
  });
});
