import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CandidateDesign,
  type EnergyTable,
  type Exploration,
  type ExplorationMeasure,
  type ExplorationResult,
  exploredVerdicts,
  type Npu,
  type Scenario,
} from '../../../design/index.ts';
import { pack } from '../../../protocol/index.ts';
import {
  ChipTables,
  capacity,
  type ExploredDesigns,
  explorationResult,
  exploreDesigns,
  simulateScenario,
} from '../../../simulator/index.ts';
import { stimpack } from '../hardware/fixtures.ts';
import { latencySlo, origin, poisson } from '../serving/fixtures.ts';
import { tinyModel, tinyScenario, tinyServe } from './fixtures.ts';

const small = tinyModel([128, 256]);

/** The values have no meaning. */
const energy: EnergyTable = {
  macJoules: { bf16: 6e-13, int8: 1e-13 },
  vectorOperationJoules: 1e-12,
  vmemJoulesPerByte: 1e-12,
  cmemJoulesPerByte: 2e-12,
  hbmJoulesPerByte: 4e-11,
  quantizeJoulesPerElement: 2e-13,
  staticWatts: 50,
};

function scenario(bandwidth: number, rate: number): Scenario {
  return tinyScenario({
    npu: { ...stimpack, energy, hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: bandwidth } },
    serves: [tinyServe({ model: small, arrivals: poisson(rate) })],
    duration: { kind: 'requests', count: 1500 },
  });
}

const bandwidths = [2e9, 20e9, 600e9];
const rates = [1000, 40_000, 80_000, 400_000];

function exploration(...goals: readonly (readonly ['maximize' | 'minimize', ExplorationMeasure])[]): Exploration {
  const axis = (path: string, values: readonly number[]) => ({
    path,
    origin,
    values: values.map((value) => ({ text: String(value), value })),
  });
  return {
    name: 'E',
    origin,
    scenario: 'S',
    axes: [axis('N.HBM.bandwidth', bandwidths), axis('rate', rates)],
    goals: goals.map(([sense, measure]) => ({ sense, measure, origin })),
  };
}

/** The last axis changes fastest. One combination is not a valid design. */
function candidate(design: number): CandidateDesign {
  if (design === 5) return { kind: 'problem', message: 'no such chip' };
  const bandwidth = bandwidths[Math.floor(design / rates.length)] ?? 0;
  return { kind: 'scenario', scenario: scenario(bandwidth, rates[design % rates.length] ?? 0) };
}

const count = bandwidths.length * rates.length;
const all = Array.from({ length: count }, (_, design) => design);

function tried(of: Exploration, designs: readonly number[], tables = new ChipTables()): ExploredDesigns {
  const found = exploreDesigns(
    of.goals,
    designs.map((design) => ({ design, candidate: candidate(design) })),
    { keep: tables.keep },
  );
  if (found === undefined) throw new Error('the exploration was cancelled');
  return found;
}

function bytes(result: ExplorationResult): string {
  const { tree, buffer } = pack(result);
  return `${JSON.stringify(tree)} ${Buffer.from(buffer).toString('base64')}`;
}

const verdicts = (result: ExplorationResult) => [...result.verdicts].map((verdict) => exploredVerdicts[verdict]);

