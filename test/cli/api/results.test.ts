import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Design } from '../../../cli/api/functions.ts';
import { capacity, explore, open, simulate } from '../../../cli/api/index.ts';
import { differencesFrom } from './declared-types.ts';

/* The functions of the npm package in this process. test/scripts/package.test.ts calls them from the package. */

const types = readFileSync('cli/api/results.ts', 'utf8');

const small = `
  import "stimpack/tpuv4i"
  import "stimpack/resnet50"
  let peak = 2000 rps
  npu Mine extends TPUv4i { HBM { bandwidth: 800 GB/s } }
  scenario Rush {
    npu: Mine
    duration: 0.5 s
    serve ResNet50 {
      arrivals: poisson(peak)
      batch { max: 8, timeout: 1 ms }
      slo { p99 latency <= 15 ms, accuracy >= 70 % }
    }
    compare: [TPUv4i]
  }
  explore Widths {
    scenario: Rush
    vary Mine.HBM.bandwidth in [400 GB/s, 800 GB/s]
    minimize p99 latency
    minimize energy
  }
`;

const openText = (settings: Record<string, string | number> = {}): Promise<Design> =>
  open({ text: small }, { settings });

/** A file that the repository ships. */
const examples: readonly (readonly [string, string])[] = [
  ['rush', 'examples/rush.npu'],
  ['a language model', 'examples/chat.npu'],
];

describe('results have the types that the package declares', () => {
  test.each(examples)('simulate: %s', async (_, file) => {
    const result = await simulate(await open(file));
    expect(result.scenarios.length).toBeGreaterThan(0);
    expect(differencesFrom(types, 'SimulationResult', result)).toEqual([]);
  });

  test('simulate: an objective that is violated', async () => {
    const result = await simulate(await openText({ peak: '30000 rps' }), { seed: 7 });
    expect(result.verdict).toBe('violated');
    expect(result.scenarios[0]?.seed).toBe(7);
    expect(result.diagnostics.map(({ code }) => code)).toContain('slo-violated');
    expect(differencesFrom(types, 'SimulationResult', result)).toEqual([]);
  });

  test('capacity', async () => {
    const result = await capacity(await openText());
    expect(result.scenarios[0]?.met?.verdict).toBe('met');
    expect(differencesFrom(types, 'CapacityResult', result)).toEqual([]);
  });

  test('explore', async () => {
    const result = await explore(await openText());
    expect(result.designs.map(({ values }) => values)).toEqual([['400 GB/s'], ['800 GB/s']]);
    expect(result.designs.some(({ front }) => front)).toBe(true);
    expect(differencesFrom(types, 'ExplorationResult', result)).toEqual([]);
    const one = await explore(await openText(), { exploration: 'Widths', search: 'random', budget: 1, threads: 1 });
    expect(one.designs).toHaveLength(1);
  });

  test('the comparison finds each kind of difference', () => {
    const text = 'type V = "a"; interface A { readonly x: number | null; readonly y?: readonly string[] }';
    expect(differencesFrom(text, 'A', { x: null, y: ['a'] })).toEqual([]);
    expect(differencesFrom(text, 'A', { x: '1', y: [2], z: 3 })).toHaveLength(3);
    expect(differencesFrom(text, 'A', {})).toEqual(['A.x is missing']);
  });
});

