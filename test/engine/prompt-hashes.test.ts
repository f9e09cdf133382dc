import { expect, test } from 'vitest';
import { scenarioCaveats } from '../../design/index.ts';
import { type FileHost, openProgram } from '../../engine/index.ts';
import { createTraceReader } from '../../formats/index.ts';
import { testHost } from '../language/host.ts';

const uri = 'file:///a.npu';

/** Prompts of 1000 tokens and two hashes: blocks of 512 tokens are a guess. */
const hashed = [0, 5, 9]
  .map((id, n) => `{"timestamp": ${n}, "input_length": 1000, "output_length": 5, "hash_ids": [0, ${id}]}\n`)
  .join('');

function open(serve: string, accept = '') {
  const text = `import "stimpack/tpuv6e"\nimport "stimpack/llama"\nimport "stimpack/resnet50"\nscenario S {\n  npu: TPUv6e\n  ${accept}\n  serve ${serve}\n}\n`;
  const host: FileHost = {
    ...testHost({ [uri]: text }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: (_, options) => {
      const reader = createTraceReader(options);
      reader.push(new TextEncoder().encode(hashed));
      return reader.end();
    },
  };
  const { diagnostics, design } = openProgram(uri, host);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const [scenario] = design.scenarios;
  if (scenario === undefined) throw new Error('no scenario');
  const [{ arrivals } = { arrivals: undefined }] = scenario.serves;
  return {
    caveats: scenarioCaveats(scenario).map(({ code }) => code),
    warnings: diagnostics.map(({ code }) => code).filter((code) => code === 'trace-hashes'),
    blockTokens: arrivals?.kind === 'trace' ? arrivals.promptHashes?.blockTokens : undefined,
  };
}

const codes = ['trace-hashes'];

test.each<[string, string, readonly string[], number | undefined]>([
  ['uses them', 'Llama31_8B { arrivals: trace("a.jsonl") }', codes, 512],
  ['states the size', 'Llama31_8B { arrivals: trace("a.jsonl", block: 500 tokens) }', [], 500],
  ['states a wrong size', 'Llama31_8B { arrivals: trace("a.jsonl", block: 100 tokens) }', codes, undefined],
  ['shares nothing', 'Llama31_8B { arrivals: trace("a.jsonl"), kv { sharing: no } }', [], undefined],
  ['states that it shares', 'Llama31_8B { arrivals: trace("a.jsonl"), kv { sharing: yes } }', codes, 512],
  ['states other prompts', 'Llama31_8B { arrivals: trace("a.jsonl"), tokens { in: 90 } }', [], undefined],
  ['states other answers', 'Llama31_8B { arrivals: trace("a.jsonl"), tokens { out: 90 } }', codes, 512],
  ['has no prompts', 'ResNet50 { arrivals: trace("a.jsonl") }', [], undefined],
])(
  'block hashes whose size is guessed are a caveat of a serve that uses them: one that %s',
  (_, serve, expected, size) => {
    const { caveats, warnings, blockTokens } = open(serve);
    expect([caveats, warnings, blockTokens]).toEqual([expected, expected, size]);
  },
);

test('a scenario can accept block hashes whose size is guessed', () => {
  const { warnings, blockTokens } = open('Llama31_8B { arrivals: trace("a.jsonl") }', 'accept { trace-hashes: yes }');
  expect([warnings, blockTokens]).toEqual([[], 512]);
});
