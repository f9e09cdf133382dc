import { describe, expect, test } from 'vitest';
import { type SearchKind, searchKinds } from '../../../design/index.ts';
import { type Choices, createSearch, type SearchAxis } from '../../../simulator/explore/search/index.ts';
import { Nsga2 } from '../../../simulator/explore/search/nsga2.ts';
import { SobolSequence } from '../../../simulator/explore/search/sobol.ts';
import { Seen } from '../../../simulator/explore/search/space.ts';
import { RandomStream } from '../../../simulator/serving/traffic/random.ts';
import { hypervolume } from './hypervolume.ts';

type Problem = (x: readonly number[]) => readonly number[];

/** E. Zitzler, K. Deb, L. Thiele, "Comparison of multiobjective evolutionary algorithms: empirical results", Evol. Comput. 8(2), 2000. */
const spread = (x: readonly number[]) => 1 + (9 * x.slice(1).reduce((sum, value) => sum + value, 0)) / (x.length - 1);
const zdt1: Problem = (x) => [x[0] ?? 0, spread(x) * (1 - Math.sqrt((x[0] ?? 0) / spread(x)))];
const zdt2: Problem = (x) => [x[0] ?? 0, spread(x) * (1 - ((x[0] ?? 0) / spread(x)) ** 2)];
const zdt3: Problem = ([first = 0, ...rest]) => {
  const g = spread([first, ...rest]);
  return [first, g * (1 - Math.sqrt(first / g) - (first / g) * Math.sin(10 * Math.PI * first))];
};
/** K. Deb, L. Thiele, M. Laumanns, E. Zitzler, "Scalable multi-objective optimization test problems", CEC 2002. Three goals. */
const dtlz2: Problem = ([a = 0, b = 0, ...rest]) => {
  const radius = 1 + rest.reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
  const [s, t] = [(a * Math.PI) / 2, (b * Math.PI) / 2];
  return [radius * Math.cos(s) * Math.cos(t), radius * Math.cos(s) * Math.sin(t), radius * Math.sin(s)];
};

const levels = 1001;
const axesOf = (count: number): readonly SearchAxis[] => Array(count).fill({ size: levels, isOrdered: true });
const pointOf = (choices: Choices): readonly number[] => choices.map((choice) => choice / (levels - 1));

/** The costs of all designs that a search tries. */
function tried(kind: SearchKind, problem: Problem, dimensions: number, budget: number, seed: number) {
  const search = createSearch(kind, axesOf(dimensions), budget, seed);
  const costs: (readonly number[])[] = [];
  for (let round = search.propose(); round.length > 0; round = search.propose()) {
    const results = round.map((choices) => ({ costs: problem(pointOf(choices)), penalty: 0 }));
    costs.push(...results.map((result) => result.costs));
    search.learn(results);
  }
  return costs;
}

describe('the hypervolume of a front', () => {
  test.each([
    [[[0.5, 0.5]], [1, 1], 0.25],
    [
      [
        [0, 1],
        [1, 0],
      ],
      [2, 2],
      3,
    ],
    [
      [
        [0.5, 0.5],
        [0.6, 0.6],
        [2, 0],
      ],
      [1, 1],
      0.25,
    ],
    [[[0, 0, 0]], [1, 2, 3], 6],
    [
      [
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
      ],
      [2, 2, 2],
      4,
    ],
  ])('of %j up to %j is %d', (points, reference, expected) => {
    expect(hypervolume(points, reference)).toBeCloseTo(expected, 12);
  });
});

/*
 * The exact hypervolumes of the true fronts, up to (1.1, 1.1) and (1.1, 1.1, 1.1): the integrals of 1.1 minus the front.
 * ZDT1: 1.21 - 1/3 - ... is computed below from the front itself, densely sampled.
 */
const dense = Array.from({ length: 20_001 }, (_, at) => at / 20_000);
const trueVolume = (front: (x: number) => number): number =>
  hypervolume(
    dense.map((x) => [x, front(x)]),
    [1.1, 1.1],
  );

