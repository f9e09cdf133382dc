import type { Exploration, ExplorationMeasure, ExplorationResult, Origin, Verdict } from '../../protocol/index.ts';
import {
  exploredVerdicts,
  formatNumber,
  formatPercent,
  formatPercentileSeconds,
  formatQuantity,
  formatRate,
} from '../../protocol/index.ts';

/** One column of a sweep: what varies, or what is sought. Plots and table show designs along these. */
export interface Dimension {
  /** `axis0`, `goal1`: stable while the exploration is the same. */
  readonly key: string;
  readonly kind: 'axis' | 'goal';
  /** Which of the axes or goals. */
  readonly index: number;
  /** `HBM.bandwidth`, `capacity`. */
  readonly title: string;
  /** In exported columns: the path as it is written, or the measure with its unit. */
  readonly exportKey: string;
  readonly origin: Origin;
  /** Whether more is better; of a goal only. */
  readonly sense: 'maximize' | 'minimize' | null;
  /** Of an axis the number of the value, counted from 0: as far apart as they are written. */
  readonly value: (result: ExplorationResult, design: number) => number;
  readonly text: (value: number) => string;
}

const measures: Readonly<
  Record<ExplorationMeasure, { readonly title: string; readonly key: string; readonly text: (value: number) => string }>
> = {
  capacity: { title: 'capacity', key: 'capacityRps', text: (value) => formatRate(value) },
  latency: { title: 'p99 latency', key: 'p99LatencySeconds', text: (value) => formatPercentileSeconds(value) },
  throughput: { title: 'throughput', key: 'throughputRps', text: (value) => formatRate(value) },
  goodput: { title: 'goodput', key: 'goodputRps', text: (value) => formatRate(value) },
  accuracy: { title: 'accuracy', key: 'accuracy', text: (value) => formatPercent(value, 4) },
  energy: { title: 'energy', key: 'energyJoulesPerRequest', text: (value) => formatQuantity(value, 'J') },
  power: { title: 'power', key: 'powerWatts', text: (value) => formatQuantity(value, 'W') },
};

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
      const { title, key, text } = measures[goal.measure];
      return {
        key: `goal${index}`,
        kind: 'goal',
        index,
        title,
        exportKey: key,
        origin: goal.origin,
        sense: goal.sense,
        value: (result, design) => result.measures[index]?.[design] ?? Number.NaN,
        text,
      };
    }),
  ];
}

/** A rate as it is written is grouped as those beside it that were measured: "15,000 rps". */
function readable(written: string): string {
  return /^\d+ rps$/.test(written) ? formatRate(Number.parseInt(written, 10)) : written;
}

/** Without the leading parts that all of them share: of one chip its name says nothing. */
function axisNames(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split('.'));
  let shared = 0;
  const [first = []] = parts;
  while (parts.every((each) => each.length > shared + 1 && each[shared] === first[shared])) shared++;
  // Of a single axis the last two parts: `HBM.bandwidth`.
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

/** Its values: "64 MiB, 400 GB/s". */
export function designText(result: ExplorationResult, dimensions: readonly Dimension[], design: number): string {
  return axesOf(dimensions)
    .map((axis) => {
      const text = axis.text(axis.value(result, design));
      // A bare number says nothing: "count 4".
      return /^[\d.]+$/.test(text) ? `${axis.title.split('.').at(-1)} ${text}` : text;
    })
    .join(', ');
}

/** What it measures: "12,100 rps, 3.1 mJ". */
export function measuresText(result: ExplorationResult, dimensions: readonly Dimension[], design: number): string {
  return goalsOf(dimensions)
    .map((goal) => goal.text(goal.value(result, design)))
    .join(', ');
}

/** Which designs are looked at. */
export const filters = ['all', 'met', 'front'] as const;
export type Filter = (typeof filters)[number];

export function passes(result: ExplorationResult, design: number, filter: Filter): boolean {
  if (filter === 'met') return verdictOf(result, design) === 'met';
  return filter === 'all' || result.front[design] === 1;
}

export interface Sort {
  /** Key of a dimension; null: in the order of the sweep. */
  readonly key: string | null;
  readonly descending: boolean;
}

/** The designs that pass, in order; what was not measured comes last either way. */
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

/** Of what is measured; null where nothing is. */
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
