import type { RunFigures, ServeFigures } from '../../../protocol/index.ts';
import { formatPercent, formatPercentileSeconds, formatSeconds, percentileName } from '../../../protocol/index.ts';
import type { Actions } from '../../model/actions.ts';
import type { Shown } from '../../model/shown.ts';
import { latencyOutcomes } from '../../model/shown.ts';
import type { TableData } from '../../model/table.ts';
import { distributionFinding } from '../../text/findings.ts';
import { isRound, rightMargin, valueAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import { limitsPlugin, limitsState } from '../charts/limits.ts';
import { Chart } from '../charts/registry.ts';
import { lineDashes } from '../line-dashes.ts';
import type { Palette } from '../theme.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import { bindSteps, stepKeys } from './steps.ts';

/** The percentiles that arrow keys step through and the table lists. */
const stops = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];

/** The lines of the runs, in order: the run that is drawn is solid. */
const lines = ['line', 'dash', 'dot', 'dashdot', 'sparse'] as const;

/** The share of slower requests in orders of magnitude: 0.9 is 1, 0.99 is 2. Objectives concern the tail, so it gets most of the axis. */
function tailOf(fraction: number): number {
  return -Math.log10(Math.max(1e-9, 1 - fraction));
}

interface Curve {
  readonly label: string;
  readonly serve: ServeFigures;
}

/** The shown run first, then the runs that it is compared with, if they have the same serve. */
function curvesOf({ scenario, run, serve, earlier }: Shown): readonly Curve[] {
  const others = [scenario.main, ...scenario.variants].filter((other) => other !== run);
  const runs: readonly RunFigures[] = [run, ...others, ...earlier];
  return runs.flatMap((each) => {
    const same = each.serves.find((candidate) => candidate.name === serve.name);
    return same === undefined ? [] : [{ label: each.label, serve: same }];
  });
}

/** The latency that a fraction of the requests stays within. */
function latencyAt({ distribution, latency }: ServeFigures, fraction: number): number {
  // The curve is coarser than the measured percentiles. The page must show the same p99 everywhere.
  const exact = new Map([
    [0.5, latency.p50],
    [0.9, latency.p90],
    [0.95, latency.p95],
    [0.99, latency.p99],
    [0.999, latency.p999],
  ]).get(fraction);
  if (exact !== undefined) return exact;
  const { seconds, fraction: fractions } = distribution;
  let low = 0;
  let high = fractions.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((fractions[middle] ?? 1) >= fraction - 1e-12) high = middle;
    else low = middle + 1;
  }
  return seconds[low] ?? Number.NaN;
}

export function createDistribution(actions: Actions, exportsOf: ExportsOf): Figure {
  let shown: Shown | undefined;
  let stop: number | null = null;
  const limits = limitsState();
  const table = (): TableData => percentileTable(shown);
  const reveal = () => {
    if (shown !== undefined) actions.reveal(latencyOutcomes(shown.serve)[0]?.slo.origin ?? shown.serve.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'distribution',
    title: 'Latency distribution',
    keys: stepKeys,
    exports: {
      name: 'latency-distribution',
      chart: () => chart,
      table,
      reveal,
    },
  });
  const chart: Chart = new Chart(frame.canvas, {
    type: 'line',
    data: { datasets: [] },
    options: { parsing: false, normalized: true, layout: { padding: { right: rightMargin, top: 8 } } },
    plugins: [limitsPlugin(limits)],
  });
  const readOut = (byKey: boolean) => {
    if (shown === undefined) return;
    const fraction = stop === null ? 0.99 : (stops[stop] ?? 0.99);
    const entries = curvesOf(shown).map(({ label, serve }, position) => {
      const value = latencyAt(serve, fraction);
      const swatch = lines[position] ?? 'sparse';
      return { key: `curve-${position}`, label, swatch, value, text: formatPercentileSeconds(value) };
    });
    const context = `${percentileName(fraction)}`;
    frame.setLegend(context, entries);
    if (byKey) actions.announce(`${context}: ${entries.map((entry) => `${entry.label} ${entry.text}`).join(', ')}`);
  };
  bindSteps({
    plot: frame.plot,
    count: () => stops.length,
    pixelOf: (index) => {
      const x = chart.scales.x;
      return shown === undefined || x === undefined ? 0 : x.getPixelForValue(latencyAt(shown.serve, stops[index] ?? 0));
    },
    point: (index, by) => {
      stop = index;
      readOut(by === 'key');
    },
    choose: reveal,
  });
  return {
    element: frame.element,
    show: (next, palette) => {
      shown = next;
      const outcomes = latencyOutcomes(next.serve);
      limits.palette = palette;
      limits.limits = outcomes.map((outcome) => ({ axis: 'x', value: outcome.limit, text: outcome.slo.text }));
      drawCurves(
        chart,
        curvesOf(next),
        outcomes.map(({ limit }) => limit),
        palette,
      );
      frame.setFinding(distributionFinding(next.serve));
      frame.setTable(table);
      readOut(false);
    },
  };
}

