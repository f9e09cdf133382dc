import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paretoFront } from '../../../simulator/explore/pareto.ts';

/** The front by its definition, from comparisons of all pairs. */
function frontByDefinition(columns: readonly Float64Array[], eligible: Uint8Array): number[] {
  const points = [...eligible.keys()].filter((point) => eligible[point] === 1);
  const at = (column: Float64Array, point: number): number => column[point] ?? Number.NaN;
  const beats = (a: number, b: number): boolean =>
    columns.every((column) => at(column, a) >= at(column, b)) &&
    columns.some((column) => at(column, a) > at(column, b));
  return points.filter((point) => !points.some((other) => beats(other, point)));
}

const front = (columns: readonly Float64Array[], eligible: Uint8Array): number[] =>
  [...paretoFront(columns, eligible).entries()].flatMap(([point, one]) => (one === 1 ? [point] : []));

/** Few different values, so that points are equal in one or in all columns. */
const points = fc.integer({ min: 1, max: 4 }).chain((goals) =>
  fc
    .array(
      fc.record({
        values: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: goals, maxLength: goals }),
        in: fc.boolean(),
      }),
      {
        maxLength: 40,
      },
    )
    .map((rows) => ({
      columns: Array.from({ length: goals }, (_, goal) => Float64Array.from(rows, ({ values }) => values[goal] ?? 0)),
      eligible: Uint8Array.from(rows, (row) => (row.in ? 1 : 0)),
    })),
);

describe('the Pareto front', () => {
  test('contains the points that no other point beats, for any number of goals', () => {
    fc.assert(
      fc.property(points, ({ columns, eligible }) => {
        expect(front(columns, eligible)).toEqual(frontByDefinition(columns, eligible));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['nothing', [[]], []],
    ['one goal: the best point and the points equal to it', [[1, 3, 2, 3]], [1, 3]],
    [
      'two goals: a point that is equal in one goal and worse in the other is not in the front',
      [
        [1, 1, 0],
        [2, 1, 2],
      ],
      [0],
    ],
    [
      'two goals: all points of a trade-off are in the front',
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      [0, 1, 2],
    ],
  ] as const)('%s', (_, columns, expected) => {
    const typed = columns.map((column) => Float64Array.from(column));
    expect(front(typed, new Uint8Array(columns[0].length).fill(1))).toEqual(expected);
  });
});
