import { describe, expect, test } from 'vitest';
import type { CandidateDesign, ExplorationGoal, Npu, Scenario } from '../../design/index.ts';
import { ChipTables, exploreDesigns, KeptRuns, runInputOf } from '../../simulator/index.ts';
import { tinyModel, tinyScenario, tinyServe } from './explore/fixtures.ts';
import { stimpack } from './hardware/fixtures.ts';
import { origin, poisson } from './serving/fixtures.ts';

/* Designs with equal runs share one. Each row equals that of the design alone. */

const MiB = 2 ** 20;
const model = tinyModel([256, 512, 512]);
const serves = (rate: number, batch = 4) => [
  tinyServe({ model, arrivals: poisson(rate), batch: { maxSize: batch, timeoutSeconds: 0 } }),
];

function design(capacityBytes: number | null, changes: Partial<Scenario> = {}, npu: Partial<Npu> = {}): Scenario {
  const cmem = capacityBytes === null || stimpack.cmem === null ? null : { ...stimpack.cmem, capacityBytes };
  const chip: Npu = { ...stimpack, vmem: { ...stimpack.vmem, capacityBytes: MiB / 4 }, ...npu, cmem };
  return tinyScenario({
    npu: chip,
    serves: serves(60_000),
    duration: { kind: 'requests', count: 1000 },
    ...changes,
  });
}

const large = design(64 * MiB);
const never: Scenario['scheduler'] = { ...large.scheduler, burst: { kind: 'never' } };

describe('the key of a run', () => {
  const tables = new ChipTables();
  const runs = new KeptRuns();
  const keyOf = (one: Scenario, options = ''): string | undefined => {
    const { scenario, cache } = tables.keep(one);
    return runs.keyOf(runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache), options);
  };

  test.each<[string, Scenario]>([
    ['a scratchpad that is larger than anything needs', design(128 * MiB)],
    ['another place in the file', design(64 * MiB, { origin: { ...origin, uri: 'file:///other.npu' } })],
  ])('is the same with %s', (_, other) => {
    expect(keyOf(other)).toBe(keyOf(large));
  });

  test.each<[string, Scenario]>([
    ['fewer weights in the scratchpad', design(2 * MiB)],
    ['no scratchpad', design(null)],
    ['a scratchpad without room for second copies', design(6 * MiB)],
    ['a slower memory', design(64 * MiB, {}, { hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: 20e9 } })],
    ['more chips', design(64 * MiB, { chips: 2 })],
    ['another load', design(64 * MiB, { serves: serves(50_000) })],
    ['an unlimited load', design(64 * MiB, { serves: serves(Number.POSITIVE_INFINITY) })],
    ['another batch', design(64 * MiB, { serves: serves(60_000, 2) })],
    ['another scheduler', design(64 * MiB, { scheduler: never })],
    ['another seed', design(64 * MiB, { seed: 2 })],
    ['another duration', design(64 * MiB, { duration: { kind: 'requests', count: 1001 } })],
    ['an accepted caveat', design(64 * MiB, { accepts: ['steady-traffic'] })],
  ])('differs with %s', (_, other) => {
    expect(keyOf(other)).not.toBe(keyOf(large));
  });

  test('differs with other options of the run', () => {
    expect(keyOf(large, 'intervals')).not.toBe(keyOf(large));
  });
});

describe('runs that designs share', () => {
  const measures = ['latency', 'capacity', 'area', 'power', 'energy'] as const;
  const goals: readonly ExplorationGoal[] = measures.map((measure) => ({ sense: 'minimize', measure, origin }));
  const sizes = [1, 6, 32, 64, 128].map((size) => design(size * MiB));
  const numbered = sizes.map((scenario, number) => ({
    design: number,
    candidate: { kind: 'scenario', scenario } satisfies CandidateDesign,
  }));
  const alone = numbered.map((one) => exploreDesigns(goals, [one]));

  test('each row equals that of the design alone', () => {
    const together = exploreDesigns(goals, numbered);
    for (const goal of goals.keys())
      expect([...(together?.measures[goal] ?? [])]).toEqual(alone.map((one) => one?.measures[goal]?.[0]));
  });

  test('a design with the run of an earlier one does not run', () => {
    const runs = new KeptRuns();
    const { keep } = new ChipTables();
    exploreDesigns(goals, numbered, { runs, keep });
    const keyOf = (one: Scenario): string | undefined => {
      const { scenario, cache } = keep(one);
      return runs.keyOf(runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache), 'false false');
    };
    const kept = sizes.map((size) => runs.get(keyOf(size)));
    expect(kept[2]?.capacity?.rps).toBe(alone[2]?.measures[1]?.[0]);
    expect(new Set(kept)).toEqual(new Set(kept.slice(0, 3)));
    expect(new Set(kept).size).toBe(3);
  });
});
