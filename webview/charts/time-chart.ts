import type { ChartDataset, Plugin, Point } from 'chart.js';
import type { Palette } from '../theme.ts';
import type { TimeWindow } from '../view-state.ts';
import { rightMargin, timeAxis, valueAxis } from './axes.ts';
import type { Limit } from './limits.ts';
import { limitsPlugin, limitsState } from './limits.ts';
import { Chart } from './registry.ts';

/** One line over the buckets of a run. */
export interface TimeLine {
  readonly values: ArrayLike<number>;
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly stepped?: boolean;
  /** Fill down to zero in this colour, or between the line and a value where the line is above it. */
  readonly fill?: { readonly color: string; readonly above?: number };
}

export interface TimePlot {
  readonly lines: readonly TimeLine[];
  readonly bucketSeconds: number;
  readonly window: TimeWindow;
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
  readonly suggestedMax?: number;
  readonly limits: readonly Limit[];
  readonly warmupSeconds: number;
  readonly palette: Palette;
}

/** A chart over time whose window moves without new data. */
export interface TimeChart {
  readonly chart: Chart;
  readonly draw: (plot: TimePlot) => void;
  readonly move: (palette: Palette, window: TimeWindow) => void;
  readonly destroy: () => void;
}

export function createTimeChart(canvas: HTMLCanvasElement, plugins: readonly Plugin[] = []): TimeChart {
  const limits = limitsState();
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: { parsing: false, normalized: true, layout: { padding: { right: rightMargin, top: 8 } } },
    plugins: [limitsPlugin(limits), ...plugins],
  });
  return {
    chart,
    draw: (plot) => {
      limits.limits = plot.limits;
      limits.warmupSeconds = plot.warmupSeconds;
      limits.palette = plot.palette;
      chart.data.datasets = plot.lines.map((line) => dataset(line, plot));
      chart.options.scales = {
        x: timeAxis(plot.palette, plot.window),
        y: valueAxis({
          palette: plot.palette,
          format: plot.format,
          logarithmic: plot.logarithmic ?? false,
          ...(plot.suggestedMax === undefined ? {} : { suggestedMax: plot.suggestedMax }),
        }),
      };
      chart.update('none');
    },
    move: (palette, window) => {
      chart.options.scales = { ...chart.options.scales, x: timeAxis(palette, window) };
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

function dataset(line: TimeLine, plot: TimePlot): ChartDataset<'line', Point[]> {
  const { values } = line;
  const points: Point[] = Array.from(values, (y, bucket) => ({ x: (bucket + 0.5) * plot.bucketSeconds, y }));
  // A bucket between two empty ones has no line to stand on.
  const lonely = (bucket: number) =>
    Number.isNaN(values[bucket - 1] ?? Number.NaN) && Number.isNaN(values[bucket + 1] ?? Number.NaN);
  return {
    data: points,
    borderColor: line.color,
    backgroundColor: line.color,
    borderWidth: line.width,
    borderDash: [...(line.dash ?? [])],
    borderJoinStyle: 'round',
    stepped: line.stepped === true ? 'middle' : false,
    pointRadius: points.map((_, bucket) => (lonely(bucket) ? 1.5 : 0)),
    pointBorderWidth: 0,
    ...(line.fill === undefined
      ? { fill: false }
      : line.fill.above === undefined
        ? { fill: { target: 'origin', above: line.fill.color } }
        : { fill: { target: { value: line.fill.above }, above: line.fill.color, below: 'rgba(0, 0, 0, 0)' } }),
  };
}
