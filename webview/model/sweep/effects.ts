import type { ExplorationResult } from '../../../protocol/index.ts';
import { axesOf, type Dimension } from './designs.ts';

/*
 * How much of the differences between designs comes from each axis, and from two axes together. These are the main effects and the two-way
 * interactions of an analysis of variance (D. C. Montgomery, "Design and Analysis of Experiments", chapter 5). With all combinations of the axes,
 * the shares of axes and pairs add up to at most 1. A search tries only some of them, so its shares are estimates.
 */

/** The effect of one axis, or of two. */
export interface Effect {
  /** One axis: its main effect. Two: what they change together, in addition to what each changes alone. */
  readonly axes: readonly Dimension[];
  /** The share of the variance of a goal, from 0 to 1. NaN if the goal has the same value in all designs, or none. */
  readonly share: number;
  /** Of one axis: the index of its value with the lowest and with the highest mean, and these means. */
  readonly ends: { readonly lowest: MeanAt; readonly highest: MeanAt } | null;
}

export interface MeanAt {
  readonly choice: number;
  readonly mean: number;
}

/** The effects on a goal: those of each axis, then those of each pair of axes. Designs without a value do not count. */
export function effectsOn(
  goal: Dimension,
  result: ExplorationResult,
  dimensions: readonly Dimension[],
): readonly Effect[] {
  const axes = axesOf(dimensions);
  const designs: number[] = [];
  let sum = 0;
  for (let design = 0; design < result.count; design++) {
    const value = goal.value(result, design);
    if (!Number.isFinite(value)) continue;
    designs.push(design);
    sum += value;
  }
  const mean = sum / designs.length;
  let total = 0;
  for (const design of designs) total += (goal.value(result, design) - mean) ** 2;
  const sizeOf = ({ index }: Dimension) => result.exploration.axes[index]?.values.length ?? 1;
  const groups = (size: number, groupOf: (design: number) => number) => {
    const sums = new Float64Array(size);
    const counts = new Float64Array(size);
    for (const design of designs) {
      const group = groupOf(design);
      sums[group] = (sums[group] ?? 0) + goal.value(result, design);
      counts[group] = (counts[group] ?? 0) + 1;
    }
    const means = sums.map((each, group) => each / (counts[group] ?? 0));
    let between = 0;
    for (const [group, each] of means.entries())
      if (!Number.isNaN(each)) between += (counts[group] ?? 0) * (each - mean) ** 2;
    return { means, share: total > 0 ? between / total : Number.NaN };
  };
  const alone = axes.map((axis) => groups(sizeOf(axis), (design) => axis.value(result, design)));
  const main = axes.map((axis, at): Effect => {
    const { means = new Float64Array(), share = Number.NaN } = alone[at] ?? {};
    return { axes: [axis], share, ends: endsOf(means) };
  });
  const pairs = axes.flatMap((first, at) =>
    axes.slice(at + 1).map((second, after): Effect => {
      const size = sizeOf(second);
      const { share } = groups(
        sizeOf(first) * size,
        (design) => first.value(result, design) * size + second.value(result, design),
      );
      const own = (alone[at]?.share ?? 0) + (alone[at + 1 + after]?.share ?? 0);
      return { axes: [first, second], share: Math.max(0, share - own), ends: null };
    }),
  );
  return [...main, ...pairs];
}

function endsOf(means: Float64Array): Effect['ends'] {
  let lowest: MeanAt | null = null;
  let highest: MeanAt | null = null;
  for (const [choice, mean] of means.entries()) {
    if (Number.isNaN(mean)) continue;
    if (lowest === null || mean < lowest.mean) lowest = { choice, mean };
    if (highest === null || mean > highest.mean) highest = { choice, mean };
  }
  return lowest === null || highest === null ? null : { lowest, highest };
}
