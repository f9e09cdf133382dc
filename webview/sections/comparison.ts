import {
  formatNumber,
  formatPercent,
  formatPercentileSeconds,
  formatQuantity,
  formatRate,
  formatSeconds,
} from '../../protocol/index.ts';
import type { Actions } from '../actions.ts';
import { fill, h, setText } from '../dom.ts';
import type { RunFigures, ServeFigures } from '../pin.ts';
import type { Shown } from '../shown.ts';
import { noPromiseMark, verdictMarks } from './verdict.ts';

/** The shown service in figures: the scenario beside what it is compared with. */
export interface ComparisonSection {
  readonly element: HTMLElement;
  readonly show: (shown: Shown) => void;
  /** Brings the figures to the top of the page, and says so. */
  readonly reveal: () => void;
}

interface Metric {
  readonly title: string;
  readonly key: string;
  readonly value: (serve: ServeFigures, run: RunFigures) => number | null;
  readonly format: (value: number) => string;
  /** Grows with the length of a run that cannot keep up. */
  readonly grows?: true;
}

const metrics: readonly Metric[] = [
  { title: 'mean latency', key: 'mean', value: (serve) => serve.latency.mean, format: formatSeconds, grows: true },
  { title: 'p50', key: 'p50', value: (serve) => serve.latency.p50, format: formatPercentileSeconds, grows: true },
  { title: 'p95', key: 'p95', value: (serve) => serve.latency.p95, format: formatPercentileSeconds, grows: true },
  { title: 'p99', key: 'p99', value: (serve) => serve.latency.p99, format: formatPercentileSeconds, grows: true },
  { title: 'p99.9', key: 'p999', value: (serve) => serve.latency.p999, format: formatPercentileSeconds, grows: true },
  { title: 'slowest', key: 'max', value: (serve) => serve.latency.max, format: formatSeconds, grows: true },
  { title: 'completed', key: 'completed', value: (serve) => serve.completedRps, format: formatRate },
  { title: 'in time', key: 'goodput', value: (serve) => serve.goodputRps, format: formatRate },
  { title: 'mean batch', key: 'batch', value: (serve) => serve.meanBatch, format: formatNumber },
  { title: 'touched by burst', key: 'burst-share', value: (serve) => serve.burstShare, format: formatPercent },
  { title: 'accuracy', key: 'accuracy', value: (serve) => serve.accuracy, format: (value) => formatPercent(value, 4) },
  {
    title: 'energy a request',
    key: 'energy',
    value: (serve) => serve.energyJoulesPerRequest,
    format: (value) => formatQuantity(value, 'J'),
  },
  { title: 'simulated', key: 'seconds', value: (_, run) => run.seconds, format: formatSeconds },
  { title: 'power', key: 'power', value: (_, run) => run.averageWatts, format: (value) => formatQuantity(value, 'W') },
];

export function createComparison(actions: Actions): ComparisonSection {
  const holder = h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Figures' });
  const pin = h('button', { type: 'button', 'data-testid': 'pin', on: { click: () => actions.togglePin() } });
  const element = h(
    'section',
    { class: 'figure comparison', 'data-testid': 'comparison' },
    h('header', {}, h('h2', {}, 'Figures'), pin),
    holder,
  );
  return {
    element,
    show: (shown) => {
      setText(pin, shown.pinned === undefined ? 'Pin this run' : 'Unpin');
      pin.title =
        shown.pinned === undefined ? 'Keep these figures beside those of later runs' : 'Compare with no earlier run';
      fill(holder, comparisonTable(shown, actions));
    },
    reveal: () => {
      element.scrollIntoView({ block: 'start' });
      actions.announce('Figures, beside those of what the scenario is compared with');
    },
  };
}

function comparisonTable(shown: Shown, actions: Actions): HTMLElement {
  const { scenario, serve, pinned } = shown;
  const drawable = 1 + scenario.variants.length;
  const runs: readonly RunFigures[] = [scenario.main, ...scenario.variants, ...(pinned === undefined ? [] : [pinned])];
  const serves = runs.map((run) => run.serves.find((candidate) => candidate.name === serve.name));
  const rows = metrics.flatMap((metric) => {
    const values = runs.map((run, i) => {
      const each = serves[i];
      return each === undefined ? null : metric.value(each, run);
    });
    if (values.every((value) => value === null)) return [];
    const [reference] = values;
    const cells = values.map((value, i) =>
      h(
        'td',
        { 'data-testid': `figure-${metric.key}-${i}`, ...(value === null ? {} : { 'data-value': value }) },
        value === null ? '–' : metric.format(value),
        i > 0 && typeof value === 'number' && typeof reference === 'number' && comparable(metric, runs[0], runs[i])
          ? difference(reference, value)
          : null,
      ),
    );
    return [h('tr', {}, h('th', { scope: 'row' }, metric.title), ...cells)];
  });
  const heads = runs.map((run, i) => {
    const promises = (serves[i]?.slos.length ?? 0) > 0;
    const verdict = serves[i]?.slos.some((outcome) => outcome.verdict === 'violated')
      ? 'violated'
      : serves[i]?.slos.some((outcome) => outcome.verdict === 'undecided')
        ? 'undecided'
        : 'met';
    const mark = promises
      ? h(
          'span',
          { class: `verdict-mark verdict-${verdict}`, role: 'img', 'aria-label': verdict },
          verdictMarks[verdict],
        )
      : h('span', { class: 'verdict-mark muted', role: 'img', 'aria-label': 'promises nothing' }, noPromiseMark);
    if (drawable === 1 || i >= drawable) return h('th', { scope: 'col' }, mark, ` ${run.label}`);
    const pick = () => actions.pickRun(i);
    const pressed = String(i === shown.runIndex);
    return h(
      'th',
      { scope: 'col' },
      h(
        'button',
        {
          type: 'button',
          class: 'pick',
          'aria-pressed': pressed,
          title: `Draw ${run.label}`,
          'data-testid': `pick-run-${i}`,
          on: { click: pick },
        },
        mark,
        `\u00a0${run.label}`,
      ),
    );
  });
  return h(
    'table',
    { class: 'numbers compared' },
    h(
      'caption',
      {},
      drawable === 1
        ? `${serve.name} on ${runs[0]?.label ?? ''}`
        : `${serve.name}; press a name to draw that run; differences are to ${runs[0]?.label ?? ''}`,
    ),
    h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
    h('tbody', {}, ...rows),
  );
}

/** Where a chip cannot keep up, latency is a matter of when one stops looking: runs of different length say nothing then. */
function comparable(metric: Metric, a: RunFigures | undefined, b: RunFigures | undefined): boolean {
  if (metric.grows !== true || a === undefined || b === undefined) return true;
  const keepsUp = (run: RunFigures) => run.serves.every((serve) => serve.completedRps >= 0.97 * serve.offeredRps);
  return (keepsUp(a) && keepsUp(b)) || Math.abs(a.seconds / b.seconds - 1) < 0.01;
}

/** Against the scenario itself. A ratio where it is large, a percentage where it is small, nothing where there is none. */
function difference(reference: number, value: number): HTMLElement | null {
  if (!(reference > 0) || !Number.isFinite(value)) return null;
  const ratio = value / reference;
  if (Math.abs(ratio - 1) < 5e-5) return null;
  const sign = ratio > 1 ? '+' : '−';
  const text = ratio >= 2 ? `${formatNumber(ratio, 2)} ×` : `${sign}${formatPercent(Math.abs(ratio - 1), 2)}`;
  return h('span', { class: 'difference' }, text);
}
