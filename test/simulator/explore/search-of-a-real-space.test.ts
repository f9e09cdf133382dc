import { describe, expect, test } from 'vitest';
import type { CandidateDesign, EnergyTable, ExplorationGoal, SearchKind } from '../../../design/index.ts';
import { createSearch } from '../../../simulator/explore/search/index.ts';
import { ChipTables, exploreDesigns } from '../../../simulator/index.ts';
import { stimpack } from '../hardware/fixtures.ts';
import { origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';
import { hypervolume } from './hypervolume.ts';

/*
 * What a search finds for a tenth of the cost: every design of a space of chips is simulated once, and the searches look their results up.
 */

const bandwidths = Array.from({ length: 16 }, (_, at) => (at + 1) * 20e9);
const clocks = Array.from({ length: 16 }, (_, at) => (at + 3) * 1e8);
const batches = [1, 2, 4, 8];
const sizes = [bandwidths.length, clocks.length, batches.length];
const count = bandwidths.length * clocks.length * batches.length;
const budget = Math.floor(count / 10);

/** The values have no meaning. A faster clock costs idle power. */
const energy: EnergyTable = {
  macJoules: { bf16: 6e-13, int8: 1e-13 },
  vectorOperationJoules: 1e-12,
  vmemJoulesPerByte: 1e-12,
  cmemJoulesPerByte: 2e-12,
  hbmJoulesPerByte: 4e-11,
  quantizeJoulesPerElement: 2e-13,
  staticWatts: 50,
};
const model = tinyModel([128, 256]);
const goals: readonly ExplorationGoal[] = [
  { sense: 'minimize', measure: 'latency', origin },
  { sense: 'minimize', measure: 'energy', origin },
];

function candidate(design: number): CandidateDesign {
  const [bandwidth = 0, clock = 0, batch = 0] = choicesOf(design);
  const clockHertz = clocks[clock] ?? 0;
  const npu = {
    ...stimpack,
    clockHertz,
    cmem: null,
    energy: { ...energy, staticWatts: 10 + 40 * (clockHertz / 1e9) ** 2 + (bandwidths[bandwidth] ?? 0) / 10e9 },
    hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: bandwidths[bandwidth] ?? 0 },
  };
  const serves = [
    tinyServe({ model, arrivals: poisson(8000), batch: { maxSize: batches[batch] ?? 1, timeoutSeconds: 0 }, slos: [] }),
  ];
  return { kind: 'scenario', scenario: tinyScenario({ npu, serves, duration: { kind: 'requests', count: 300 } }) };
}

function choicesOf(design: number): readonly number[] {
  const [, clock = 1, batch = 1] = sizes;
  return [Math.floor(design / (clock * batch)), Math.floor(design / batch) % clock, design % batch];
}

const all = exploreDesigns(
  goals,
  Array.from({ length: count }, (_, design) => ({ design, candidate: candidate(design) })),
  { keep: new ChipTables().keep },
);
const costsOf = (design: number): readonly number[] =>
  all?.measures.map((column) => column[design] ?? Number.NaN) ?? [];
const everything = Array.from({ length: count }, (_, design) => costsOf(design));
/** The costs of the best designs as shares of the worst ones, so that both goals count the same. */
const worst = goals.map((_, goal) => Math.max(...everything.map((costs) => Math.log(costs[goal] ?? 1))));
const least = goals.map((_, goal) => Math.min(...everything.map((costs) => Math.log(costs[goal] ?? 1))));
const volume = (costs: readonly (readonly number[])[]): number =>
  hypervolume(
    costs.map((cost) =>
      cost.map((value, goal) => (Math.log(value) - (least[goal] ?? 0)) / ((worst[goal] ?? 1) - (least[goal] ?? 0))),
    ),
    [1.1, 1.1],
  );
const isBeaten = (costs: readonly number[]): boolean =>
  everything.some(
    (other) =>
      other.every((value, at) => value <= (costs[at] ?? 0)) && other.some((value, at) => value < (costs[at] ?? 0)),
  );
const front = new Set([...everything.keys()].filter((design) => !isBeaten(everything[design] ?? [])));

function found(kind: SearchKind, seed: number): { readonly share: number; readonly volume: number } {
  const axes = sizes.map((size) => ({ size, isOrdered: true }));
  const search = createSearch(kind, axes, budget, seed);
  const tried: number[] = [];
  for (let round = search.propose(); round.length > 0; round = search.propose()) {
    const designs = round.map((choices) =>
      choices.reduce((number, choice, axis) => number * (sizes[axis] ?? 1) + choice, 0),
    );
    tried.push(...designs);
    search.learn(designs.map((design) => ({ costs: costsOf(design), penalty: 0 })));
  }
  const hits = tried.filter((design) => front.has(design)).length;
  return { share: hits / front.size, volume: volume(tried.map(costsOf)) / volume(everything) };
}

describe(`a search of a tenth of ${count} designs`, () => {
  const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
  const mean = (kind: SearchKind, of: 'share' | 'volume'): number =>
    seeds.reduce((sum, seed) => sum + found(kind, seed)[of], 0) / seeds.length;

  test('the space has a front, not one best design', () => {
    expect(front.size).toBeGreaterThan(10);
    expect(front.size).toBeLessThan(count / 4);
  });

  test('NSGA-II finds more of the true front than a random sample, and almost all of its hypervolume', () => {
    const [share, volume] = [mean('nsga2', 'share'), mean('nsga2', 'volume')];
    expect(share).toBeGreaterThan(2 * mean('random', 'share'));
    expect(volume).toBeGreaterThan(mean('random', 'volume'));
    expect(volume).toBeGreaterThan(0.97);
  });
});
