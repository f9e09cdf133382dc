import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../language/index.ts';
import { runInputOf, TableCache } from '../../../simulator/index.ts';
import { repository, testHost } from '../../language/host.ts';

/* The numbers of "Findings" in docs/language-models.md. */

/** KV blocks, and milliseconds of a step with 32 decoding sequences without attention, by scenario. */
function stepsOf(name: string) {
  const uri = `file:///${name}`;
  const text = readFileSync(`${repository}test/findings/${name}`, 'utf8');
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const cache = new TableCache();
  return Object.fromEntries(
    design.scenarios.map((scenario) => {
      const { npu, scheduler } = scenario;
      const steps = runInputOf(scenario, scenario.name, npu, scheduler, cache).serves[0]?.steps;
      if (steps?.burstCost == null) throw new Error('no burst mode');
      const [base, burst] = [steps.baseCost, steps.burstCost].map((cost) => cost.contextFreePicoseconds(32, 32) / 1e9);
      return [scenario.name, { blocks: steps.limits.blocks, base: base ?? 0, burst: burst ?? 0 }];
    }),
  );
}

describe('findings about burst mode and language models', () => {
  const sources = stepsOf('weight-sources.npu');
  const rings = stepsOf('burst-on-many-chips.npu');

  test('a stored copy halves the KV cache, and a nested copy is as fast', () => {
    expect(sources.FromNested?.blocks).toBe(7537);
    expect(sources.FromStored?.blocks).toBe(3959);
    expect(sources.FromStored?.burst).toBe(sources.FromNested?.burst);
  });

  test('conversion on the chip does not help weights that stream', () => {
    expect(gainOf(sources.FromStored)).toBeCloseTo(2.0, 2);
    expect(gainOf(sources.FromOnChip)).toBeCloseTo(1.0, 2);
    // No step reads a copy, so none takes room from the KV cache.
    expect(sources.FromOnChip?.blocks).toBe(7537);
  });

  test('burst mode gains less on more chips, because the link is as slow as before', () => {
    expect(gainOf(rings.OneChip)).toBeCloseTo(2.0, 2);
    expect(gainOf(rings.EightChips)).toBeCloseTo(1.32, 2);
    expect(rings.OneChip?.base).toBeCloseTo(9.16, 2);
    expect(rings.EightChips?.base).toBeCloseTo(2.35, 2);
    expect(rings.EightChips?.burst).toBeCloseTo(1.78, 2);
  });
});

function gainOf(steps: { readonly base: number; readonly burst: number } | undefined): number {
  return (steps?.base ?? Number.NaN) / (steps?.burst ?? Number.NaN);
}
