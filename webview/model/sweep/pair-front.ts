import type { ExplorationResult } from '../../../protocol/index.ts';
import type { Dimension } from './designs.ts';
import { isBetter, rangeOf, verdictOf } from './designs.ts';

/**
 * The designs that no other design beats in two goals, ascending along the first. Only among the given designs: the front of the whole exploration
 * counts all goals, and is not a line in two of them. As there, a design that violates an objective beats no design that meets all of them.
 */
export function pairFront(
  result: ExplorationResult,
  x: Dimension,
  y: Dimension,
  designs: ArrayLike<number>,
): readonly number[] {
  const measured = Array.from(designs).filter(
    (design) => Number.isFinite(x.value(result, design)) && Number.isFinite(y.value(result, design)),
  );
  const keeping = measured.filter((design) => verdictOf(result, design) !== 'violated');
  const contenders = keeping.length > 0 ? keeping : measured;
  // The best along x first. Of equal ones, the better along y.
  const sorted = contenders.toSorted((a, b) => {
    const [xa, xb] = [x.value(result, a), x.value(result, b)];
    if (xa !== xb) return isBetter(x, xa, xb) ? -1 : 1;
    const [ya, yb] = [y.value(result, a), y.value(result, b)];
    return ya === yb ? a - b : isBetter(y, ya, yb) ? -1 : 1;
  });
  const front: number[] = [];
  let best: number | undefined;
  for (const design of sorted) {
    const value = y.value(result, design);
    const last = front.at(-1);
    // Equal designs are on the front together.
    const isEqual = last !== undefined && value === best && x.value(result, design) === x.value(result, last);
    if (best !== undefined && !isBetter(y, value, best) && !isEqual) continue;
    best = value;
    front.push(design);
  }
  return front.toSorted((a, b) => x.value(result, a) - x.value(result, b));
}

/** The line around the designs that the front beats. Between two neighbours, its corner has the worse value of both coordinates. */
export function frontSteps(
  result: ExplorationResult,
  x: Dimension,
  y: Dimension,
  front: readonly number[],
): readonly { readonly x: number; readonly y: number }[] {
  return front.flatMap((design, i) => {
    const here = { x: x.value(result, design), y: y.value(result, design) };
    const next = front[i + 1];
    if (next === undefined) return [here];
    const there = { x: x.value(result, next), y: y.value(result, next) };
    const corner = {
      x: isBetter(x, here.x, there.x) ? there.x : here.x,
      y: isBetter(y, here.y, there.y) ? there.y : here.y,
    };
    return [here, corner];
  });
}

/**
 * The share of the box around all values of two goals that the designs of a front dominate: its hypervolume, 0 to 1. A new
 * design that enlarges the box can make it smaller. NaN without a box.
 *
 * @param front ascending along `x`.
 */
export function hypervolume(result: ExplorationResult, x: Dimension, y: Dimension, front: readonly number[]): number {
  const [across, up] = [goodness(result, x), goodness(result, y)];
  if (across === undefined || up === undefined) return Number.NaN;
  const corners = front.map((design) => [across(design), up(design)] as const).sort((a, b) => b[0] - a[0]);
  let area = 0;
  let height = 0;
  for (const [width, own] of corners) {
    area += width * Math.max(0, own - height);
    height = Math.max(height, own);
  }
  return area;
}

/** 1 for the best value of a goal, 0 for the worst one. */
function goodness(result: ExplorationResult, goal: Dimension): ((design: number) => number) | undefined {
  const range = rangeOf(result, goal);
  if (range === null || range.high === range.low) return undefined;
  const { low, high } = range;
  const share = (design: number): number => (goal.value(result, design) - low) / (high - low);
  return goal.sense === 'minimize' ? (design) => 1 - share(design) : share;
}
