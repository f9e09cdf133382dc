import { expect, test } from 'vitest';
import type { Caveat, Scenario } from '../../design/index.ts';
import {
  evidenceOf,
  type FileHost,
  openProgram,
  relocate,
  relocateEvidence,
  sloDiagnostics,
} from '../../engine/index.ts';
import { simulateScenario } from '../../simulator/index.ts';

const uri = 'file:///a.npu';
const text = `npu Chip {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
model Tiny {
  input: 8 x 8 x 16
  layers {
    first: conv { kernel: 3 x 3, filters: 16 }
    last: dense { outputs: 10 }
  }
}
scenario Calm {
  npu: Chip
  duration: 100 requests
  serve Tiny { arrivals: poisson(100 rps), slo { p99 latency <= 1 s } }
}
`;

function scenarioOf(content: string) {
  const host: FileHost = {
    readText: (asked) => (asked === uri ? content : { kind: 'not-found' }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: () => ({ kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
  };
  const { design, diagnostics } = openProgram(uri, host);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const scenario = design.scenarios[0];
  if (scenario === undefined) throw new Error('one scenario');
  return scenario;
}

test('the evidence gives the same relocated messages as the whole result', () => {
  const broken = text.replace('<= 1 s', '<= 1 us');
  const result = simulateScenario(scenarioOf(broken), {});
  if (result === undefined) throw new Error('not cancelled');
  const moved = scenarioOf(`// longer than before\n${broken}`);
  const expected = sloDiagnostics(relocate(result, moved), moved);
  expect(expected.map(({ related }) => related?.length)).toEqual([2]);
  const evidence = structuredClone(evidenceOf(result));
  expect(sloDiagnostics(relocateEvidence(evidence, moved), moved)).toEqual(expected);
});

test('relocate gives layers, serves and objectives their new places after text has moved', () => {
  const comment = '// longer than before\n';
  const before = simulateScenario(scenarioOf(text), {});
  if (before === undefined) throw new Error('not cancelled');
  const moved = comment + text;
  const after = relocate(before, scenarioOf(moved));
  const named = (layer: { readonly origin: { readonly start: number; readonly end: number } } | undefined) =>
    moved.slice(layer?.origin.start, layer?.origin.end);
  for (const cost of after.layers) {
    expect(named(cost.layers[0])).toContain('first');
    expect(named(cost.layers.at(-1))).toContain('last');
  }
  expect(after.layers.length).toBeGreaterThan(0);
  expect(after.layers[0]?.layers[0]?.origin.start).toBe(
    (before.layers[0]?.layers[0]?.origin.start ?? 0) + comment.length,
  );
  expect(after.main.serves[0]?.origin.start).toBe((before.main.serves[0]?.origin.start ?? 0) + comment.length);
});

test('relocate moves the caveat of a network to its new place and the caveat of a run to the scenario', () => {
  const guessed: Caveat = {
    code: 'onnx-approximated',
    origin: { uri, start: 1, end: 2 },
    text: 'A guess.',
    effect: { kind: 'any' },
  };
  const withCaveat = (scenario: Scenario, start: number): Scenario => ({
    ...scenario,
    serves: scenario.serves.map((serve) => ({
      ...serve,
      model: { ...serve.model, caveats: [{ ...guessed, origin: { uri, start, end: start + 1 } }] },
    })),
  });
  const longer = text.replace('100 requests', '20000 requests');
  const result = simulateScenario(withCaveat(scenarioOf(longer), 1));
  if (result === undefined) throw new Error('not cancelled');
  const ofRun: Caveat = { ...guessed, code: 'trace-cut', text: 'Rows were cut.' };
  const old = { ...result, main: { ...result.main, caveats: [...result.main.caveats, ofRun] } };
  const moved = withCaveat(scenarioOf(`// longer than before\n${longer}`), 40);
  const after = relocate(old, moved).main;
  expect(after.caveats.map(({ origin }) => origin.start)).toEqual([40, moved.origin.start]);
  expect(after.serves[0]?.slos[0]?.open?.caveats[0]?.origin.start).toBe(40);
  expect(relocateEvidence(evidenceOf(old), moved).main.caveats).toEqual(after.caveats);
});

test('two objectives with the same statistic keep different places', () => {
  const two = text.replace('p99 latency <= 1 s', 'p99 latency <= 1 s, p99 latency <= 2 s, goodput >= 1 rps');
  const before = simulateScenario(scenarioOf(two));
  if (before === undefined) throw new Error('not cancelled');
  const moved = `// longer than before\n${two}`;
  const places = (content: string) => {
    const scenario = scenarioOf(content);
    return relocate(before, scenario).main.serves[0]?.slos.map(({ slo: { origin } }) => {
      return content.slice(origin.start, origin.end);
    });
  };
  expect(places(moved)).toEqual(['p99 latency <= 1 s', 'p99 latency <= 2 s', 'goodput >= 1 rps']);
  // The text no longer contains one of the two objectives. The first result gets the remaining place, and the second
  // one gets
  // the place of its serve.
  const [first, second, last] = places(moved.replace('p99 latency <= 2 s, ', '')) ?? [];
  expect([first, last]).toEqual(['p99 latency <= 1 s', 'goodput >= 1 rps']);
  expect(second).toMatch(/^serve Tiny/);
});