describe('an exploration', () => {
  const energetic = exploration(['minimize', 'latency'], ['maximize', 'throughput'], ['minimize', 'energy']);
  const whole = tried(energetic, all);
  const result = explorationResult(energetic, 6, [whole]);

  test('has the same row for a design as a single run of it', () => {
    for (const design of [0, 6, 11]) {
      const made = candidate(design);
      const run = made.kind === 'scenario' ? simulateScenario(made.scenario)?.main : undefined;
      const serve = run?.serves[0];
      expect(result.measures.map((column) => column[design])).toEqual([
        serve?.latency.p99,
        serve?.completedRps,
        serve?.energyJoulesPerRequest,
      ]);
      expect(verdicts(result)[design]).toBe(serve?.slos[0]?.verdict);
    }
  });

  test('numbers designs with the last axis fastest', () => {
    expect(result.choices.map((column) => [...column])).toEqual([
      [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
      [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3],
    ]);
    expect([result.count, result.tried, result.asWritten]).toEqual([12, 12, 6]);
  });

  test('reports a combination that is not a design and excludes it from the front', () => {
    expect(result.problems).toEqual([{ design: 5, message: 'no such chip' }]);
    expect(verdicts(result)[5]).toBe('unbuilt');
    expect(result.front[5]).toBe(0);
    expect(result.measures.every((column) => Number.isNaN(column[5]))).toBe(true);
  });

  test('excludes a design from the front if it violates an objective and another one does not', () => {
    expect(verdicts(result)).toContain('violated');
    expect(verdicts(result)).toContain('met');
    expect([...result.front].filter((one) => one === 1).length).toBeGreaterThan(1);
    for (const [design, verdict] of verdicts(result).entries())
      if (verdict === 'violated') expect(result.front[design]).toBe(0);
    const overloaded = explorationResult(energetic, -1, [tried(energetic, [3, 7])]);
    expect(verdicts(overloaded)[3]).toBe('violated');
    expect([...overloaded.front].includes(1)).toBe(true);
  });

  test('has the same bytes for each distribution of its designs', () => {
    const deal = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: count, maxLength: count });
    const order = fc.shuffledSubarray(all, { minLength: count, maxLength: count });
    const expected = bytes(result);
    fc.assert(
      fc.property(deal, order, (shards, shuffled) => {
        const parts = [0, 1, 2].map((shard) =>
          tried(
            energetic,
            shuffled.filter((design) => shards[design] === shard),
          ),
        );
        expect(bytes(explorationResult(energetic, 6, parts.reverse()))).toBe(expected);
      }),
      { numRuns: 6 },
    );
  });

  test('contains the rows of the tried designs', () => {
    const half = explorationResult(energetic, 6, [tried(energetic, [2, 9])]);
    expect([half.tried, half.problems]).toEqual([2, []]);
    expect(all.filter((design) => verdicts(half)[design] !== 'unbuilt')).toEqual([2, 9]);
  });

  test('ends when it is cancelled, and reports its progress', () => {
    const told: number[] = [];
    const designs = all.map((design) => ({ design, candidate: candidate(design) }));
    const isCancelled = () => told.length >= 3;
    expect(exploreDesigns(energetic.goals, designs, { isCancelled, onProgress: (n) => told.push(n) })).toBeUndefined();
    expect(told).toEqual([1, 2, 3]);
  });
});

describe('the capacity of a design', () => {
  const sought = exploration(['maximize', 'capacity']);

  test('equals that of a separate search within 2 %', () => {
    for (const design of [1, 9]) {
      const made = candidate(design);
      const exact = made.kind === 'scenario' ? capacity(made.scenario) : undefined;
      const found = explorationResult(sought, -1, [tried(sought, [design])]).measures[0]?.[design] ?? Number.NaN;
      const low = exact?.low?.offeredRps ?? Number.NaN;
      expect(found).toBeGreaterThan(low * 0.96);
      expect(found).toBeLessThanOrEqual((exact?.high?.offeredRps ?? Number.NaN) * 1.001);
    }
  });

  test('has one caveat if the search stops at its highest load', () => {
    const times = (count: number) => Float64Array.from({ length: count }, (_, i) => i);
    const traced = (count: number): CandidateDesign => {
      const arrivals = { kind: 'trace', path: 'x.csv', speedup: 1, timesSeconds: times(count), origin } as const;
      const slos = [latencySlo(0.5, 1)];
      return { kind: 'scenario', scenario: tinyScenario({ serves: [tinyServe({ model: small, arrivals, slos })] }) };
    };
    const designs = [3, 4].map((rows, design) => ({ design, candidate: traced(rows) }));
    const found = exploreDesigns(sought.goals, designs);
    expect(found?.caveats).toMatchObject([{ code: 'search-limit', effect: { kind: 'none' } }]);
    expect(found?.caveats[0]?.text).toContain('can be larger');
    expect([...(found?.measures[0] ?? [])].every((rps) => rps > 0)).toBe(true);
  });

  test('does not exist if no tried load meets all objectives, and has a caveat', () => {
    const slos = [latencySlo(0.99, 1e-9)];
    const strict = tinyScenario({
      serves: [tinyServe({ model: small, slos })],
      duration: { kind: 'requests', count: 500 },
    });
    const found = exploreDesigns(sought.goals, [{ design: 0, candidate: { kind: 'scenario', scenario: strict } }]);
    expect(found?.measures[0]?.[0]).toBeNaN();
    expect(found?.caveats).toMatchObject([{ code: 'search-limit', text: expect.stringContaining('smaller load') }]);
  });

  test('depends on the load as written only because of the grid', () => {
    const result = explorationResult(sought, -1, [tried(sought, [8, 9, 10, 11])]);
    const found = [8, 9, 10, 11].map((design) => result.measures[0]?.[design] ?? Number.NaN);
    expect(Math.max(...found) / Math.min(...found)).toBeLessThan(1.05);
  });
});

