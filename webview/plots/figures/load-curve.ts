import type { Plugin } from 'chart.js';
import type { LoadCurve, LoadCurveAnswer, LoadLine, LoadPoint } from '../../../protocol/index.ts';
import {
  caveatSummary,
  formatNumber,
  formatRate,
  formatSeconds,
  measures,
  measureText,
} from '../../../protocol/index.ts';
import { h, setText } from '../../elements/dom.ts';
import type { Actions } from '../../model/actions.ts';
import type { Shown } from '../../model/shown.ts';
import type { TableColumn, TableData } from '../../model/table.ts';
import { loadCurveFinding } from '../../text/load-curve-finding.ts';
import { rightMargin, valueAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import { limitsPlugin, limitsState } from '../charts/limits.ts';
import { Chart } from '../charts/registry.ts';
import { lineDashes } from '../line-dashes.ts';
import type { SwatchName } from '../swatches.ts';
import type { Palette } from '../theme.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import { bindSteps, stepKeys } from './steps.ts';

/** Latency against offered load. It is simulated only on request, because it takes dozens of runs. */
export interface LoadCurveFigure extends Figure {
  /** undefined: not requested yet. */
  readonly setAnswer: (answer: LoadCurveAnswer | undefined) => void;
}

interface Drawn {
  readonly curve: LoadCurve;
  readonly lines: readonly LoadLine[];
  /** What the curve shows: "p99 latency". */
  readonly measure: string;
}

export function createLoadCurve(actions: Actions, exportsOf: ExportsOf): LoadCurveFigure {
  let shown: Shown | undefined;
  let palette: Palette | undefined;
  let answer: LoadCurveAnswer | undefined;
  let drawn: Drawn | undefined;
  let point: number | null = null;
  const limits = limitsState();
  const table = (): TableData => loadTable(drawn);
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.serve.arrivalsOrigin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'load',
    title: 'Load',
    keys: stepKeys,
    exports: { name: 'load-curve', chart: () => chart, table, reveal },
  });
  const start = h(
    'button',
    { type: 'button', 'data-testid': 'load-start', on: { click: () => actions.askLoadCurve() } },
    'Simulate other loads',
  );
  const stop = h(
    'button',
    { type: 'button', 'data-testid': 'load-stop', on: { click: () => actions.send({ type: 'cancelLoadCurve' }) } },
    'Cancel',
  );
  const progress = h('progress', { max: 1, 'aria-label': 'Load curve', 'data-testid': 'load-progress' });
  const bar = h('div', { class: 'buttons load-buttons' }, start, stop, progress);
  frame.element.insertBefore(bar, frame.plot);
  const chart: Chart = new Chart(frame.canvas, {
    type: 'line',
    data: { datasets: [] },
    options: { parsing: false, normalized: true, layout: { padding: { right: rightMargin, top: 8 } } },
    plugins: [limitsPlugin(limits), kneePlugin(() => ({ drawn, palette, point }))],
  });
  const readOut = (byKey: boolean) => {
    if (drawn === undefined) return;
    const [design] = drawn.lines;
    const at = point ?? design?.points.findIndex(({ factor }) => factor === 1) ?? -1;
    const place = design?.points[at];
    const context =
      place === undefined
        ? ''
        : `${formatRate(place.offeredRps)} offered, ${formatNumber(place.factor)} × the load as written`;
    const entries = drawn.lines.flatMap((line) => {
      const each = line.points[at];
      if (each === undefined) return [];
      const state = each.overloaded ? ', overloaded' : '';
      const value = each.latencySeconds;
      const swatch: SwatchName = line.kind === 'design' ? 'line' : 'base-line';
      return [{ key: line.kind, label: line.label, swatch, value, text: formatSeconds(value) + state }];
    });
    const limit = drawn.curve.serves.find(({ name }) => name === design?.serve)?.limitSeconds;
    frame.setLegend(context, [
      ...entries,
      ...(limit == null
        ? []
        : [{ key: 'limit', label: 'objective', swatch: 'limit' as const, value: limit, text: formatSeconds(limit) }]),
    ]);
    if (byKey) actions.announce(`${context}: ${entries.map((entry) => `${entry.label} ${entry.text}`).join(', ')}`);
  };
  bindSteps({
    plot: frame.plot,
    count: () => drawn?.lines[0]?.points.length ?? 0,
    pixelOf: (index) => chart.scales.x?.getPixelForValue(drawn?.lines[0]?.points[index]?.offeredRps ?? 0) ?? 0,
    point: (index, by) => {
      point = index;
      readOut(by === 'key');
      chart.draw();
    },
    choose: reveal,
  });
  const draw = () => {
    if (shown === undefined || palette === undefined) return;
    frame.element.hidden = !actions.hasHost;
    const curve = answer?.kind === 'done' ? answer.curve : undefined;
    const { serve } = shown;
    const about = curve?.serves.find(({ name }) => name === serve.name);
    drawn =
      curve === undefined || about === undefined
        ? undefined
        : { curve, lines: curve.lines.filter((line) => line.serve === serve.name), measure: about.measure };
    const running = answer?.kind === 'running';
    frame.plot.hidden = drawn === undefined;
    frame.setVisible(drawn !== undefined);
    bar.hidden = drawn !== undefined;
    start.hidden = running;
    stop.hidden = !running;
    progress.hidden = !running;
    if (answer?.kind === 'running') progress.value = answer.fraction;
    setText(start, answer?.kind === 'gone' ? 'Simulate other loads again' : 'Simulate other loads');
    if (drawn === undefined) {
      frame.setFinding(
        running
          ? 'Simulating the scenario at other loads…'
          : answer?.kind === 'gone'
            ? 'The simulation of other loads was stopped.'
            : 'Shows at which load latency rises, with and without burst mode. The requests stay the same, but arrive faster or slower.',
      );
      frame.setLegend('', []);
      return;
    }
    limits.palette = palette;
    limits.limits = about?.limitSeconds == null ? [] : [{ axis: 'y', value: about.limitSeconds }];
    const finding = loadCurveFinding(drawn.lines, about?.limitSeconds ?? null, drawn.measure);
    frame.setFinding(`${finding}${caveatSummary(drawn.curve.caveats)}`);
    frame.setTable(table);
    drawLines(chart, drawn, palette);
    readOut(false);
  };
  return {
    element: frame.element,
    show: (next, nextPalette) => {
      shown = next;
      palette = nextPalette;
      draw();
    },
    setAnswer: (next) => {
      if (next?.kind === 'done' && answer?.kind !== 'done') actions.announce('The load curve is done');
      answer = next;
      point = null;
      draw();
    },
  };
}

