import { h, setText } from '../elements/dom.ts';
import { createPicker } from '../elements/picker.ts';
import type { Actions } from '../model/actions.ts';
import { designTable } from '../model/sweep/design-table.ts';
import { countText, type Dimension } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import { drawFitted } from '../plots/charts/draw-fitted.ts';
import { Chart } from '../plots/charts/registry.ts';
import type { ExportsOf } from '../plots/figures/exportable.ts';
import { createFrame } from '../plots/figures/frame.ts';
import type { ExploreActions, ExploreFigure } from './explore-figure.ts';
import { ParallelLines } from './parallel-lines.ts';
import { addPickers, designKeys, dimensionOption } from './pickers.ts';
import { bindDesignSteps } from './steps.ts';

/** An axis is found within this distance of the pointer, CSS pixels. */
const reach = 16;
/** Steps of the sliders of a measure. */
const fineSteps = 100;

/**
 * Each design as a line through its values: one upright axis for each axis and goal. A drag along an upright limits its values, and so do the sliders.
 * Designs outside of the limits become faint here, and the other parts leave them out.
 */
export function createParallel(actions: Actions, explore: ExploreActions, exportsOf: ExportsOf): ExploreFigure {
  let shown: ExploreShown | undefined;
  let limited: string | null = null;
  let dragged: { readonly dimension: Dimension; readonly from: number; to: number } | null = null;
  let wasDragged = false;
  const lines = new ParallelLines(
    () => chart,
    (count, uprights) => {
      frame.plot.dataset.lines = String(count);
      frame.plot.dataset.uprights = JSON.stringify(uprights);
    },
  );
  const frame = createFrame(exportsOf, {
    id: 'parallel',
    title: 'All values',
    keys: designKeys,
    exports: {
      name: 'all-values',
      chart: () => chart,
      table: () => (shown === undefined ? { caption: '', columns: [], rows: [] } : table(shown, shown.order)),
      reveal: () => shown !== undefined && actions.reveal(shown.exploration.origin),
    },
  });
  const chart: Chart = new Chart(frame.canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: { layout: { padding: { top: 40, bottom: 20 } }, onResize: () => lines.restart() },
    plugins: [{ id: 'lines', afterDatasetsDraw: () => lines.paint(explore.pointed()) }],
  });
  const limit = (key: string, pair: readonly [number, number] | null): void => {
    const { [key]: _, ...others } = shown?.view.brushes ?? {};
    explore.change({ brushes: pair === null ? others : { ...others, [key]: pair } });
  };
  const dimension = createPicker('limit', 'parallel-limit', (key) => {
    limited = key;
    showSliders();
  });
  const slider = (name: string) =>
    h('input', {
      type: 'range',
      min: 0,
      'aria-label': name,
      'data-testid': `parallel-${name}`,
      on: { change: () => readSliders() },
    });
  const [from, to] = [slider('from'), slider('to')];
  const values = h('span', { class: 'muted', 'data-testid': 'parallel-range' });
  const clear = h(
    'button',
    { type: 'button', 'data-testid': 'parallel-clear', on: { click: () => explore.change({ brushes: {} }) } },
    'Clear limits',
  );
  addPickers(frame, dimension).append(from, to, values, clear);
  const limitedDimension = () => shown?.dimensions.find(({ key }) => key === limited) ?? shown?.dimensions[0];
  const readSliders = (): void => {
    const one = limitedDimension();
    const scale = one && lines.scaleOf(one);
    if (one === undefined || scale === undefined) return;
    const shares = [from, to].map((each) => Number(each.value) / Number(each.max)).sort((a, b) => a - b);
    const [low = 0, high = 1] = shares;
    limit(one.key, low <= 0 && high >= 1 ? null : [scale.value(low), scale.value(high)]);
  };
  const showSliders = (): void => {
    const one = limitedDimension();
    const scale = one && lines.scaleOf(one);
    if (shown === undefined || one === undefined || scale === undefined) return;
    dimension.set(shown.dimensions.map(dimensionOption), one.key);
    const [low, high] = shown.view.brushes[one.key] ?? [scale.value(0), scale.value(1)];
    const steps = String(one.kind === 'axis' ? Math.max(1, Math.round(scale.value(1))) : fineSteps);
    for (const [each, value] of [
      [from, low],
      [to, high],
    ] as const) {
      each.max = steps;
      each.value = String(scale.share(value) * Number(steps));
      each.setAttribute('aria-valuetext', lines.textOf(one, value));
    }
    setText(values, `${lines.textOf(one, low)} to ${lines.textOf(one, high)}`);
    clear.hidden = Object.keys(shown.view.brushes).length === 0;
  };
  const { plot } = frame;
  const at = (event: PointerEvent): { readonly left: number; readonly top: number } => {
    const box = plot.getBoundingClientRect();
    return { left: event.clientX - box.left, top: event.clientY - box.top };
  };
  plot.addEventListener('pointerdown', (event) => {
    const { left, top } = at(event);
    const found = lines.dimensionAt(left, reach);
    wasDragged = false;
    if (found === undefined || event.button !== 0) return;
    dragged = { dimension: found, from: lines.shareAt(top), to: lines.shareAt(top) };
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointermove', (event) => {
    if (dragged === null) return;
    dragged.to = lines.shareAt(at(event).top);
    wasDragged = true;
    lines.preview = { dimension: dragged.dimension, from: dragged.from, to: dragged.to };
    chart.draw();
  });
  const drop = (isKept: boolean): void => {
    if (dragged === null) return;
    const { dimension: one, from: start, to: end } = dragged;
    dragged = null;
    lines.preview = undefined;
    const scale = lines.scaleOf(one);
    limited = one.key;
    if (isKept && wasDragged && scale !== undefined)
      limit(one.key, [
        snapped(one, scale.value(Math.min(start, end))),
        snapped(one, scale.value(Math.max(start, end))),
      ]);
    else chart.draw();
  };
  plot.addEventListener('pointerup', () => drop(true));
  plot.addEventListener('pointercancel', () => drop(false));
  bindDesignSteps(
    {
      plot,
      order: () => shown?.order ?? [],
      under: (left, top) => (dragged === null ? lines.designAt(left, top, reach) : explore.pointed()),
      choose: (design) => {
        const [axis] = shown?.dimensions ?? [];
        // The click at the end of a drag chooses nothing.
        if (axis !== undefined && !wasDragged) explore.choose(design, axis.origin);
      },
    },
    explore,
  );
  return {
    element: frame.element,
    point: () => chart.draw(),
    show: (next, palette) => {
      shown = next;
      lines.show(next, palette);
      const left =
        Object.keys(next.view.brushes).length === 0
          ? ''
          : ` ${countText(next.order.length, 'design')} within the limits.`;
      frame.setFinding(`Each line is a design. Drag along an upright to limit its values.${left}`);
      frame.setTable(() => table(next, next.order.slice(0, shortTable)));
      chart.options.scales = scales(next.dimensions);
      drawFitted(chart);
      showSliders();
    },
  };
}

/** The table of designs below shows all of them. */
const shortTable = 100;

function table(shown: ExploreShown, designs: Uint32Array) {
  return designTable(shown, designs, 'Designs');
}

/** A drag ends anywhere, and an axis has values at whole numbers only. */
function snapped({ kind }: Dimension, value: number): number {
  return kind === 'axis' ? Math.round(value) : value;
}

/** Uprights at 0, 1, 2, ... ParallelLines writes their names and values, because each has its own unit. */
function scales(dimensions: readonly Dimension[]) {
  return {
    x: { type: 'linear' as const, min: -0.45, max: dimensions.length - 0.55, display: false },
    y: { type: 'linear' as const, min: 0, max: 1, display: false },
  };
}