/** A limit that is more times the slowest request than this is not shown, because the curve would be too small. */
const farthestLimit = 20;

function drawCurves(chart: Chart, curves: readonly Curve[], limits: readonly number[], palette: Palette): void {
  chart.data.datasets = curves.map(({ serve }, position) => ({
    data: curvePoints(serve),
    borderColor: position === 0 ? palette.text : palette.muted,
    backgroundColor: palette.text,
    borderWidth: position === 0 ? 2 : 1.5,
    borderDash: [...lineDashes[lines[position] ?? 'sparse']],
    pointRadius: 0,
  }));
  const y = valueAxis({ palette, title: 'percentile', format: (value) => percentileName(1 - 10 ** -value) });
  const x = valueAxis({ palette, title: 'latency', format: formatSeconds, logarithmic: true });
  const all = curves.flatMap(({ serve }) => [
    serve.distribution.seconds[0] ?? 1,
    serve.distribution.seconds.at(-1) ?? 1,
  ]);
  const least = Math.min(...all.filter((seconds) => seconds > 0));
  const slowest = Math.max(...all);
  const most = Math.max(
    slowest,
    ...limits.filter((limit) => limit <= slowest * farthestLimit).map((limit) => limit * 1.1),
  );
  const decades = Math.log10(most / least);
  chart.options.scales = {
    x: {
      ...x,
      position: 'bottom',
      afterFit: () => undefined,
      // A single latency has no range, so it gets one.
      ...(most / least < 1.5 ? { min: least / 2, max: most * 2 } : most > slowest ? { max: most } : {}),
      // Ticks without a label would count when Chart.js skips labels that overlap.
      afterBuildTicks: (scale) => {
        scale.ticks = scale.ticks.filter(({ value }) => isTick(value, decades));
      },
      ticks: { ...x.ticks, callback: (value) => formatSeconds(Number(value)) },
    },
    y: {
      ...y,
      suggestedMax: 3,
      ticks: { ...y.ticks, autoSkip: false },
      afterBuildTicks: (scale) => {
        const percentiles = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];
        scale.ticks = percentiles
          .map((fraction) => ({ value: tailOf(fraction) }))
          .filter(({ value }) => value <= scale.max + 1e-9);
      },
    },
  };
  drawFitted(chart);
}

/** Up to the slowest request. If all requests take equally long, the curve is a step. */
function curvePoints({ distribution }: ServeFigures): { x: number; y: number }[] {
  const { seconds, fraction } = distribution;
  const points = Array.from(seconds, (x, i) => ({ x, y: tailOf(fraction[i] ?? 0) })).filter(
    ({ x, y }) => x > 0 && y < 6,
  );
  const last = seconds.at(-1);
  if (points.length > 1 || last === undefined || !(last > 0)) return points;
  return [...points.map(({ y }) => ({ x: last, y })), { x: last, y: 0 }, { x: last, y: 3 }].toSorted(
    (a, b) => a.y - b.y,
  );
}

/** Powers of ten, and 2 and 5 times them if there is room. */
function isTick(value: number, decades: number): boolean {
  const power = Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6;
  return power || (decades < 1.7 && isRound(value));
}

function percentileTable(shown: Shown | undefined): TableData {
  if (shown === undefined) return { caption: '', columns: [], rows: [] };
  const curves = curvesOf(shown);
  return {
    caption: `Highest latency of each share of the requests to ${shown.serve.name}`,
    columns: [
      { title: 'Share of requests', key: 'fraction', format: (value) => formatPercent(value, 6) },
      ...curves.map(({ label }) => ({
        title: label,
        key: `${label}: latencySeconds`,
        format: (value: number) => formatPercentileSeconds(value),
      })),
    ],
    rows: stops.map((fraction) => [fraction, ...curves.map(({ serve }) => latencyAt(serve, fraction))]),
  };
}