function drawLines(chart: Chart, { lines, measure }: Drawn, palette: Palette): void {
  chart.data.datasets = lines.map((line) => {
    const own = line.kind === 'design';
    const color = own ? palette.text : palette.base;
    return {
      data: line.points.map(({ offeredRps, latencySeconds }) => ({ x: offeredRps, y: latencySeconds })),
      borderColor: color,
      backgroundColor: color,
      borderWidth: own ? 2 : 1.5,
      pointStyle: own ? 'circle' : 'triangle',
      pointRadius: 2.5,
      // The latency of an overloaded chip grows with the length of the run, so its line is sparse.
      segment: {
        borderDash: ({ p1DataIndex }) => {
          const point = line.points[p1DataIndex];
          const dash = point?.overloaded === true ? lineDashes.sparse : lineDashes[own ? 'line' : 'base-line'];
          return [...dash];
        },
      },
    };
  });
  const y = valueAxis({
    palette,
    title: measure,
    format: formatSeconds,
    logarithmic: true,
  });
  const x = valueAxis({
    palette,
    format: (value) => formatNumber(value, 6),
    title: 'offered load, requests per second',
  });
  chart.options.scales = { x: { ...x, position: 'bottom', afterFit: () => undefined }, y };
  drawFitted(chart);
}

interface KneeState {
  readonly drawn: Drawn | undefined;
  readonly palette: Palette | undefined;
  readonly point: number | null;
}

