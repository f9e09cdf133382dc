import type { ChartDataset, Plugin, Point } from 'chart.js';
import type { TimeWindow } from '../../model/view-state.ts';
import type { Palette } from '../theme.ts';
import { axisWidth, rightMargin, timeAxis, valueAxis } from './axes.ts';
import { drawFitted } from './draw-fitted.ts';
import type { Limit } from './limits.ts';
import { limitsPlugin, limitsState } from './limits.ts';
import { Chart } from './registry.ts';
import type { Merge } from './thinning.ts';
import { groupSize, mergeBuckets } from './thinning.ts';

/** One line over the buckets of a run. */
export interface TimeLine {
  readonly values: ArrayLike<number>;
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
  /** How several buckets become one point; `mean` if absent. */
  readonly merge?: Merge;
  /** Only marks at the points that have a value. */
  readonly isMarks?: true;
  /** Fills the area down to zero, or between the line and a value while the line is above or below it. */
  readonly fill?: { readonly color: string; readonly above?: number; readonly below?: number };
}

export interface TimePlot {
  /** The title of the value axis. */
  readonly title: string;
  readonly lines: readonly TimeLine[];
  readonly bucketSeconds: number;
  readonly window: TimeWindow;
  readonly format: (value: number) => string;
  /** If the largest visible value is above this, the axis is logarithmic, because a linear one would hide small values. */
  readonly logarithmicAbove?: number;
  readonly suggestedMax?: number;
  /** A scale that does not start at zero, for values that change by small fractions. */
  readonly between?: { readonly low: number; readonly high: number };
  readonly limits: readonly Limit[];
  readonly warmupSeconds: number;
  readonly palette: Palette;
}

/** A chart over time whose window moves without new data. */
export interface TimeChart {
  readonly chart: Chart;
  readonly draw: (plot: TimePlot) => void;
  readonly move: (palette: Palette, window: TimeWindow) => void;
  /** The time that one point represents: a bucket, or several if they are too narrow. */
  readonly pointSeconds: () => number;
}

/** `regrouped` is called when another width may have changed how many buckets a point represents. */
export function createTimeChart(
  canvas: HTMLCanvasElement,
  regrouped: () => void = () => undefined,
  more: readonly Plugin[] = [],
): TimeChart {
  const limits = limitsState();
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: { parsing: false, normalized: true, layout: { padding: { right: rightMargin, top: 8 } } },
    plugins: [limitsPlugin(limits), ...more],
  });
  let drawn: TimePlot | undefined;
  let shownWindow: TimeWindow = { startSeconds: 0, endSeconds: 1 };
  let group = 0;
  /** Computes new points only if the window or the width requires coarser or finer ones. */
  const points = (force: boolean) => {
    if (drawn === undefined) return;
    const plot = drawn;
    const pixels = Math.max(1, chart.width - axisWidth - rightMargin);
    const size = groupSize(plot.bucketSeconds, shownWindow.endSeconds - shownWindow.startSeconds, pixels);
    if (size === group && !force) return;
    group = size;
    chart.data.datasets = plot.lines.map((line) => dataset(line, plot.bucketSeconds, size));
  };
  // The chart updates itself after this.
  chart.options.onResize = () => {
    points(false);
    regrouped();
  };
  const scale = (plot: TimePlot, palette: Palette, window: TimeWindow, force: boolean) => {
    shownWindow = window;
    points(force);
    const top = largestIn(plot, window);
    chart.options.scales = {
      x: timeAxis(palette, window),
      y: valueAxis({
        palette,
        title: plot.title,
        format: plot.format,
        logarithmic: top > (plot.logarithmicAbove ?? Number.POSITIVE_INFINITY),
        // The ends of such a scale are rarely round numbers.
        ...(plot.between === undefined
          ? { suggestedMax: Math.max(plot.suggestedMax ?? 0, top * 1.05) }
          : { min: plot.between.low, max: plot.between.high }),
      }),
    };
    drawFitted(chart);
  };
  return {
    chart,
    draw: (plot) => {
      drawn = plot;
      limits.limits = plot.limits;
      limits.warmupSeconds = plot.warmupSeconds;
      limits.palette = plot.palette;
      scale(plot, plot.palette, plot.window, true);
    },
    move: (palette, window) => {
      if (drawn !== undefined) scale(drawn, palette, window, false);
    },
    pointSeconds: () => (drawn?.bucketSeconds ?? 0) * group,
  };
}

/** The largest value in a window, including the buckets next to it: a window within one bucket shows only the line between its neighbours. */
function largestIn({ lines, bucketSeconds }: TimePlot, window: TimeWindow): number {
  const first = Math.max(0, Math.floor(window.startSeconds / bucketSeconds) - 1);
  const last = Math.ceil(window.endSeconds / bucketSeconds);
  let largest = 0;
  for (const { values } of lines) {
    for (let bucket = first; bucket <= last && bucket < values.length; bucket++) {
      const value = values[bucket] ?? 0;
      if (value > largest) largest = value;
    }
  }
  return largest;
}

function dataset(line: TimeLine, bucketSeconds: number, size: number): ChartDataset<'line', Point[]> {
  const values = mergeBuckets(line.values, size, line.merge ?? 'mean');
  const points: Point[] = Array.from(values, (y, i) => ({ x: (i + 0.5) * size * bucketSeconds, y }));
  // A point between two gaps has no line, so it needs a dot.
  const lonely = (i: number) => Number.isNaN(values[i - 1] ?? Number.NaN) && Number.isNaN(values[i + 1] ?? Number.NaN);
  return {
    data: points,
    borderColor: line.color,
    backgroundColor: line.color,
    borderWidth: line.width,
    borderDash: [...(line.dash ?? [])],
    borderJoinStyle: 'round',
    // One radius for all points if possible: separate radii make the chart resolve options for each point, which is too slow for a frame.
    ...(line.isMarks === true ? { pointStyle: 'triangle' as const, showLine: false } : {}),
    pointRadius:
      line.isMarks === true
        ? 4
        : values.some((value, i) => !Number.isNaN(value) && lonely(i))
          ? points.map((_, i) => (lonely(i) ? 1.5 : 0))
          : 0,
    pointBorderWidth: 0,
    ...(line.fill === undefined
      ? { fill: false }
      : line.fill.below !== undefined
        ? { fill: { target: { value: line.fill.below }, below: line.fill.color, above: 'rgba(0, 0, 0, 0)' } }
        : line.fill.above === undefined
          ? { fill: { target: 'origin', above: line.fill.color } }
          : { fill: { target: { value: line.fill.above }, above: line.fill.color, below: 'rgba(0, 0, 0, 0)' } }),
  };
}
