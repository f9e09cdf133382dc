import { describe, expect, test } from 'vitest';
import type { CandidateDesign, ExplorationGoal, Npu } from '../../../design/index.ts';
import { ChipTables, exploreDesigns } from '../../../simulator/index.ts';
import { stimpack } from '../hardware/fixtures.ts';
import { origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';

/*
 * Designs that differ only in the capacity of CMEM share their tables where the plan gives the same places to weights and activations. A design
 * has the same row, whatever designs ran before it.
 */

const MiB = 2 ** 20;
const goals: readonly ExplorationGoal[] = [
  { sense: 'minimize', measure: 'latency', origin },
  { sense: 'maximize', measure: 'throughput', origin },
];
const model = tinyModel([256, 512, 512]);

function design(npu: Partial<Npu>, capacityBytes: number | null, batch = 4): CandidateDesign {
  const cmem = capacityBytes === null || stimpack.cmem === null ? null : { ...stimpack.cmem, capacityBytes };
  const serves = [tinyServe({ model, arrivals: poisson(60_000), batch: { maxSize: batch, timeoutSeconds: 0 } })];
  const chip: Npu = { ...stimpack, vmem: { ...stimpack.vmem, capacityBytes: MiB / 4 }, ...npu, cmem };
  return {
    kind: 'scenario',
    scenario: tinyScenario({ npu: chip, serves, duration: { kind: 'requests', count: 1000 } }),
  };
}

const slow: Partial<Npu> = { hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: 20e9 } };
const capacities = [0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 12, 16, 32, 128].map((size) => size * MiB);
const spaces: Readonly<Record<string, readonly CandidateDesign[]>> = {
  'capacities, ascending': capacities.map((capacity) => design({}, capacity)),
  'capacities, descending': capacities.toReversed().map((capacity) => design({}, capacity)),
  'with a slow HBM': capacities.map((capacity) => design(slow, capacity)),
  'with and without CMEM': [null, ...capacities, null].map((capacity) => design(slow, capacity)),
  'evicted at run time': capacities.map((capacity) => design({ ...slow, residency: 'lru' }, capacity)),
  'two sizes of the largest batch': [1, 8, 2].flatMap((batch) =>
    capacities.map((capacity) => design(slow, capacity, batch)),
  ),
};

describe('tables that designs share', () => {
  test.each(Object.entries(spaces))('%s: each row equals that of the design alone', (_, designs) => {
    const numbered = designs.map((candidate, number) => ({ design: number, candidate }));
    const together = exploreDesigns(goals, numbered, { keep: new ChipTables().keep });
    const alone = numbered.map((one) => exploreDesigns(goals, [one], { keep: new ChipTables().keep }));
    for (const goal of goals.keys())
      expect([...(together?.measures[goal] ?? [])]).toEqual(alone.map((one) => one?.measures[goal]?.[0]));
    // The space is worth the test: its designs differ.
    expect(new Set(together?.measures[0]).size).toBeGreaterThan(2);
  });

  test('capacities beyond what the networks can use share one table', () => {
    const tables = new ChipTables();
    const sizes = [32, 64, 96, 128].map((size) => {
      const candidate = design(slow, size * MiB);
      exploreDesigns(goals, [{ design: 0, candidate }], { keep: tables.keep });
      return candidate.kind === 'scenario' ? tables.keep(candidate.scenario).cache.bytes : -1;
    });
    expect(sizes[0]).toBeGreaterThan(0);
    expect(new Set(sizes).size).toBe(1);
  });
});
