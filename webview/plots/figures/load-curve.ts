import type { LoadCurveAnswer } from '../../../protocol/index.ts';
import { caveatSummary, formatNumber, formatRate, formatSeconds } from '../../../protocol/index.ts';
import { h, setText } from '../../elements/dom.ts';
import type { Actions } from '../../model/actions.ts';
import type { Shown } from '../../model/shown.ts';
import type { TableData } from '../../model/table.ts';
import { loadCurveFinding } from '../../text/load-curve-finding.ts';
import { rightMargin } from '../charts/axes.ts';
import { limitsPlugin, limitsState } from '../charts/limits.ts';
import { Chart } from '../charts/registry.ts';
import type { SwatchName } from '../swatches.ts';
import type { Palette } from '../theme.ts';
import type { ExportsOf } from './exportable.ts';
import type { Figure } from './figure.ts';
import type { Frame } from './frame.ts';
import { createFrame } from './frame.ts';
import { type Drawn, drawLines, kneePlugin } from './load-curve-drawing.ts';
import { loadTable } from './load-curve-table.ts';
import { bindSteps, stepKeys } from './steps.ts';

/** Latency against offered load. It is simulated only on request, because it takes dozens of runs. */
export interface LoadCurveFigure extends Figure {
  /** undefined: not requested yet. */
  readonly setAnswer: (answer: LoadCurveAnswer | undefined) => void;
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