/** A ring and a label at the knee of each line, and a vertical line at the load as written and at the cursor. */
function kneePlugin(state: () => KneeState): Plugin {
  return {
    id: 'knee',
    afterDatasetsDraw: (chart) => {
      const { drawn, palette, point } = state();
      const { x, y } = chart.scales;
      if (drawn === undefined || palette === undefined || x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `${palette.fontSize}px ${palette.font}`;
      const vertical = (each: LoadPoint | undefined, dash: number[]) => {
        if (each === undefined) return;
        const at = Math.round(x.getPixelForValue(each.offeredRps)) + 0.5;
        ctx.strokeStyle = palette.muted;
        ctx.setLineDash(dash);
        ctx.beginPath();
        ctx.moveTo(at, chartArea.top);
        ctx.lineTo(at, chartArea.bottom);
        ctx.stroke();
        ctx.setLineDash([]);
      };
      const points = drawn.lines[0]?.points ?? [];
      vertical(
        points.find(({ factor }) => factor === 1),
        [2, 3],
      );
      if (point !== null) vertical(points[point], []);
      const knees = drawn.lines.flatMap((line) => {
        const knee = line.points[line.knee];
        if (knee === undefined) return [];
        return [{ line, left: x.getPixelForValue(knee.offeredRps), top: y.getPixelForValue(knee.latencySeconds) }];
      });
      const [own, other] = knees;
      const together = own !== undefined && other !== undefined && Math.abs(own.left - other.left) < 64;
      for (const { line, left, top } of knees) {
        ctx.strokeStyle = palette.text;
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.arc(left, top, 6, 0, 2 * Math.PI);
        ctx.stroke();
        if (together && line.kind !== 'design') continue;
        // Below the line, where there is no data.
        ctx.fillStyle = palette.text;
        ctx.textAlign = 'center';
        ctx.textBaseline = 'top';
        ctx.fillText(together ? 'knees' : line.kind === 'design' ? 'knee' : 'knee, base', left, top + 9);
      }
      ctx.restore();
    },
  };
}

function loadTable(drawn: Drawn | undefined): TableData {
  if (drawn === undefined) return { caption: '', columns: [], rows: [] };
  const optional = (value: number | null) => value ?? Number.NaN;
  const fields: readonly (TableColumn & { readonly of: (point: LoadPoint) => number | string })[] = [
    {
      title: drawn.measure.replace(/ latency$/u, ''),
      key: 'LatencySeconds',
      format: formatSeconds,
      of: (point) => point.latencySeconds,
    },
    {
      title: measures.throughput.short,
      key: 'CompletedRps',
      format: (value) => measureText('throughput', value),
      of: (point) => point.completedRps,
    },
    {
      title: measures.accuracy.short,
      key: 'AccuracyFraction',
      format: (value) => measureText('accuracy', value),
      of: (point) => optional(point.accuracy),
    },
    {
      title: measures.energy.short,
      key: 'EnergyJoulesPerRequest',
      format: (value) => measureText('energy', value),
      of: (point) => optional(point.energyJoulesPerRequest),
    },
    { title: 'verdict', key: 'Verdict', of: (point) => point.verdict },
  ];
  const key = (line: LoadLine) => (line.kind === 'design' ? 'design' : 'baseOnly');
  return {
    caption: `${drawn.lines[0]?.serve ?? ''} at other loads: ${drawn.lines.map(({ label }) => label).join(' and ')}`,
    columns: [
      { title: 'Offered', key: 'offeredRps', format: formatRate },
      { title: 'Load', key: 'loadFactor', format: (value) => `${formatNumber(value)} ×` },
      ...drawn.lines.flatMap((line) =>
        fields.map(({ of: _, ...field }) => ({
          ...field,
          title: `${line.label}: ${field.title}`,
          key: key(line) + field.key,
        })),
      ),
    ],
    rows: (drawn.lines[0]?.points ?? []).map((point, row) => [
      point.offeredRps,
      point.factor,
      ...drawn.lines.flatMap((line) => {
        const each = line.points[row];
        return fields.map(({ of }) => (each === undefined ? '' : of(each)));
      }),
    ]),
  };
}
