import type { Exploration, ExplorationResult, Origin, Verdict } from '../../../protocol/index.ts';
import { exploredVerdicts, formatNumber, formatRate, goalMeasure, goalText } from '../../../protocol/index.ts';

/** One column of an exploration: an axis or a goal. */
export interface Dimension {
  /** `axis0`, `goal1`: does not change while the exploration is the same. */
  readonly key: string;
  readonly kind: 'axis' | 'goal';
  /** Index among the axes or the goals. */
  readonly index: number;
  /** `HBM.bandwidth`, `capacity`. */
  readonly title: string;
  /** Key of the exported column: the path as written, or the measure with its unit. */
  readonly exportKey: string;
  readonly origin: Origin;
  /** Whether higher or lower values are better; null for an axis. */
  readonly sense: 'maximize' | 'minimize' | null;
  /** For an axis, the index of the value. */
  readonly value: (result: ExplorationResult, design: number) => number;
  /** Without `digits`, a goal has the digits of its measure. An axis has the text of its source. */
  readonly text: (value: number, digits?: number) => string;
}

export function dimensionsOf(exploration: Exploration): readonly Dimension[] {
  const names = axisNames(exploration.axes.map(({ path }) => path));
  return [
    ...exploration.axes.map((axis, index): Dimension => {
      return {
        key: `axis${index}`,
        kind: 'axis',
        index,
        title: names[index] ?? axis.path,
        exportKey: axis.path,
        origin: axis.origin,
        sense: null,
        value: (result, design) => result.choices[index]?.[design] ?? 0,
        text: (value) => readable(axis.values[value]?.text ?? ''),
      };
    }),
    ...exploration.goals.map((goal, index): Dimension => {
      const { name, key } = goalMeasure(goal.measure);
      return {
        key: `goal${index}`,
        kind: 'goal',
        index,
        title: name,
        exportKey: key,
        origin: goal.origin,
        sense: goal.sense,
        value: (result, design) => result.measures[index]?.[design] ?? Number.NaN,
        text: (value, digits) => goalText(goal.measure, value, digits),
      };
    }),
  ];
}

/** A rate as written, with the same grouping of digits as measured rates: "15,000 rps". */
function readable(written: string): string {
  return /^\d+ rps$/.test(written) ? formatRate(Number.parseInt(written, 10)) : written;
}

/** Paths without the leading parts that all of them share, such as the name of the chip. */
function axisNames(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split('.'));
  let shared = 0;
  const [first = []] = parts;
  while (parts.every((each) => each.length > shared + 1 && each[shared] === first[shared])) shared++;
  // A single axis keeps its last two parts: `HBM.bandwidth`.
  const skip = parts.length === 1 ? Math.min(shared, Math.max(0, first.length - 2)) : shared;
  return parts.map((each) => each.slice(skip).join('.'));
}

export function axesOf(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.filter(({ kind }) => kind === 'axis');
}

export function goalsOf(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.filter(({ kind }) => kind === 'goal');
}

export type DesignVerdict = Verdict | 'unbuilt';

export function verdictOf(result: ExplorationResult, design: number): DesignVerdict {
  return exploredVerdicts[result.verdicts[design] ?? -1] ?? 'unbuilt';
}

/** The axis values of a design: "64 MiB, 400 GB/s". */
export function designText(result: ExplorationResult, dimensions: readonly Dimension[], design: number): string {
  return axesOf(dimensions)
    .map((axis) => {
      const text = axis.text(axis.value(result, design));
      // A number alone is unclear, so it gets its name: "count 4".
      return /^[\d.]+$/.test(text) ? `${axis.title.split('.').at(-1)} ${text}` : text;
    })
    .join(', ');
}

/** The goal values of a design: "12,100 rps, 3.1 mJ". */
export function measuresText(result: ExplorationResult, dimensions: readonly Dimension[], design: number): string {
  return goalsOf(dimensions)
    .map((goal) => goal.text(goal.value(result, design)))
    .join(', ');
}

/** Which designs are shown. */
export const filters = ['all', 'met', 'front'] as const;
export type Filter = (typeof filters)[number];

export function passes(result: ExplorationResult, design: number, filter: Filter): boolean {
  if (filter === 'met') return verdictOf(result, design) === 'met';
  if (filter === 'front') return result.front[design] === 1;
  // A search leaves most combinations out.
  return result.exploration.search === undefined || verdictOf(result, design) !== 'unbuilt';
}

export interface Sort {
  /** Key of a dimension; null: the order of the exploration. */
  readonly key: string | null;
  readonly descending: boolean;
}

/** The designs that pass the filter, sorted. Designs without a value come last in both directions. */
export function orderedDesigns(
  result: ExplorationResult,
  dimensions: readonly Dimension[],
  filter: Filter,
  sort: Sort,
): Uint32Array {
  const passing: number[] = [];
  for (let design = 0; design < result.count; design++) if (passes(result, design, filter)) passing.push(design);
  const dimension = dimensions.find(({ key }) => key === sort.key);
  if (dimension === undefined) return Uint32Array.from(passing);
  const sign = sort.descending ? -1 : 1;
  return Uint32Array.from(
    passing.toSorted((a, b) => {
      const [x, y] = [dimension.value(result, a), dimension.value(result, b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return sign * (x - y) || a - b;
    }),
  );
}

/** The lowest and the highest value; null if there are no values. */
export function rangeOf(
  result: ExplorationResult,
  dimension: Dimension,
): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let design = 0; design < result.count; design++) {
    const value = dimension.value(result, design);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? null : { low, high };
}

/** Whether `a` is better than `b` in a goal. */
export function isBetter(goal: Dimension, a: number, b: number): boolean {
  return goal.sense === 'minimize' ? a < b : a > b;
}

/** "3 designs". */
export function countText(count: number, noun: string): string {
  return `${formatNumber(count, 9)} ${noun}${count === 1 ? '' : 's'}`;
}
