import type { Plugin } from 'chart.js';
import type { Picker } from '../elements/picker.ts';
import { createPicker } from '../elements/picker.ts';
import type { Actions } from '../model/actions.ts';
import { designTable } from '../model/sweep/design-table.ts';
import type { Dimension } from '../model/sweep/designs.ts';
import { axesOf, goalsOf, rangeOf, verdictOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import { designAt, valuesOf } from '../model/sweep/explore-view.ts';
import { rightMargin, valueAxis } from '../plots/charts/axes.ts';
import { drawFitted } from '../plots/charts/draw-fitted.ts';
import { Chart } from '../plots/charts/registry.ts';
import type { ExportsOf } from '../plots/figures/exportable.ts';
import type { Frame } from '../plots/figures/frame.ts';
import { createFrame } from '../plots/figures/frame.ts';
import type { Palette } from '../plots/theme.ts';
import { heatFinding } from '../text/explore-findings.ts';
import type { ExploreActions, ExploreFigure } from './explore-figure.ts';
import type { HeatCell } from './heat-paint.ts';
import { cellBox, paintHeat } from './heat-paint.ts';
import { addPickers, designKeys, dimensionOption } from './pickers.ts';
import { createSpot } from './spot.ts';
import { bindDesignSteps } from './steps.ts';

/** One measure over two axes. Each other axis is fixed at one value. */
export function createHeatMap(actions: Actions, explore: ExploreActions, exportsOf: ExportsOf): ExploreFigure {
  let shown: ExploreShown | undefined;
  let palette: Palette | undefined;
  let cells: readonly HeatCell[] = [];
  const table = () =>
    shown === undefined
      ? { caption: '', columns: [], rows: [] }
      : designTable(
          shown,
          cells.map(({ design }) => design),
          'Designs of the heat map',
        );
  const reveal = () => {
    if (shown !== undefined) actions.reveal(shown.heat.across.origin);
  };
  const frame: Frame = createFrame(exportsOf, {
    id: 'heat',
    title: 'Heat map',
    keys: designKeys,
    exports: { name: 'heat-map', chart: () => chart, table, reveal },
  });
  const across = createPicker('across', 'heat-across', (key) => explore.change({ across: key }));
  const down = createPicker('up', 'heat-down', (key) => explore.change({ down: key }));
  const measure = createPicker('colour', 'heat-measure', (key) => explore.change({ measure: key }));
  const fixed = new Map<string, Picker>();
  const pickers = addPickers(frame, measure, across, down);
  const spot = createSpot(frame.plot, 'cell-spot');
  const grid: Plugin = {
    id: 'heat',
    beforeDatasetsDraw: ({ ctx, chartArea, scales: { x, y } }) => {
      if (palette === undefined || x === undefined || y === undefined) return;
      paintHeat({ context: ctx, area: chartArea, x, y }, cells, palette);
    },
  };
  const chart: Chart = new Chart(frame.canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: {
      layout: { padding: { right: rightMargin, top: 4 } },
      onResize: () => requestAnimationFrame(() => point(explore.pointed())),
    },
    plugins: [grid],
  });
  const cellOf = (design: number) => cells.find((cell) => cell.design === design);
  const at = (column: number, row: number) => cells.find((cell) => cell.column === column && cell.row === row);
  bindDesignSteps(
    {
      plot: frame.plot,
      order: () => cells.map(({ design }) => design),
      next: (from, direction, by) => {
        const cell = cellOf(from);
        if (cell === undefined) return from;
        const step = direction === 'across' ? at(cell.column + by, cell.row) : at(cell.column, cell.row + by);
        return step?.design ?? from;
      },
      under: (left, top) => {
        const { x, y } = chart.scales;
        if (x === undefined || y === undefined) return null;
        const column = Math.round(x.getValueForPixel(left) ?? Number.NaN);
        const row = Math.round(y.getValueForPixel(top) ?? Number.NaN);
        return at(column, row)?.design ?? null;
      },
      choose: (design) => {
        if (shown !== undefined) explore.choose(design, shown.heat.across.origin);
      },
    },
    explore,
  );
  const showPickers = (next: ExploreShown) => {
    const axes = axesOf(next.dimensions);
    const { heat, exploration } = next;
    across.set(axes.map(dimensionOption), heat.across.key);
    down.set(axes.filter((axis) => axis !== heat.across).map(dimensionOption), heat.down?.key ?? '');
    measure.set(goalsOf(next.dimensions).map(dimensionOption), heat.measure.key);
    measure.element.hidden = goalsOf(next.dimensions).length < 2;
    across.element.hidden = axes.length < 2;
    down.element.hidden = axes.length < 3;
    for (const [key, picker] of fixed) {
      if (heat.fixed.some(({ axis }) => axis.key === key)) continue;
      picker.element.remove();
      fixed.delete(key);
    }
    for (const { axis, choice } of heat.fixed) {
      const existing = fixed.get(axis.key);
      const picker =
        existing ??
        createPicker(axis.title, `heat-fixed-${axis.key}`, (value) =>
          explore.change({ fixed: { ...shown?.view.fixed, [axis.key]: Number(value) } }),
        );
      if (existing === undefined) {
        fixed.set(axis.key, picker);
        pickers.appendChild(picker.element);
      }
      const values = exploration.axes[axis.index]?.values ?? [];
      picker.set(
        values.map(({ text }, i) => ({ value: String(i), text })),
        String(choice),
      );
    }
    pickers.hidden = [...pickers.children].every((child) => (child as HTMLElement).hidden);
  };
  const point = (design: number | null) => {
    const cell = design === null ? undefined : cellOf(design);
    const { x, y } = chart.scales;
    const known = cell !== undefined && x !== undefined && y !== undefined;
    spot(known ? cellBox(x, y, cell.column, cell.row) : undefined);
  };
  return {
    element: frame.element,
    point,
    show: (next, nextPalette) => {
      shown = next;
      palette = nextPalette;
      cells = cellsOf(next);
      showPickers(next);
      frame.setFinding(heatFinding(next));
      const range = rangeOf(next.result, next.heat.measure);
      const { text, title, sense } = next.heat.measure;
      frame.setLegend(
        `${title}, ${sense === 'maximize' ? 'higher' : 'lower'} is better${range !== null && isLogarithmic(range) ? ', logarithmic colours' : ''}`,
        [
          ...(range === null
            ? []
            : [
                {
                  key: 'ramp',
                  label: text(range.low),
                  swatch: 'ramp' as const,
                  text: text(range.high),
                },
              ]),
          { key: 'front', label: 'on the front', swatch: 'heat-front' as const, text: '' },
          ...(['violated', 'undecided'] as const)
            .filter((verdict) => cells.some((cell) => cell.verdict === verdict))
            .map((key) => ({
              key,
              label: key,
              swatch: `heat-${key}` as const,
              text: '',
            })),
          ...(next.result.asWritten >= 0
            ? [{ key: 'written', label: 'as written', swatch: 'heat-written' as const, text: '' }]
            : []),
        ],
      );
      frame.plot.style.height = `${plotHeight(next)}px`;
      drawAxes(chart, next, nextPalette);
      frame.setTable(table);
    },
  };
}

