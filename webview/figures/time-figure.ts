import type { Origin } from '../../protocol/index.ts';
import { formatSeconds } from '../../protocol/index.ts';
import type { Actions } from '../actions.ts';
import type { TimeChart, TimePlot } from '../charts/time-chart.ts';
import { createTimeChart } from '../charts/time-chart.ts';
import { chartExports } from '../export.ts';
import type { Shown } from '../shown.ts';
import { bucketAt, bucketSecondsAt } from '../shown.ts';
import type { TableColumn, TableData } from '../table.ts';
import { timeText } from '../text/time-text.ts';
import type { Palette } from '../theme.ts';
import { createCrosshair } from './crosshair.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import { bindTimeGestures, timeKeys } from './gestures.ts';
import type { LegendEntry } from './legend.ts';

/** What tells one plot over buckets from another. */
export interface TimeFigureSpec {
  readonly id: string;
  readonly title: string;
  readonly plot: (
    shown: Shown,
    palette: Palette,
  ) => Omit<TimePlot, 'window' | 'palette' | 'warmupSeconds' | 'bucketSeconds'>;
  /** Values of a bucket; of the whole run where it is null. */
  readonly legend: (shown: Shown, bucket: number | null) => readonly LegendEntry[];
  readonly finding: (shown: Shown) => string;
  readonly columns: readonly (TableColumn & { readonly at: (shown: Shown, bucket: number) => number })[];
  /** Where that which the plot shows was written. */
  readonly origin: (shown: Shown) => Origin;
}

export function createTimeFigure(spec: TimeFigureSpec, actions: Actions): Figure {
  let shown: Shown | undefined;
  let cursor: number | null = null;
  const reveal = () => {
    if (shown !== undefined) actions.reveal(spec.origin(shown));
  };
  const table = (): TableData => (shown === undefined ? emptyTable : bucketTable(spec, shown));
  const frame: Frame = createFrame({
    id: spec.id,
    title: spec.title,
    keys: timeKeys,
    exports: chartExports(
      { name: spec.id, chart: () => chart.chart, text: () => frame.pictureText(), table, reveal },
      actions,
    ),
  });
  const chart: TimeChart = createTimeChart(frame.canvas, () => readOut());
  const crosshair = createCrosshair(frame.plot);
  const area = () => chart.chart.chartArea ?? { left: 0, right: 0 };
  bindTimeGestures(
    {
      plot: frame.plot,
      area,
      step: (from, direction) => {
        if (shown === undefined) return from;
        const bucket = bucketAt(shown.run, from) + direction;
        return bucketSecondsAt(shown.run, Math.min(shown.run.series.buckets - 1, Math.max(0, bucket)));
      },
      choose: reveal,
    },
    actions,
  );
  const readOut = () => {
    if (shown === undefined) return;
    const bucket = cursor === null ? null : bucketAt(shown.run, cursor);
    const entries = spec.legend(shown, bucket);
    const span = shown.run.series.bucketSeconds;
    const context =
      bucket === null
        ? wholeRun(chart.pointSeconds(), span)
        : `${timeText(bucket * span, span)} to ${timeText((bucket + 1) * span, span)}`;
    frame.setLegend(context, entries);
    crosshair.place(cursor, shown.window, area());
    if (bucket !== null && document.activeElement === frame.plot) {
      actions.announce(`${context}: ${entries.map((entry) => `${entry.label} ${entry.text}`).join(', ')}`);
    }
  };
  return {
    element: frame.element,
    show: (next, palette) => {
      shown = next;
      chart.draw({
        ...spec.plot(next, palette),
        bucketSeconds: next.run.series.bucketSeconds,
        window: next.window,
        palette,
        warmupSeconds: next.run.warmupSeconds,
      });
      frame.setFinding(spec.finding(next));
      frame.setTable(table);
      readOut();
    },
    move: (next, palette) => {
      shown = next;
      chart.move(palette, next.window);
      readOut();
    },
    point: (seconds) => {
      cursor = seconds;
      readOut();
    },
  };
}

function wholeRun(pointSeconds: number, bucketSeconds: number): string {
  return pointSeconds > bucketSeconds ? `whole run, ${formatSeconds(pointSeconds)} a point` : 'whole run';
}

const emptyTable: TableData = { caption: '', columns: [], rows: [] };

function bucketTable(spec: TimeFigureSpec, shown: Shown): TableData {
  const { run } = shown;
  const rows = Array.from({ length: run.series.buckets }, (_, bucket) => [
    bucket * run.series.bucketSeconds,
    ...spec.columns.map((column) => column.at(shown, bucket)),
  ]);
  return {
    caption: `${spec.title} of ${shown.serve.name} in ${shown.scenario.scenario}, ${formatSeconds(run.series.bucketSeconds)} a row`,
    columns: [
      { title: 'From', key: 'startSeconds', format: (value) => timeText(value, run.series.bucketSeconds) },
      ...spec.columns,
    ],
    rows,
  };
}
