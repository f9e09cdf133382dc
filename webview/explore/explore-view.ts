import type { Exploration, ExplorationResult } from '../../protocol/index.ts';
import type { Dimension, Filter, Sort } from './designs.ts';
import { axesOf, filters, goalsOf, orderedDesigns } from './designs.ts';

/** What the person chose to look at of a sweep; keys of dimensions, null where the panel chooses. It outlives the page. */
export interface ExploreView {
  /** Axes of the scatter. */
  readonly x: string | null;
  readonly y: string | null;
  /** Axes and measure of the heat map. */
  readonly across: string | null;
  readonly down: string | null;
  readonly measure: string | null;
  /** Of the axes that the heat map does not draw: which of their values. */
  readonly fixed: Readonly<Record<string, number>>;
  readonly filter: Filter;
  readonly sort: Sort;
}

export const initialExploreView: ExploreView = {
  x: null,
  y: null,
  across: null,
  down: null,
  measure: null,
  fixed: {},
  filter: 'all',
  sort: { key: null, descending: false },
};

/** What does not fit gives the initial choice. */
export function parseExploreView(value: unknown): ExploreView {
  if (typeof value !== 'object' || value === null) return initialExploreView;
  const kept = value as Partial<Record<keyof ExploreView, unknown>>;
  const text = (each: unknown) => (typeof each === 'string' ? each : null);
  const sort = (kept.sort ?? {}) as { readonly key?: unknown; readonly descending?: unknown };
  const fixed = typeof kept.fixed === 'object' && kept.fixed !== null ? Object.entries(kept.fixed) : [];
  return {
    x: text(kept.x),
    y: text(kept.y),
    across: text(kept.across),
    down: text(kept.down),
    measure: text(kept.measure),
    fixed: Object.fromEntries(fixed.filter(([, at]) => Number.isInteger(at) && (at as number) >= 0)),
    filter: filters.find((filter) => filter === kept.filter) ?? 'all',
    sort: { key: text(sort.key), descending: sort.descending === true },
  };
}

/** A sweep as the plots and the table draw it, with everything looked up. */
export interface ExploreShown {
  readonly exploration: Exploration;
  readonly dimensions: readonly Dimension[];
  readonly result: ExplorationResult;
  readonly view: ExploreView;
  /** The designs that pass the filter, as they are sorted. */
  readonly order: Uint32Array;
  /** 1 for each design that passes. */
  readonly included: Uint8Array;
  /** Why a design makes no chip. */
  readonly problems: ReadonlyMap<number, string>;
  readonly scatter: { readonly x: Dimension; readonly y: Dimension };
  /** `down` is absent where one axis varies; `fixed` holds the other axes. */
  readonly heat: {
    readonly across: Dimension;
    readonly down: Dimension | undefined;
    readonly measure: Dimension;
    readonly fixed: readonly { readonly axis: Dimension; readonly choice: number }[];
  };
}

/** undefined where a sweep varies or seeks nothing: there is no plot of that. */
export function pickExplore(
  exploration: Exploration,
  result: ExplorationResult,
  dimensions: readonly Dimension[],
  view: ExploreView,
): ExploreShown | undefined {
  const axes = axesOf(dimensions);
  const goals = goalsOf(dimensions);
  const [firstAxis] = axes;
  const [firstGoal, secondGoal] = goals;
  if (firstAxis === undefined || firstGoal === undefined) return undefined;
  const named = (among: readonly Dimension[], key: string | null) => among.find((each) => each.key === key);
  const x = named(dimensions, view.x) ?? (secondGoal === undefined ? firstAxis : firstGoal);
  const y = named(goals, view.y) ?? goals.find((goal) => goal !== x) ?? firstGoal;
  // Those with the most values: along them there is the most to see.
  const longest = axes.toSorted((a, b) => valuesOf(exploration, b) - valuesOf(exploration, a));
  const across = named(axes, view.across) ?? longest[0] ?? firstAxis;
  const down =
    axes.find((axis) => axis.key === view.down && axis !== across) ?? longest.find((axis) => axis !== across);
  const written = result.asWritten;
  const order = orderedDesigns(result, dimensions, view.filter, view.sort);
  const included = new Uint8Array(result.count);
  for (const design of order) included[design] = 1;
  return {
    exploration,
    dimensions,
    result,
    view,
    order,
    included,
    problems: new Map(result.problems.map(({ design, message }) => [design, message])),
    scatter: { x, y },
    heat: {
      across,
      down,
      measure: named(goals, view.measure) ?? firstGoal,
      fixed: axes
        .filter((axis) => axis !== across && axis !== down)
        .map((axis) => {
          // The design as it is written shows what the others change.
          const start = written >= 0 ? axis.value(result, written) : 0;
          return { axis, choice: Math.min(view.fixed[axis.key] ?? start, valuesOf(exploration, axis) - 1) };
        }),
    },
  };
}

export function valuesOf(exploration: Exploration, axis: Dimension): number {
  return exploration.axes[axis.index]?.values.length ?? 0;
}

/** The number of the design with these choices: the last axis runs fastest. */
export function designAt(exploration: Exploration, choices: (axis: number) => number): number {
  return exploration.axes.reduce((design, axis, index) => design * axis.values.length + choices(index), 0);
}
