import { expect, it } from 'vitest';
import { applyChanges, compile } from '../../../language/index.ts';
import type { BrokenObjective } from '../../../server/fixes/fix-plan.ts';
import { memoryPlan, sequencesPlan, stepTokensPlan } from '../../../server/fixes/token-plans.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///plans.npu';
const textOf = (serve: string) => `import "stimpack/tpuv4i"
npu Chip extends TPUv4i { HBM { capacity: 8 GB } }
model Words {
  input: tokens
  layers { embedding { rows: 100, width: 64 }, attention { heads: 4, cache: yes }, last-token, dense { outputs: 100 } }
}
model Fixed { input: 8, layers { dense { outputs: 8 } } }
scenario Chat {
  npu: Chip
  serve ${serve}
}
`;

/** The texts of all candidates of a plan. */
function textsOf(serve: string, planOf: typeof sequencesPlan): readonly string[] {
  const text = textOf(serve);
  const program = compile(uri, testHost({ [uri]: text }));
  const scenario = program.design.scenarios.find(({ name }) => name === 'Chat');
  if (scenario === undefined) throw new Error('no scenario');
  const place = { program, uri, scenario: 'Chat', serve: 0 };
  const plan = planOf({ place, scenario } as BrokenObjective);
  return Array.from({ length: plan?.count ?? 0 }, (_, n) => applyChanges(text, plan?.candidate(n)?.changes ?? []));
}

const words = 'Words { arrivals: poisson(1 rps), tokens { in: 9, out: 9 }, batch { sequences: 4, tokens: 64 } }';

it.each([
  ['sequences', sequencesPlan, [8, 16, 32, 2, 1].map((n) => `batch { sequences: ${n}, tokens: 64 }`)],
  ['tokens of a step', stepTokensPlan, [32, 16, 8, 128, 256].map((n) => `batch { sequences: 4, tokens: ${n} }`)],
])('a language model can have other limits of its steps: %s', (_, planOf, expected) => {
  const texts = textsOf(words, planOf);
  expect(texts).toHaveLength(expected.length);
  for (const [n, part] of expected.entries()) expect(texts[n]).toContain(part);
});

it('more memory has room for more KV blocks', () => {
  const [first, ...others] = textsOf(words, memoryPlan);
  expect(first).toContain('HBM { capacity: 8.8 GB }');
  expect(others.at(-1)).toMatch(/HBM \{ capacity: (?:29|3\d)(?:\.\d+)? GB \}/);
});

it('another network has no such limits, and compiled shapes fix the tokens of a step', () => {
  const fixed = 'Fixed { arrivals: poisson(1 rps) }';
  for (const planOf of [sequencesPlan, stepTokensPlan, memoryPlan]) expect(textsOf(fixed, planOf)).toEqual([]);
  const buckets = words.replace('tokens: 64', 'tokens: 64, buckets: [32, 64]');
  expect(textsOf(buckets, stepTokensPlan)).toEqual([]);
});
