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

describe('prompts that are shorter than the tokens that they share', () => {
  const trace = {
    timesSeconds: Float64Array.of(0, 1, 2),
    promptTokens: Float32Array.of(100, 300, 200),
    outputTokens: Float32Array.of(2, 2, 2),
  };
  const promptHashes = { identities: Uint32Array.of(0, 1, 2), starts: Uint32Array.of(0, 1, 2, 3), blockTokens: 512 };

  function compiled(tokens: string, recorded = {}, rest = '', accept = '') {
    const text = `import "stimpack/tpuv4i"
  model Chat { input: tokens, layers { embedding { rows: 1000, width: 64 }, attention { heads: 4, cache: yes }, last-token, dense { outputs: 10 } } }
  scenario S { npu: TPUv4i, scheduler { burst: never }, serve Chat { arrivals: trace("f.jsonl"), tokens { ${tokens} } ${rest}, slo { max latency <= 100 s } } ${accept} }`;
    const host = {
      ...testHost({ [uri]: text }),
      importTrace: () => ({ value: { ...trace, ...recorded }, diagnostics: [] }),
    };
    const { design, diagnostics } = compile(uri, host);
    const [scenario] = design.scenarios;
    const outcome = scenario === undefined ? undefined : simulateScenario(scenario)?.main.serves[0]?.slos[0];
    return { said: diagnostics.map(({ code, message }) => `${code}: ${message}`), verdict: outcome?.verdict };
  }

  it.each<[string, object, string, string, string | undefined]>([
    ['shared: 100', {}, '', '', 'met'],
    [
      'shared: 201',
      {},
      '',
      "short-prompts: 'shared' is 201 tokens, and 2 of 3 prompts of the trace are shorter.",
      'undecided',
    ],
    ['shared: 201', {}, 'accept { short-prompts: yes }', '', 'met'],
    [
      'in: lognormal(mean: 1000, sigma: 0.2), shared: 400',
      {},
      '',
      "short-prompts: 'shared' is 400 tokens, and drawn",
      'undecided',
    ],
    ['in: lognormal(mean: 1000, sigma: 0.2), shared: 200', {}, '', '', 'undecided'],
    ['in: lognormal(mean: 1000, sigma: 0), shared: 1000', {}, '', '', 'met'],
    [
      'in: empirical([100, 40]), shared: 41',
      {},
      '',
      "out-of-range: 'shared' is 41 tokens, and the shortest prompt has only 40.",
      undefined,
    ],
    // Block hashes say which tokens are shared, too.
    [
      'shared: 100',
      { promptHashes },
      '',
      "unexpected-name: The block hashes of 'f.jsonl' and 'shared' both state",
      undefined,
    ],
    ['in: 200, shared: 100', { promptHashes }, '', '', 'met'],
  ])('%s', (tokens, recorded, accept, expected, verdict) => {
    const all = tokens.includes('in:') ? `${tokens}, out: 2` : tokens;
    const result = compiled(all, recorded, '', accept);
    expect(result.said).toEqual(expected === '' ? [] : [expect.stringContaining(expected)]);
    expect(result.verdict).toBe(verdict);
  });

  it('can be beside hashes that no request uses', () => {
    expect(compiled('shared: 100', { promptHashes }, 'kv { sharing: no }').said).toEqual([]);
  });
});
