import type { Origin } from '../../../protocol/index.ts';
import { formatSeconds } from '../../../protocol/index.ts';
import type { Actions } from '../../model/actions.ts';
import type { Buckets } from '../../model/buckets.ts';
import { bucketAt, bucketSecondsAt } from '../../model/buckets.ts';
import { lateAfter } from '../../model/request-life.ts';
import type { Shown } from '../../model/shown.ts';
import { lateIn, wholeName } from '../../model/shown.ts';
import type { TableColumn, TableData } from '../../model/table.ts';
import { type BucketSpan, bucketsIn, singleBucket } from '../../model/time-span.ts';
import { timeText } from '../../text/time-text.ts';
import type { RequestMarksState } from '../charts/request-marks.ts';
import { requestMarks, requestUnder } from '../charts/request-marks.ts';
import type { TimeChart, TimePlot } from '../charts/time-chart.ts';
import { createTimeChart } from '../charts/time-chart.ts';
import type { Palette } from '../theme.ts';
import { createCrosshair } from './crosshair.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import { bindTimeGestures, timeKeys } from './gestures.ts';
import type { LegendEntry } from './legend.ts';

/** What distinguishes one plot over time from another. */
export interface TimeFigureSpec {
  readonly id: string;
  readonly title: string;
  readonly plot: (
    shown: Shown,
    palette: Palette,
  ) => Omit<TimePlot, 'window' | 'palette' | 'warmupSeconds' | 'bucketSeconds'>;
  /** The buckets of the plot, if they are not those of the run. If it returns undefined, the run has no such values and the plot is hidden. */
  readonly buckets?: (shown: Shown) => Buckets | undefined;
  /** The values of some buckets, or of the whole run if it is null. */
  readonly legend: (shown: Shown, span: BucketSpan | null) => readonly LegendEntry[];
  /** The main result of the whole run, or of some buckets. */
  readonly finding: (shown: Shown, span: BucketSpan | null) => string;
  readonly columns: readonly (TableColumn & { readonly at: (shown: Shown, bucket: number) => number })[];
  /** Whether single requests are drawn if they are known, so that a click on one shows its details. */
  readonly showsRequests?: true;
  /** The place in the source that the plot belongs to. */
  readonly origin: (shown: Shown) => Origin;
}