describe('NSGA-II', () => {
  test.each([
    ['ZDT1', zdt1, trueVolume((x) => 1 - Math.sqrt(x)), 0.97],
    ['ZDT2', zdt2, trueVolume((x) => 1 - x * x), 0.95],
    ['ZDT3', zdt3, trueVolume((x) => 1 - Math.sqrt(x) - x * Math.sin(10 * Math.PI * x)), 0.95],
  ] as const)('finds most of the front of %s with ten variables in 4,000 designs', (_, problem, best, share) => {
    const found = hypervolume(tried('nsga2', problem, 10, 4000, 1), [1.1, 1.1]);
    const random = hypervolume(tried('random', problem, 10, 4000, 1), [1.1, 1.1]);
    expect(found / best).toBeGreaterThan(share);
    expect(found / best).toBeLessThanOrEqual(1.001);
    expect(random / best).toBeLessThan(0.6);
  });

  test('finds most of the front of DTLZ2, which has three goals', () => {
    // The volume outside of an eighth of the unit sphere.
    const best = 1.1 ** 3 - Math.PI / 6;
    const found = hypervolume(tried('nsga2', dtlz2, 7, 2000, 1), [1.1, 1.1, 1.1]);
    expect(found / best).toBeGreaterThan(0.85);
    expect(found / best).toBeLessThanOrEqual(1);
  });

  test('prefers designs without a penalty, whatever their costs', () => {
    const axes = [
      { size: 200, isOrdered: true },
      { size: 200, isOrdered: true },
    ];
    const search = new Nsga2(axes, 400, 1);
    let allowed = 0;
    let last: readonly Choices[] = [];
    for (let round = search.propose(); round.length > 0; round = search.propose()) {
      last = round;
      search.learn(round.map(([a = 0, b = 0]) => ({ costs: [a, b], penalty: a + b < 350 ? 1 : 0 })));
      allowed += round.filter(([a = 0, b = 0]) => a + b >= 350).length;
    }
    // At random, it would be one of 34.
    expect(allowed).toBeGreaterThan(120);
    expect(last.filter(([a = 0, b = 0]) => a + b >= 350).length / last.length).toBeGreaterThan(0.5);
  });
});

describe.each(searchKinds)('the search %s', (kind) => {
  const axes: readonly SearchAxis[] = [
    { size: 5, isOrdered: true },
    { size: 3, isOrdered: false },
    { size: 8, isOrdered: true },
  ];
  const designsOf = (budget: number, seed: number, of = axes): readonly Choices[] => {
    const search = createSearch(kind, of, budget, seed);
    const all: Choices[] = [];
    for (let round = search.propose(); round.length > 0; round = search.propose()) {
      all.push(...round);
      search.learn(round.map(([a = 0, b = 0, c = 0]) => ({ costs: [a + b, 7 - c], penalty: 0 })));
    }
    return all;
  };

  test('tries as many different designs as its budget, all of them in the space', () => {
    for (const budget of [1, 7, 50, 119]) {
      const designs = designsOf(budget, 3);
      expect(new Set(designs.map(String)).size).toBe(budget);
      for (const choices of designs)
        for (const [axis, choice] of choices.entries()) {
          expect(Number.isInteger(choice)).toBe(true);
          expect(choice).toBeGreaterThanOrEqual(0);
          expect(choice).toBeLessThan(axes[axis]?.size ?? 0);
        }
    }
  });

  test('tries a space that is smaller than its budget once', () => {
    expect(new Set(designsOf(500, 3).map(String)).size).toBe(120);
    expect(designsOf(500, 3).length).toBe(120);
    expect(designsOf(5, 3, [{ size: 1, isOrdered: true }])).toEqual([[0]]);
  });

  test('repeats itself with the same seed', () => {
    expect(designsOf(60, 3)).toEqual(designsOf(60, 3));
    if (kind !== 'sobol') expect(designsOf(60, 4)).not.toEqual(designsOf(60, 3));
  });
});

describe('the Sobol sequence', () => {
  test('has one of each 2^k points in each interval of length 2^-k, in every dimension', () => {
    const sequence = new SobolSequence(17);
    const points = Array.from({ length: 256 }, () => sequence.next());
    for (const count of [2, 16, 256])
      for (let dimension = 0; dimension < 17; dimension++) {
        const cells = points.slice(0, count).map((point) => Math.floor((point[dimension] ?? 0) * count));
        expect(new Set(cells).size).toBe(count);
      }
  });

  test('starts as published', () => {
    const sequence = new SobolSequence(3);
    expect(Array.from({ length: 4 }, () => sequence.next())).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
    ]);
  });
});

test('a random design that is taken is replaced by the next free one in the order of the space', () => {
  const axes = [3, 7, 5].map((size) => ({ size, isOrdered: true }));
  const [seen, random] = [new Seen(axes, 4), new RandomStream(4, 0)];
  const numberOf = (choices: readonly number[]): number =>
    choices.reduce((number, choice, axis) => number * (axes[axis]?.size ?? 1) + choice, 0);
  const taken = new Set<number>();
  for (let draws = 0; draws < 3 * 7 * 5; draws++) {
    let expected = numberOf(axes.map(({ size }) => Math.floor(random.uniform() * size)));
    while (taken.has(expected)) expected = (expected + 1) % (3 * 7 * 5);
    taken.add(expected);
    expect(numberOf(seen.draw())).toBe(expected);
  }
  expect(seen.isFull).toBe(true);
});