describe('a design that cannot run is a result', () => {
  test('a missing file', async () => {
    const design = await open('no-such-file.npu');
    expect(design).toMatchObject({ file: 'no-such-file.npu', hasErrors: true, scenarios: [] });
    expect(design.diagnostics.map(({ code }) => code)).toEqual(['no-such-file']);
    expect(await simulate(design)).toEqual({ verdict: null, scenarios: [], diagnostics: design.diagnostics });
    expect(await capacity(design)).toEqual({ scenarios: [], diagnostics: design.diagnostics });
    expect(await explore(design)).toMatchObject({ exploration: null, designs: [], diagnostics: design.diagnostics });
  });

  test('an error in the text, with its place', async () => {
    const design = await open({ text: 'let x = 3\nnpu X { clok: 1 GHz }\n' });
    expect(design.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'unknown-property', file: '<stdin>', startLine: 2, startColumn: 9 }),
    );
    const result = await simulate(design);
    expect(result).toEqual({ verdict: null, scenarios: [], diagnostics: design.diagnostics });
    expect(differencesFrom(types, 'SimulationResult', result)).toEqual([]);
  });

  test.each([
    ['a setting without a let', async () => open({ text: small }, { settings: { peek: '3 rps' } }), 'unknown-setting'],
    ['a setting without its unit', async () => openText({ peak: 9000 }), 'missing-unit'],
    ['a setting that is no value', async () => openText({ peak: '1 rps }' }), 'usage'],
    ['a file called -', async () => open('-'), 'no-such-file'],
    ['a folder', async () => open('examples'), 'not-a-file'],
    ['an unknown scenario', async () => simulate(await openText(), { scenario: 'Rsh' }), 'unknown-scenario'],
    ['an unknown exploration', async () => explore(await openText(), { exploration: 'X' }), 'unknown-exploration'],
  ])('%s', async (_, call, code) => {
    expect((await call()).diagnostics.map((each) => each.code)).toContain(code);
  });
});

describe('a wrong call is a TypeError', () => {
  // As a script in JavaScript could write it.
  const anything = (value: unknown): never => value as never;

  test.each([
    [
      'no source',
      () => open(anything(undefined)),
      'open needs the path of a file, { file } or { text }, but got undefined',
    ],
    ['both sources', () => open(anything({ file: 'a', text: 'b' })), 'open needs the path'],
    ['a number as settings', () => open('a.npu', anything({ settings: 3 })), "'settings' must be an object of texts"],
    [
      'a nested setting',
      () => open('a.npu', anything({ settings: { a: {} } })),
      "'settings' must be an object of texts",
    ],
    ['options that are a text', () => open('a.npu', anything('b')), "the options must be an object, but got 'b'"],
    ['a foreign design', () => simulate(anything({})), 'simulate: the design must be one that open() returned'],
    [
      'a path as a design',
      () => explore(anything('a.npu')),
      "explore: the design must be one that open() returned, but got 'a.npu'",
    ],
    [
      'an unknown option',
      async () => simulate(await openText(), anything({ scenrio: 'Rush' })),
      "did you mean 'scenario'",
    ],
    [
      'a name of an inherited key',
      async () => capacity(await openText(), anything({ toString: 1 })),
      "no option 'toString'",
    ],
    [
      'a seed below 0',
      async () => simulate(await openText(), { seed: -1 }),
      'a whole number from 0 to 4294967295, but got -1',
    ],
    [
      'a budget as a text',
      async () => explore(await openText(), anything({ budget: '3' })),
      "'budget' must be a whole number",
    ],
    [
      'an unknown search',
      async () => explore(await openText(), anything({ search: 'best' })),
      'one of grid, random, sobol, nsga2',
    ],
    [
      'no signal',
      async () => capacity(await openText(), anything({ signal: true })),
      "'signal' must be an AbortSignal",
    ],
  ])('%s', async (_, call, message) => {
    const error: unknown = await Promise.resolve()
      .then<unknown>(call)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
  });
});

test('a signal that is aborted rejects with its reason', async () => {
  const reason = new Error('enough');
  await expect(simulate(await openText(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a design stays as it was when it was opened', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'npu-api-'));
  try {
    writeFileSync(join(directory, 'a.npu'), small);
    const design = await open('a.npu', { directory });
    const before = await simulate(design);
    writeFileSync(join(directory, 'a.npu'), small.replace('2000 rps', '30000 rps'));
    expect(await simulate(design)).toEqual(before);
    expect((await simulate(await open('a.npu', { directory }))).verdict).toBe('violated');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
