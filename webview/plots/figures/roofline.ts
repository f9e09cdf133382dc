import type { Mode, ModelCost, StepPoint } from '../../../protocol/index.ts';
import { formatNumber, formatPercent, formatQuantity, offChipName, stageLabel } from '../../../protocol/index.ts';
import type { Actions } from '../../model/actions.ts';
import type { Shown } from '../../model/shown.ts';
import type { TableData } from '../../model/table.ts';
import { rooflineFinding } from '../../text/findings.ts';
import { isRound, rightMargin, valueAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import { Chart } from '../charts/registry.ts';
import type { Palette } from '../theme.ts';
import { withAlpha } from '../theme.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import type { LegendEntry } from './legend.ts';
import { bindSteps, stepKeys } from './steps.ts';

/** A layer with products, or a step of a language model, in one mode: MACs per byte of HBM traffic, and MACs per second. */
interface RoofPoint {
  readonly name: string;
  readonly step?: StepPoint['kind'];
  readonly mode: Mode;
  /** Of a layer. */
  readonly bound?: string;
  readonly utilization?: number;
  readonly intensity: number;
  readonly macsPerSecond: number;
}

/** The limits of the chip, derived from its layers: results contain utilization and traffic, but not the chip. */
interface Roof {
  readonly mode: Mode;
  readonly peakMacsPerSecond: number;
  readonly hbmBytesPerSecond: number;
}

function clockOf(cost: ModelCost): number {
  return cost.cycles / cost.seconds;
}

function pointsOf(cost: ModelCost): readonly RoofPoint[] {
  return cost.layers
    .filter((layer) => layer.macs > 0 && layer.cycles > 0 && Number.isFinite(layer.operationalIntensity))
    .map((layer) => ({
      name: layer.layer,
      mode: cost.mode,
      bound: stageLabel(layer.bound, cost.memories),
      utilization: layer.utilization,
      intensity: layer.operationalIntensity,
      macsPerSecond: (layer.macs * clockOf(cost)) / layer.cycles,
    }));
}

/** The steps of a language model in the shown run's chip. */
function stepsOf({ scenario, runIndex, serve }: Shown): readonly RoofPoint[] {
  const steps = runIndex === 0 && serve.tokens !== undefined ? (scenario.steps ?? []) : [];
  return steps.map(({ mode, kind, tokens, macs, offChipBytes, seconds }) => ({
    name:
      kind === 'prefill'
        ? `step of ${formatNumber(tokens, 7)} prompt tokens`
        : `step that decodes ${formatNumber(tokens, 7)} ${tokens === 1 ? 'sequence' : 'sequences'}`,
    step: kind,
    mode,
    intensity: macs / offChipBytes,
    macsPerSecond: macs / seconds,
  }));
}

function roofOf(cost: ModelCost): Roof | undefined {
  const computing = cost.layers.filter((layer) => layer.macs > 0 && layer.utilization > 0);
  const streaming = cost.layers.filter((layer) => layer.hbmBytes > 0 && layer.hbmCycles > 0);
  if (computing.length === 0 || streaming.length === 0) return undefined;
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    mode: cost.mode,
    peakMacsPerSecond: most(computing.map((layer) => layer.macs / (layer.utilization * layer.cycles))) * clockOf(cost),
    hbmBytesPerSecond: most(streaming.map((layer) => layer.hbmBytes / layer.hbmCycles)) * clockOf(cost),
  };
}

function costsOf({ base, burst }: Shown): readonly ModelCost[] {
  return [base, burst].filter((cost) => cost !== undefined);
}

export function createRoofline(actions: Actions, exportsOf: ExportsOf): Figure {
  let shown: Shown | undefined;
  let points: readonly RoofPoint[] = [];
  const table = (): TableData => rooflineTable(points, shown);
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.serve.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'roofline',
    title: 'Roofline',
    keys: stepKeys,
    exports: { name: 'roofline', chart: () => chart, table, reveal },
  });
  const chart: Chart = new Chart(frame.canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: { layout: { padding: { right: rightMargin, top: 8 } } },
  });
  const readOut = (index: number | null, byKey: boolean) => {
    const point = index === null ? undefined : points[index];
    const roofs = shown === undefined ? [] : costsOf(shown).flatMap((cost) => roofOf(cost) ?? []);
    const entries: LegendEntry[] = roofs.map((roof) => ({
      key: roof.mode,
      label: `${roof.mode} peak`,
      swatch: `point-${roof.mode}`,
      value: roof.peakMacsPerSecond,
      text: formatQuantity(roof.peakMacsPerSecond, 'MAC/s'),
    }));
    for (const { step, mode, macsPerSecond } of points) {
      if (step === undefined || mode !== 'base') continue;
      const text = formatQuantity(macsPerSecond, 'MAC/s');
      entries.push({ key: step, label: `${step} step`, swatch: `step-${step}`, value: macsPerSecond, text });
    }
    const context = point === undefined ? '' : pointText(point);
    frame.setLegend(context, entries);
    if (byKey) actions.announce(context);
  };
  bindSteps({
    plot: frame.plot,
    count: () => points.length,
    pixelOf: (index) => chart.scales.x?.getPixelForValue(points[index]?.intensity ?? 1) ?? 0,
    point: (index, by) => readOut(index, by === 'key'),
    choose: reveal,
  });
  return {
    element: frame.element,
    show: (next, palette) => {
      shown = next;
      points = [...costsOf(next).flatMap(pointsOf), ...stepsOf(next)].toSorted((a, b) => a.intensity - b.intensity);
      frame.setFinding(rooflineFinding(next.base));
      frame.element.hidden = next.base === undefined;
      // If all weights stay on chip, there is no traffic to plot. The sentence states this.
      frame.plot.hidden = points.length === 0;
      if (points.length > 0) drawRoofline(chart, next, points, palette);
      frame.setTable(table);
      readOut(null, false);
    },
  };
}