/** High enough for one line of text in each cell, within the limits of a plot. */
function plotHeight({ exploration, heat }: ExploreShown): number {
  const rows = heat.down === undefined ? 1 : valuesOf(exploration, heat.down);
  return Math.min(360, Math.max(90, rows * 34 + 50, rows <= 3 ? rows * 52 + 50 : 0));
}

type Range = NonNullable<ReturnType<typeof rangeOf>>;

/** Beyond this ratio a linear ramp would give most cells the same colour. */
const widestLinear = 10;

function isLogarithmic({ low, high }: Range): boolean {
  return low > 0 && high / low > widestLinear;
}

/** Position on the ramp. It covers the whole exploration, so that a colour means the same when a fixed axis changes. */
function shareOf(value: number, range: Range): number {
  const { low, high } = range;
  if (high <= low) return 0.5;
  return isLogarithmic(range) ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function cellsOf({ exploration, result, included, heat }: ExploreShown): readonly HeatCell[] {
  const { across, down, measure, fixed } = heat;
  const choices = new Map<number, number>(fixed.map(({ axis, choice }) => [axis.index, choice]));
  const range = rangeOf(result, measure);
  const cells: HeatCell[] = [];
  const rows = down === undefined ? 1 : valuesOf(exploration, down);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < valuesOf(exploration, across); column++) {
      choices.set(across.index, column);
      if (down !== undefined) choices.set(down.index, row);
      const design = designAt(exploration, (axis) => choices.get(axis) ?? 0);
      const value = measure.value(result, design);
      const share = range === null || Number.isNaN(value) ? Number.NaN : shareOf(value, range);
      cells.push({
        design,
        column,
        row,
        share,
        // Without "rps": the legend shows the unit.
        text: measure.text(value).replace(/ rps$/, ''),
        verdict: verdictOf(result, design),
        front: result.front[design] === 1,
        asWritten: design === result.asWritten,
        included: included[design] === 1,
      });
    }
  }
  return cells;
}

function drawAxes(chart: Chart, { exploration, heat }: ExploreShown, palette: Palette): void {
  const axis = (dimension: Dimension | undefined) => {
    const count = dimension === undefined ? 1 : valuesOf(exploration, dimension);
    const format = (value: number) => dimension?.text(value) ?? '';
    const base = valueAxis({ palette, format, ...(dimension === undefined ? {} : { title: dimension.title }) });
    return {
      ...base,
      min: -0.5,
      max: count - 0.5,
      grid: { ...base.grid, display: false },
      ticks: {
        ...base.ticks,
        autoSkip: true,
        maxTicksLimit: 1000,
        callback: (value: number | string) => format(Number(value)),
      },
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = Array.from({ length: count }, (_, value) => ({ value }));
      },
    };
  };
  chart.options.scales = {
    x: { ...axis(heat.across), position: 'bottom', afterFit: () => undefined },
    y: { ...axis(heat.down), position: 'left', display: heat.down !== undefined, afterFit: () => undefined },
  };
  drawFitted(chart);
}
