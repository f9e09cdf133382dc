import type { Point } from 'chart.js';
import { formatNumber, formatPercent } from '../../protocol/index.ts';
import { createPicker } from '../elements/picker.ts';
import type { Actions } from '../model/actions.ts';
import { designTable } from '../model/sweep/design-table.ts';
import type { DesignVerdict, Dimension } from '../model/sweep/designs.ts';
import { goalsOf, verdictOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import { frontSteps, hypervolume, pairFront } from '../model/sweep/pair-front.ts';
import type { TableData } from '../model/table.ts';
import { axisWidth, rightMargin, valueAxis } from '../plots/charts/axes.ts';
import { drawFitted } from '../plots/charts/draw-fitted.ts';
import { Chart } from '../plots/charts/registry.ts';
import type { ExportsOf } from '../plots/figures/exportable.ts';
import type { Frame } from '../plots/figures/frame.ts';
import { createFrame } from '../plots/figures/frame.ts';
import type { LegendEntry } from '../plots/figures/legend.ts';
import type { Palette } from '../plots/theme.ts';
import { withAlpha } from '../plots/theme.ts';
import { scatterFinding } from '../text/explore-findings.ts';
import type { MarkedVerdict } from './design-marks.ts';
import { designMarks } from './design-marks.ts';
import type { ExploreActions, ExploreFigure } from './explore-figure.ts';
import { addPickers, designKeys, dimensionOption } from './pickers.ts';
import { asWrittenPlugin } from './scatter-marks.ts';
import { createSpot } from './spot.ts';
import type { PlacedDesign } from './steps.ts';
import { bindDesignSteps, nearestDesign } from './steps.ts';

/** Every design as a point in the plane of two goals. Steps connect the front. A cross violates an objective. */
export function createScatter(actions: Actions, explore: ExploreActions, exportsOf: ExportsOf): ExploreFigure {
  let shown: ExploreShown | undefined;
  let palette: Palette | undefined;
  let front: readonly number[] = [];
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.scatter.y.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'pareto',
    title: 'Trade-off',
    keys: designKeys,
    exports: {
      name: 'trade-off',
      chart: () => chart,
      table: () => (shown === undefined ? emptyTable : designTable(shown, shown.order, 'Designs')),
      reveal,
    },
  });
  const across = createPicker('across', 'pareto-x', (key) => explore.change({ x: key }));
  const up = createPicker('up', 'pareto-y', (key) => explore.change({ y: key }));
  addPickers(frame, across, up);
  const spot = createSpot(frame.plot, 'spot');
  const chart: Chart = new Chart(frame.canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: {
      parsing: false,
      normalized: true,
      layout: { padding: { right: rightMargin, top: 10 } },
      // The position of a design is known after the chart has been drawn at its new size.
      onResize: () => requestAnimationFrame(() => point(explore.pointed())),
    },
    plugins: [asWrittenPlugin(() => ({ shown, palette }))],
  });
  const place = (design: number): PlacedDesign | undefined => {
    const { x, y } = chart.scales;
    if (shown === undefined || x === undefined || y === undefined) return undefined;
    const left = x.getPixelForValue(shown.scatter.x.value(shown.result, design));
    const top = y.getPixelForValue(shown.scatter.y.value(shown.result, design));
    return Number.isFinite(left) && Number.isFinite(top) ? { left, top } : undefined;
  };
  bindDesignSteps(
    {
      plot: frame.plot,
      order: (direction) => {
        if (shown === undefined) return [];
        const { result, scatter } = shown;
        const along = direction === 'across' ? scatter.x : scatter.y;
        const placed = Array.from(shown.order).filter((design) => place(design) !== undefined);
        return placed.toSorted((a, b) => along.value(result, a) - along.value(result, b) || a - b);
      },
      under: (left, top) => (shown === undefined ? null : nearestDesign(shown.order, place, left, top)),
      choose: (design) => {
        const [axis] = shown?.dimensions ?? [];
        if (axis !== undefined) explore.choose(design, axis.origin);
      },
    },
    explore,
  );
  const point = (design: number | null) => spot(design === null ? undefined : place(design));
  return {
    element: frame.element,
    point,
    show: (next, nextPalette) => {
      shown = next;
      palette = nextPalette;
      const { result, scatter } = next;
      const both = scatter.x.kind === 'goal' && scatter.x !== scatter.y;
      front = both ? pairFront(result, scatter.x, scatter.y, next.order) : [];
      const volume = both ? hypervolume(result, scatter.x, scatter.y, front) : Number.NaN;
      const covers = Number.isNaN(volume)
        ? ''
        : ` The front covers ${formatPercent(volume)} of the plotted values (hypervolume).`;
      frame.setFinding(`${scatterFinding(next)}${covers}`);
      across.set(next.dimensions.filter((dimension) => dimension !== scatter.y).map(dimensionOption), scatter.x.key);
      up.set(
        goalsOf(next.dimensions)
          .filter((goal) => goal !== scatter.x)
          .map(dimensionOption),
        scatter.y.key,
      );
      drawScatter(chart, next, front, nextPalette);
      frame.setLegend('', legendOf(next, front));
      const listed = front.length > 0 ? front : Array.from(next.order).slice(0, shortTable);
      frame.setTable(() => designTable(next, listed, front.length > 0 ? 'Designs on the front' : 'The first designs'));
    },
  };
}