export function createTimeFigure(spec: TimeFigureSpec, actions: Actions, exportsOf: ExportsOf): Figure {
  let shown: Shown | undefined;
  let cursor: number | null = null;
  const reveal = () => {
    if (shown !== undefined) actions.reveal(spec.origin(shown));
  };
  const table = (): TableData => (shown === undefined ? emptyTable : bucketTable(spec, shown));
  const frame: Frame = createFrame(exportsOf, {
    id: spec.id,
    title: spec.title,
    keys: timeKeys,
    exports: { name: spec.id, chart: () => chart.chart, table, reveal },
  });
  const marks: RequestMarksState = { shown: undefined, palette: undefined };
  const plugins = spec.showsRequests === true ? [requestMarks(marks)] : [];
  const chart: TimeChart = createTimeChart(frame.canvas, () => readOut(), plugins);
  const crosshair = createCrosshair(frame.plot);
  const area = () => chart.chart.chartArea ?? { left: 0, right: 0 };
  bindTimeGestures(
    {
      plot: frame.plot,
      area,
      step: (from, direction) => {
        if (shown === undefined) return from;
        const grain = grainOf(spec, shown);
        const bucket = bucketAt(grain, from) + direction;
        return bucketSecondsAt(grain, Math.min(grain.buckets - 1, Math.max(0, bucket)));
      },
      choose: (seconds, point) => {
        const request = point === undefined ? undefined : requestOf(seconds, point);
        if (request === undefined) reveal();
        else actions.showRequest(request);
      },
    },
    actions,
  );
  /** The request that a click selects: the mark under it, or above the limit, the slowest request of that time. */
  const requestOf = (seconds: number, point: { readonly x: number; readonly y: number }) => {
    if (shown === undefined || spec.showsRequests !== true) return undefined;
    const under = requestUnder(chart.chart, shown, point);
    if (under !== undefined) return under;
    const limit = lateAfter(shown);
    const level = limit === undefined ? undefined : chart.chart.scales.y?.getPixelForValue(limit);
    if (level === undefined || point.y > level - 3 || !actions.hasHost) return undefined;
    const { startSeconds, endSeconds } = shown.window;
    const pixel = (endSeconds - startSeconds) / Math.max(1, area().right - area().left);
    const bucket = shown.run.series.bucketSeconds;
    const reach = Math.max(bucket, 3 * pixel);
    const first = bucketAt(shown.run.series, seconds - reach);
    const last = bucketAt(shown.run.series, seconds + reach);
    for (let b = first; b <= last; b++) {
      if (lateIn(shown.serve, b) > 0) return { startSeconds: first * bucket, endSeconds: (last + 1) * bucket };
    }
    return undefined;
  };
  const readOut = () => {
    if (shown === undefined) return;
    const grain = grainOf(spec, shown);
    const bucket = cursor === null ? null : bucketAt(grain, cursor);
    const part = shown.span === undefined ? null : bucketsIn(grain, shown.span);
    const described = bucket === null ? part : singleBucket(bucket);
    const entries = spec.legend(shown, described);
    const span = grain.bucketSeconds;
    const context =
      described === null
        ? wholeRun(shown, chart.pointSeconds(), span)
        : `${timeText(described.first * span, span)} to ${timeText((described.last + 1) * span, span)}`;
    frame.setLegend(context, entries);
    crosshair.place(cursor, shown, area());
    if (bucket !== null && document.activeElement === frame.plot) {
      actions.readOut(`${context}: ${entries.map((entry) => `${entry.label} ${entry.text}`).join(', ')}`);
    }
  };
  const describe = (next: Shown) => {
    frame.setFinding(spec.finding(next, next.span === undefined ? null : bucketsIn(grainOf(spec, next), next.span)));
  };
  // The contents list the plot once it is known that the run has such values.
  frame.element.hidden = spec.buckets !== undefined;
  return {
    element: frame.element,
    show: (next, palette) => {
      frame.element.hidden = spec.buckets !== undefined && spec.buckets(next) === undefined;
      shown = frame.element.hidden ? undefined : next;
      if (shown === undefined) return;
      marks.shown = next;
      marks.palette = palette;
      chart.draw({
        ...spec.plot(next, palette),
        bucketSeconds: grainOf(spec, next).bucketSeconds,
        window: next.window,
        palette,
        warmupSeconds: next.run.warmupSeconds,
      });
      describe(next);
      frame.setTable(table);
      readOut();
    },
    move: (next, palette) => {
      if (shown === undefined) return;
      if (shown.span !== next.span) describe(next);
      shown = next;
      marks.shown = next;
      marks.palette = palette;
      chart.move(palette, next.window);
      readOut();
    },
    point: (seconds) => {
      cursor = seconds;
      readOut();
    },
  };
}

function grainOf(spec: TimeFigureSpec, shown: Shown): Buckets {
  return spec.buckets?.(shown) ?? shown.run.series;
}

function wholeRun(shown: Shown, pointSeconds: number, bucketSeconds: number): string {
  const name = wholeName(shown);
  return pointSeconds > bucketSeconds ? `${name}, ${formatSeconds(pointSeconds)} per point` : name;
}

const emptyTable: TableData = { caption: '', columns: [], rows: [] };

function bucketTable(spec: TimeFigureSpec, shown: Shown): TableData {
  const { buckets, bucketSeconds } = grainOf(spec, shown);
  const rows = Array.from({ length: buckets }, (_, bucket) => [
    bucket * bucketSeconds,
    ...spec.columns.map((column) => column.at(shown, bucket)),
  ]);
  return {
    caption: `${spec.title} of ${shown.serve.name} in ${shown.scenario.scenario}, ${formatSeconds(bucketSeconds)} per row`,
    columns: [
      { title: 'From', key: 'startSeconds', format: (value) => timeText(value, bucketSeconds) },
      ...spec.columns,
    ],
    rows,
  };
}
