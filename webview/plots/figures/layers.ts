import type { LayerCost, ModelCost } from '../../../protocol/index.ts';
import { formatBytes, formatNumber, formatPercent, formatSeconds, stageLabel } from '../../../protocol/index.ts';
import type { Actions } from '../../model/actions.ts';
import type { Shown } from '../../model/shown.ts';
import type { TableData } from '../../model/table.ts';
import { layersFinding } from '../../text/findings.ts';
import { rightMargin, valueAxis } from '../charts/axes.ts';
import { drawFitted } from '../charts/draw-fitted.ts';
import { activityFills } from '../charts/patterns.ts';
import { Chart } from '../charts/registry.ts';
import type { Palette } from '../theme.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import type { LegendEntry } from './legend.ts';
import { bindSteps, stepKeys } from './steps.ts';

/** The layers that take time. Folded and fused layers and views take none, and would only use space. */
function costly({ base, burst }: Shown): readonly number[] {
  const takes = (cost: ModelCost | undefined, index: number) => (cost?.layers[index]?.cycles ?? 0) > 0;
  return [...(base?.layers.keys() ?? [])].filter((index) => takes(base, index) || takes(burst, index));
}

function secondsOf(cost: ModelCost, layer: LayerCost): number {
  return (layer.cycles * cost.seconds) / cost.cycles;
}

/** The cost of each layer at batch 1, in base mode beside burst mode. */
export function createLayers(actions: Actions, exportsOf: ExportsOf): Figure {
  let shown: Shown | undefined;
  /** Indices of the drawn layers. */
  let bars: readonly number[] = [];
  const table = (): TableData => layerTable(shown);
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.serve.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'layers',
    title: 'Layers',
    keys: stepKeys,
    exports: { name: 'layers', chart: () => chart, table, reveal },
  });
  const chart: Chart = new Chart<'bar', number[], string>(frame.canvas, {
    type: 'bar',
    data: { labels: [], datasets: [] },
    options: { layout: { padding: { right: rightMargin, top: 8 } } },
  });
  const readOut = (bar: number | null, byKey: boolean) => {
    const index = bar === null ? null : (bars[bar] ?? null);
    const { base, burst } = shown ?? {};
    if (base === undefined) {
      frame.setLegend('', []);
      return;
    }
    const layer = index === null ? undefined : base.layers[index];
    const burstLayer = index === null ? undefined : burst?.layers[index];
    const entries: LegendEntry[] = [modeEntry('base', base, layer)];
    if (burst !== undefined) entries.push(modeEntry('burst', burst, burstLayer));
    const context = layer === undefined ? `${base.model}, all layers, batch ${base.batch}` : layer.layer;
    frame.setLegend(context, entries);
    frame.setFinding(
      layer === undefined
        ? layersFinding(base, burst, shown?.serve.tokens !== undefined)
        : [layer, burstLayer].map((each) => each?.explanation ?? '').join(' '),
    );
    if (byKey) {
      actions.announce(
        `${context}: ${entries.map((entry) => `${entry.label} ${entry.text}`).join(', ')}. ${layer?.explanation ?? ''}`,
      );
    }
  };
  bindSteps({
    plot: frame.plot,
    count: () => bars.length,
    pixelOf: (index) => chart.scales.x?.getPixelForValue(index) ?? 0,
    point: (index, by) => readOut(index, by === 'key'),
    choose: reveal,
  });
  return {
    element: frame.element,
    show: (next, palette) => {
      shown = next;
      frame.element.hidden = next.base === undefined;
      bars = costly(next);
      drawLayers(chart, next, bars, palette);
      frame.setTable(table);
      readOut(null, false);
    },
  };
}

function modeEntry(mode: 'base' | 'burst', cost: ModelCost, layer: LayerCost | undefined): LegendEntry {
  const value = layer === undefined ? cost.seconds : secondsOf(cost, layer);
  const bound = layer === undefined ? '' : ` ${stageLabel(layer.bound, cost.memories)}`;
  return { key: mode, label: mode, swatch: mode, value, text: formatSeconds(value) + bound };
}

function drawLayers(chart: Chart, { base, burst }: Shown, bars: readonly number[], palette: Palette): void {
  const fills = activityFills(chart.ctx, palette);
  const costs = [base, burst].filter((cost) => cost !== undefined);
  chart.data.labels = bars.map((index) => base?.layers[index]?.layer ?? '');
  chart.data.datasets = costs.map((cost) => ({
    data: bars.map((index) => {
      const layer = cost.layers[index];
      return layer === undefined ? 0 : secondsOf(cost, layer);
    }),
    backgroundColor: fills[cost.mode],
    categoryPercentage: 0.86,
    barPercentage: 1,
    minBarLength: 1,
  }));
  const y = valueAxis({ palette, title: 'time', format: (value) => formatSeconds(value) });
  chart.options.scales = {
    x: {
      type: 'category',
      border: { display: false },
      grid: { display: false },
      ticks: {
        color: palette.muted,
        font: { family: palette.font, size: palette.fontSize },
        maxRotation: 0,
        autoSkipPadding: 18,
        padding: 4,
      },
    },
    y,
  };
  drawFitted(chart);
}

function layerTable(shown: Shown | undefined): TableData {
  const { base, burst } = shown ?? {};
  if (base === undefined) return { caption: '', columns: [], rows: [] };
  const time = (value: number) => formatSeconds(value);
  return {
    caption: `Layers of ${base.model} on ${base.npu}, batch ${base.batch}`,
    columns: [
      { title: 'Layer', key: 'layer' },
      { title: 'Kind', key: 'kind' },
      { title: 'MACs', key: 'macs', format: (value) => formatNumber(value) },
      { title: 'Weights', key: 'weightBytes', format: (value) => formatBytes(value) },
      { title: 'Base', key: 'baseSeconds', format: time },
      { title: 'Bound', key: 'baseBound' },
      { title: 'Utilization', key: 'baseUtilization', format: (value) => formatPercent(value) },
      { title: 'Burst', key: 'burstSeconds', format: time },
      { title: 'Bound', key: 'burstBound' },
      { title: 'Speedup', key: 'speedup', format: (value) => `${formatNumber(value)} ×` },
    ],
    rows: base.layers.map((layer, index) => {
      const other = burst?.layers[index];
      const baseSeconds = secondsOf(base, layer);
      const burstSeconds = burst === undefined || other === undefined ? Number.NaN : secondsOf(burst, other);
      return [
        layer.layer,
        layer.kind,
        layer.macs,
        layer.weightBytes,
        baseSeconds,
        stageLabel(layer.bound, base.memories),
        layer.utilization,
        burstSeconds,
        other === undefined ? '' : stageLabel(other.bound, burst?.memories),
        baseSeconds / burstSeconds,
      ];
    }),
  };
}
