import type { ChartDataset, Plugin, Point } from 'chart.js';
import type { Palette } from '../theme.ts';
import type { TimeWindow } from '../view-state.ts';
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
  /** How buckets that share a pixel become one point; `mean` where absent. */
  readonly merge?: Merge;
  /** Fill down to zero in this colour, or between the line and a value where the line is above it, or below. */
  readonly fill?: { readonly color: string; readonly above?: number; readonly below?: number };
}

export interface TimePlot {
  readonly lines: readonly TimeLine[];
  readonly bucketSeconds: number;
  readonly window: TimeWindow;
  readonly format: (value: number) => string;
  /** Where the largest value in sight is above this, the axis is logarithmic: a linear one would hide what is small. */
  readonly logarithmicAbove?: number;
  readonly suggestedMax?: number;
  /** A scale that does not begin at zero: for what moves by little of itself. */
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
  /** What one point stands for: a bucket, or several where they would not be told apart. */
  readonly pointSeconds: () => number;
}

/** `regrouped` is called when another width may have changed what a point stands for. */
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
  /** New points only where the window or the width asks for coarser or finer ones. */
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
        format: plot.format,
        logarithmic: top > (plot.logarithmicAbove ?? Number.POSITIVE_INFINITY),
        // Its ends are seldom round.
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

/** Of the buckets that a window touches and their neighbours: inside one bucket there is no point, only a line on its way. */
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
  // A point between two empty places has no line to stand on.
  const lonely = (i: number) => Number.isNaN(values[i - 1] ?? Number.NaN) && Number.isNaN(values[i + 1] ?? Number.NaN);
  return {
    data: points,
    borderColor: line.color,
    backgroundColor: line.color,
    borderWidth: line.width,
    borderDash: [...(line.dash ?? [])],
    borderJoinStyle: 'round',
    // One radius for all where it can be: radii of their own make the chart resolve options point by point, which costs the frame.
    pointRadius: values.some((value, i) => !Number.isNaN(value) && lonely(i))
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
