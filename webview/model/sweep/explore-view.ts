import type { Exploration, ExplorationResult } from '../../../protocol/index.ts';
import { type Brushes, isWithin, parseBrushes } from './brushes.ts';
import type { Dimension, Filter, Sort } from './designs.ts';
import { axesOf, filters, goalsOf, orderedDesigns } from './designs.ts';

/** How a person chose to display an exploration: keys of dimensions, null if the panel chooses. It outlives the page. */
export interface ExploreView {
  /** Axes of the scatter. */
  readonly x: string | null;
  readonly y: string | null;
  /** Axes and measure of the heat map. */
  readonly across: string | null;
  readonly down: string | null;
  readonly measure: string | null;
  /** For each axis that the heat map does not show: the index of its fixed value. */
  readonly fixed: Readonly<Record<string, number>>;
  readonly filter: Filter;
  readonly brushes: Brushes;
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
  brushes: {},
  sort: { key: null, descending: false },
};

/** Reads a saved view. Invalid parts get their initial value. */
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
    brushes: parseBrushes(kept.brushes),
    sort: { key: text(sort.key), descending: sort.descending === true },
  };
}

/** What the plots and the table of an exploration show. */
export interface ExploreShown {
  readonly exploration: Exploration;
  readonly dimensions: readonly Dimension[];
  readonly result: ExplorationResult;
  readonly view: ExploreView;
  /** The designs that pass the filter, sorted. */
  readonly order: Uint32Array;
  /** 1 for each design that passes. */
  readonly included: Uint8Array;
  /** Why a design is invalid. */
  readonly problems: ReadonlyMap<number, string>;
  readonly scatter: { readonly x: Dimension; readonly y: Dimension };
  /** `down` is absent if there is only one axis; `fixed` contains the other axes. */
  readonly heat: {
    readonly across: Dimension;
    readonly down: Dimension | undefined;
    readonly measure: Dimension;
    readonly fixed: readonly { readonly axis: Dimension; readonly choice: number }[];
  };
}

/** undefined if an exploration has no axis or no goal: then there is nothing to plot. */
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
  // Axes with the most values first: they show the most.
  const longest = axes.toSorted((a, b) => valuesOf(exploration, b) - valuesOf(exploration, a));
  const across = named(axes, view.across) ?? longest[0] ?? firstAxis;
  const down =
    axes.find((axis) => axis.key === view.down && axis !== across) ?? longest.find((axis) => axis !== across);
  const written = result.asWritten;
  const order = orderedDesigns(result, dimensions, view.filter, view.sort).filter((design) =>
    isWithin(result, dimensions, view.brushes, design),
  );
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
          // Start at the design as written.
          const start = written >= 0 ? axis.value(result, written) : 0;
          return { axis, choice: Math.min(view.fixed[axis.key] ?? start, valuesOf(exploration, axis) - 1) };
        }),
    },
  };
}

export function valuesOf(exploration: Exploration, axis: Dimension): number {
  return exploration.axes[axis.index]?.values.length ?? 0;
}

/** The number of the design with these choices: the last axis varies fastest. */
export function designAt(exploration: Exploration, choices: (axis: number) => number): number {
  return exploration.axes.reduce((design, axis, index) => design * axis.values.length + choices(index), 0);
}
