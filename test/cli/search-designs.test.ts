import { describe, expect, test } from 'vitest';
import { readSearch, searchDesigns, searchOf } from '../../cli/search-designs.ts';
import type { Exploration } from '../../design/index.ts';
import type { ExploredDesigns } from '../../simulator/index.ts';

const origin = { uri: 'file:///e.npu', start: 0, end: 0 };
const stated = { kind: 'nsga2', budget: 12, seed: 7 } as const;
const exploration: Exploration = {
  name: 'E',
  scenario: 'S',
  origin,
  axes: [0, 1].map((axis) => ({
    path: `a${axis}`,
    origin,
    values: Array.from({ length: 10 }, (_, value) => ({ text: `${value}`, value })),
  })),
  goals: [{ sense: 'minimize', measure: 'latency', origin }],
};

function chosen(options: Readonly<Record<string, string>>, ofFile?: Exploration['search']) {
  const written = readSearch(new Map(Object.entries(options)));
  if ('code' in written) return written.message;
  const search = searchOf(written, { name: 'E', ...(ofFile === undefined ? {} : { search: ofFile }) });
  return search !== undefined && 'code' in search ? search.message : search;
}

describe('the search of an exploration', () => {
  test.each([
    ['all designs without any', {}, undefined, undefined],
    ['that of the file', {}, stated, stated],
    ['with another budget', { budget: '30' }, stated, { ...stated, budget: 30 }],
    ['with another seed', { seed: '2' }, stated, { ...stated, seed: 2 }],
    ['with another kind', { search: 'sobol' }, stated, { ...stated, kind: 'sobol' }],
    ['that of the command line', { search: 'random', budget: '5' }, undefined, { kind: 'random', budget: 5, seed: 1 }],
    ['all designs in spite of the file', { search: 'grid' }, stated, undefined],
    ['all designs of a shard in spite of the file', { search: 'grid', shard: '1/2' }, stated, undefined],
    ['all designs of a shard', { shard: '1/2' }, undefined, undefined],
    [
      'an error without a budget',
      { search: 'random' },
      undefined,
      "'--search' needs '--budget N' with the number of designs to try",
    ],
    ['an error for no number', { budget: 'x' }, stated, "'--budget' must be the number of designs to try, not 'x'"],
    ['an error for half a seed', { seed: '0.5' }, stated, "'--seed' must be a whole number, not '0.5'"],
    [
      'an error for a budget alone',
      { budget: '5' },
      undefined,
      "'--budget' needs '--search', or a 'search' in exploration 'E'",
    ],
    [
      'an error for a budget of a grid',
      { search: 'grid', budget: '5' },
      stated,
      "'--budget' needs '--search', or a 'search' in exploration 'E'",
    ],
    [
      'an error for a shard of it',
      { shard: '1/2' },
      stated,
      "the 'search' of exploration 'E' chooses designs from the results so far and cannot be combined with '--shard'; '--search grid' tries all designs",
    ],
  ] as const)('is %s', (_, options, ofFile, expected) => {
    expect(chosen(options, ofFile)).toEqual(expected);
  });
});

/** A latency with its minimum at design 34. */
function results(designs: readonly number[]): ExploredDesigns {
  return {
    designs: Uint32Array.from(designs),
    measures: [Float64Array.from(designs, (design) => 1 + Math.abs(design - 34))],
    verdicts: new Uint8Array(designs.length),
    problems: [],
    caveats: [],
    statedInputs: [],
  };
}

test.each(['random', 'sobol', 'nsga2'] as const)(
  '%s tries its budget, each design once, and continues an earlier run',
  async (kind) => {
    const search = { kind, budget: 40, seed: 1 };
    const all: number[] = [];
    await searchDesigns(exploration, search, results([]), async (designs) => {
      all.push(...designs);
      return results(designs);
    });
    expect([all.length, new Set(all).size]).toEqual([40, 40]);
    const earlier = results(all.slice(0, 25));
    const tried: number[] = [];
    await searchDesigns(exploration, search, earlier, async (designs) => {
      tried.push(...designs);
      return results(designs);
    });
    expect(tried).toEqual(all.slice(25));
  },
);

test('a search that was stopped within a round proposes no further one', async () => {
  const rounds: number[] = [];
  await searchDesigns(exploration, { kind: 'nsga2', budget: 60, seed: 1 }, results([]), async (designs) => {
    rounds.push(designs.length);
    return results(designs.slice(0, rounds.length === 1 ? designs.length : 1));
  });
  expect(rounds.length).toBe(2);
});