const emptyTable: TableData = { caption: '', columns: [], rows: [] };

/** The table of designs below shows all of them. */
const shortTable = 100;

/** Not the front over all goals, which the filter button counts: the steps connect the front of the two goals of this plot. */
const frontLabel = 'on the front of these two goals';

type DesignMark = 'met' | 'violated' | 'undecided' | 'front';

function legendOf(shown: ExploreShown, front: readonly number[]): readonly LegendEntry[] {
  const counts: Record<DesignVerdict, number> = { met: 0, violated: 0, undecided: 0, unbuilt: 0 };
  for (const design of shown.order) counts[verdictOf(shown.result, design)]++;
  const entry = (key: DesignMark, label: string, value: number): LegendEntry => {
    return { key, label, swatch: `design-${key}` as const, value, text: formatNumber(value, 9) };
  };
  return [
    entry('met', 'met', counts.met),
    ...(counts.violated > 0 ? [entry('violated', 'violated', counts.violated)] : []),
    ...(counts.undecided > 0 ? [entry('undecided', 'undecided', counts.undecided)] : []),
    ...(front.length > 0 ? [entry('front', frontLabel, front.length)] : []),
    ...(shown.result.asWritten >= 0
      ? [{ key: 'written', label: 'as written', swatch: 'design-written' as const, text: '' }]
      : []),
  ];
}

function drawScatter(chart: Chart, shown: ExploreShown, front: readonly number[], palette: Palette): void {
  const { result, included, scatter } = shown;
  const points: Record<MarkedVerdict | 'rest', Point[]> = { met: [], undecided: [], violated: [], rest: [] };
  for (let design = 0; design < result.count; design++) {
    const verdict = verdictOf(result, design);
    const point = { x: scatter.x.value(result, design), y: scatter.y.value(result, design) };
    if (verdict === 'unbuilt' || Number.isNaN(point.x + point.y)) continue;
    points[included[design] === 1 ? verdict : 'rest'].push(point);
  }
  const faint = withAlpha(palette.muted, 0.35);
  // The first dataset is on top.
  const steps = [...frontSteps(result, scatter.x, scatter.y, front)];
  chart.data.datasets = [
    { data: steps, showLine: true, borderColor: palette.text, borderWidth: 1.5, pointRadius: 0 },
    // A rim in the background's colour, so that the line stays visible among thousands of points.
    {
      data: result.count > 300 ? steps : [],
      showLine: true,
      borderColor: palette.background,
      borderWidth: 3,
      pointRadius: 0,
    },
    ...designMarks(points, result.count, palette),
    { data: points.rest, pointRadius: 1.5, pointBorderWidth: 0, pointBackgroundColor: faint, pointBorderColor: faint },
  ];
  const x = dimensionAxis(shown, scatter.x, palette);
  chart.options.scales = {
    x: { ...x, position: 'bottom', afterFit: () => undefined },
    y: { ...dimensionAxis(shown, scatter.y, palette), position: 'left', afterFit: leaveRoom },
  };
  drawFitted(chart);
}

/** At least as wide as other axes, and wider if close values need many digits. */
function leaveRoom(scale: { width: number }): void {
  scale.width = Math.max(scale.width, axisWidth);
}

/** A goal has a scale that contains all of its values. It need not start at zero, because differences matter. An axis lists its values. */
function dimensionAxis(shown: ExploreShown, dimension: Dimension, palette: Palette) {
  const { result } = shown;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let design = 0; design < result.count; design++) {
    const value = dimension.value(result, design);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const better =
    dimension.sense === null ? '' : `, ${dimension.sense === 'maximize' ? 'higher is better' : 'lower is better'}`;
  const title = `${dimension.title}${better}`;
  if (dimension.kind === 'axis') {
    const axis = valueAxis({ palette, title, format: (value) => dimension.text(value) });
    return {
      ...axis,
      min: -0.4,
      max: high + 0.4,
      ticks: {
        ...axis.ticks,
        stepSize: 1,
        includeBounds: false,
        callback: (value: number | string) => (Number.isInteger(Number(value)) ? dimension.text(Number(value)) : ''),
      },
    };
  }
  const logarithmic = low > 0 && high / low > 40;
  const axis = valueAxis({ palette, title, logarithmic, format: dimension.text });
  if (low > high) return axis;
  if (logarithmic) return { ...axis, min: low / 1.15, max: high * 1.15 };
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.05 || 1;
  return {
    ...axis,
    // Below zero as well, so that a mark at 0 rps is not cut.
    min: low - room,
    max: high + room,
    ticks: { ...axis.ticks, includeBounds: false },
  };
}