test('equal chips share their tables, whatever their names', () => {
  const tables = new ChipTables();
  const one = scenario(600e9, 1000);
  const other = { ...one, npu: structuredClone(one.npu) };
  expect(tables.keep(other).cache).toBe(tables.keep(one).cache);
  expect(tables.keep(scenario(601e9, 1000)).cache).not.toBe(tables.keep(one).cache);
});

describe('constraints', () => {
  const goals = exploration(['minimize', 'area'], ['minimize', 'chips'], ['minimize', 'power']).goals;
  const other = 1e-4;
  const npu = {
    ...stimpack,
    burst: null,
    energy,
    area: {
      mac: { bf16: 0 },
      vectorOperation: 0,
      vmemPerByte: 0,
      cmemPerByte: 0,
      phy: { area: 0, bandwidthBytesPerSecond: null },
      other,
    },
  };
  const design = (chips: number, chip: Npu = npu): CandidateDesign => ({
    kind: 'scenario',
    scenario: { ...tinyScenario({ npu: chip, serves: [tinyServe({ model: small, arrivals: poisson(1000) })] }), chips },
  });
  const limit = (measure: 'area' | 'power' | 'chips', value: number) => ({
    measure,
    limit: value,
    text: `${measure} <= it`,
    origin,
  });
  const explore = (candidates: readonly CandidateDesign[], ...constraints: readonly ReturnType<typeof limit>[]) => {
    const designs = candidates.map((candidate, at) => ({ design: at, candidate }));
    const found = exploreDesigns(goals, designs, { constraints });
    if (found === undefined) throw new Error('the exploration was cancelled');
    return found;
  };
  const unbuilt = exploredVerdicts.indexOf('unbuilt');

  test('area and chips are those of all chips', () => {
    const { measures } = explore([design(1), design(3)]);
    expect([...(measures[0] ?? [])]).toEqual([other, 3 * other]);
    expect([...(measures[1] ?? [])]).toEqual([1, 3]);
    // The static power of one more chip is 50 W.
    expect((measures[2]?.[1] ?? 0) - (measures[2]?.[0] ?? 0)).toBeCloseTo(100, 0);
  });

  test.each([
    ['area', 2 * other],
    ['chips', 2],
    ['power', 120],
  ] as const)('a limit of %s excludes the designs above it, and not the one at it', (measure, value) => {
    const found = explore([design(1), design(2), design(3)], limit(measure, value));
    expect(found.problems).toEqual([{ design: 2, message: `excluded by 'subject to ${measure} <= it'` }]);
    expect([...found.verdicts].map((verdict) => verdict === unbuilt)).toEqual([false, false, true]);
  });

  test('a design without a figure never counts as one that meets the limit', () => {
    const { area: _, ...noArea } = npu;
    const found = explore(
      [design(1, noArea), design(1, { ...npu, energy: null })],
      limit('area', 1),
      limit('power', 1e9),
    );
    expect(found.problems.map(({ message }) => message)).toEqual([
      `The area of npu '${npu.name}' is not known, so 'area <= it' cannot be checked: there is no figure for any part.`,
      `The power of npu '${npu.name}' is not known, so 'power <= it' cannot be checked.`,
    ]);
  });
});