function pointText({ name, mode, bound, utilization, intensity, macsPerSecond }: RoofPoint): string {
  const rest =
    utilization === undefined ? '' : `, ${formatPercent(utilization, 2)} of the peak, bound by ${bound ?? ''}`;
  return `${name}, ${mode}: ${formatNumber(intensity)} MACs per byte, ${formatQuantity(macsPerSecond, 'MAC/s')}${rest}`;
}

function drawRoofline(chart: Chart, shown: Shown, points: readonly RoofPoint[], palette: Palette): void {
  const costs = costsOf(shown);
  const intensities = points.map((point) => point.intensity);
  const roofs = costs.flatMap((cost) => roofOf(cost) ?? []);
  const ridges = roofs.map((roof) => roof.peakMacsPerSecond / roof.hbmBytesPerSecond);
  const from = Math.min(...intensities, ...ridges) / 2;
  const to = Math.max(...intensities, ...ridges) * 2;
  chart.data.datasets = [
    ...costs.map((cost) => ({
      data: pointsOf(cost).map(({ intensity, macsPerSecond }) => ({ x: intensity, y: macsPerSecond })),
      pointStyle: cost.mode === 'base' ? ('circle' as const) : ('triangle' as const),
      pointRadius: cost.mode === 'base' ? 3.5 : 4.5,
      pointBorderColor: palette[cost.mode],
      pointBackgroundColor: withAlpha(palette[cost.mode], 0.35),
      pointBorderWidth: 1.25,
      showLine: false,
    })),
    ...points.flatMap(({ step, mode, intensity, macsPerSecond }) =>
      step === undefined
        ? []
        : [
            {
              data: [{ x: intensity, y: macsPerSecond }],
              pointStyle: step === 'prefill' ? ('rect' as const) : ('rectRot' as const),
              pointRadius: 6,
              pointBorderColor: palette.text,
              pointBackgroundColor: palette[mode],
              pointBorderWidth: 1.25,
              showLine: false,
            },
          ],
    ),
    ...roofs.map((roof, i) => ({
      data: [
        { x: from, y: from * roof.hbmBytesPerSecond },
        { x: ridges[i] ?? 1, y: roof.peakMacsPerSecond },
        { x: to, y: roof.peakMacsPerSecond },
      ],
      borderColor: palette[roof.mode],
      borderWidth: 1.5,
      borderDash: roof.mode === 'base' ? [] : [6, 3],
      pointRadius: 0,
      showLine: true,
    })),
  ];
  const format = (value: number) => formatQuantity(value, '', 1).trim();
  const x = valueAxis({
    palette,
    format: (value) => formatNumber(value),
    logarithmic: true,
    title: `MACs per byte of ${offChipName(shown.base?.memories)} traffic`,
  });
  const y = valueAxis({ palette, title: 'MACs per second', format, logarithmic: true });
  chart.options.scales = {
    x: {
      ...x,
      position: 'bottom',
      min: from,
      max: to,
      afterFit: () => undefined,
      ticks: { ...x.ticks, callback: (value) => (isDecade(Number(value)) ? formatNumber(Number(value)) : '') },
    },
    // Some room below the lowest point, which would be cut otherwise.
    y: {
      ...y,
      min: Math.min(...points.map(({ macsPerSecond }) => macsPerSecond)) / 1.8,
      ticks: { ...y.ticks, callback: (value) => (isDecade(Number(value)) ? format(Number(value)) : '') },
    },
  };
  drawFitted(chart);
}

function isDecade(value: number): boolean {
  return isRound(value) && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6;
}

function rooflineTable(points: readonly RoofPoint[], shown: Shown | undefined): TableData {
  return {
    caption: `Layers of ${shown?.serve.model ?? ''} that use ${offChipName(shown?.base?.memories)}`,
    columns: [
      { title: 'Layer', key: 'layer' },
      { title: 'Mode', key: 'mode' },
      { title: 'MACs per byte', key: 'operationalIntensity', format: (value) => formatNumber(value) },
      { title: 'MACs per second', key: 'macsPerSecond', format: (value) => formatQuantity(value, 'MAC/s') },
      { title: 'Utilization', key: 'utilization', format: (value) => formatPercent(value) },
      { title: 'Bound', key: 'bound' },
    ],
    rows: points.map(({ name, mode, bound, utilization, intensity, macsPerSecond }) => [
      name,
      mode,
      intensity,
      macsPerSecond,
      utilization ?? Number.NaN,
      bound ?? '',
    ]),
  };
}
