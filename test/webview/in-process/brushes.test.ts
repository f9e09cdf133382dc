import { expect, test } from 'vitest';
import { parseBrushes } from '../../../webview/model/sweep/brushes.ts';
import { dimensionsOf } from '../../../webview/model/sweep/designs.ts';
import { initialExploreView, parseExploreView, pickExplore } from '../../../webview/model/sweep/explore-view.ts';
import { hypervolume, pairFront } from '../../../webview/model/sweep/pair-front.ts';
import { explorationOf, explored, sizing } from '../fixture-exploration.ts';

/* Limits on the axes and goals of an exploration, and the hypervolume of its front. */

const result = explored(sizing);
const dimensions = dimensionsOf(sizing);

function designsWithin(brushes: Readonly<Record<string, readonly [number, number]>>): readonly number[] {
  const shown = pickExplore(sizing, result, dimensions, { ...initialExploreView, brushes });
  const order = Array.from(shown?.order ?? []);
  // Every plot that draws the other designs faintly reads `included`.
  expect(order.every((design) => shown?.included[design] === 1)).toBe(true);
  expect(shown?.included.reduce((sum, one) => sum + one, 0)).toBe(order.length);
  return order;
}

test('limits of axes and goals leave out the designs beyond them, ends included', () => {
  expect(designsWithin({}).length).toBe(27);
  // 64 MiB with 500 to 700 GB/s.
  expect(designsWithin({ axis0: [0, 0], axis1: [1, 3] })).toEqual([1, 2, 3]);
  const energy = result.measures[1] ?? new Float64Array();
  const [low = 0, high = 0] = [energy[3], energy[20]].map(Number).sort((a, b) => a - b);
  const within = [...energy.keys()].filter((design) => Number(energy[design]) >= low && Number(energy[design]) <= high);
  expect(designsWithin({ goal1: [low, high] })).toEqual(within);
  expect(within).toContain(3);
  expect(designsWithin({ goal1: [high, low] })).toEqual([]);
});

test('a design without a value is within no limit of this value', () => {
  const some = explored(sizing, { tried: 5 });
  const shown = pickExplore(sizing, some, dimensions, { ...initialExploreView, brushes: { goal0: [0, 1e12] } });
  expect(Array.from(shown?.order ?? [])).toEqual([0, 1, 3, 4]);
});

test('saved limits are restored, except those that are not pairs of numbers', () => {
  const saved = { axis0: [0, 1], axis1: [0], goal0: ['a', 1], goal1: null };
  expect(parseExploreView({ brushes: saved }).brushes).toEqual({ axis0: [0, 1] });
  expect([null, 3, undefined].map(parseBrushes)).toEqual([{}, {}, {}]);
});

test('the hypervolume is the share of the box of all values that the front dominates', () => {
  const square = explorationOf(
    'Square',
    [['Chip.size', ['1', '2', '3', '4']]],
    [
      ['maximize', 'capacity'],
      ['minimize', 'energy'],
    ],
  );
  const [, x, y] = dimensionsOf(square);
  if (x === undefined || y === undefined) throw new Error('the exploration has two goals');
  const volume = (capacities: readonly number[], energies: readonly number[]): number => {
    const of = {
      ...explored(square),
      measures: [Float64Array.from(capacities), Float64Array.from(energies)],
      verdicts: new Uint8Array(4),
    };
    return hypervolume(of, x, y, pairFront(of, x, y, [0, 1, 2, 3]));
  };
  // The corners (0, 0), (1, 1) of the box: its ends alone dominate nothing.
  expect(volume([0, 10, 0, 10], [1, 3, 1, 3])).toBe(0);
  // One design is the best in both goals.
  expect(volume([0, 10, 0, 0], [3, 1, 3, 3])).toBe(1);
  // At (0.5, 0.5) of the box, between its ends.
  expect(volume([0, 10, 5, 0], [1, 3, 2, 3])).toBeCloseTo(0.25, 12);
  expect(volume([0, 10, 5, 8], [1, 3, 2, 2.5])).toBeCloseTo(0.25 + 0.3 * 0.25, 12);
  expect(volume([5, 5, 5, 5], [1, 2, 3, 4])).toBeNaN();
});
