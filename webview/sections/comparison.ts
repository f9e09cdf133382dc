import type { AreaPart, MeasureName, RunFigures, ServeFigures } from '../../protocol/index.ts';
import {
  chipAreaText,
  formatArea,
  formatNumber,
  formatPercent,
  measures,
  measureText,
  noVerdictMark,
  pointsText,
  serveVerdict,
  verdictMarks,
} from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Shown } from '../model/shown.ts';

/** The measures of the shown serve: the scenario beside the runs that it is compared with. */
export interface ComparisonSection {
  readonly element: HTMLElement;
  readonly show: (shown: Shown) => void;
  /** Scrolls the table to the top of the page, and announces it. */
  readonly reveal: () => void;
}

interface Row {
  readonly measure: MeasureName;
  /** Part of the test ids. */
  readonly key: string;
  readonly value: (serve: ServeFigures, run: RunFigures) => number | null;
  /** Text that explains the value. */
  readonly text?: (run: RunFigures) => string | undefined;
  /** The hover text of the value. */
  readonly title?: (run: RunFigures) => string | undefined;
  /** If the chip is overloaded, it grows with the length of the run. */
  readonly grows?: true;
}

const rows: readonly Row[] = [
  { measure: 'meanLatency', key: 'mean', value: (serve) => serve.latency.mean, grows: true },
  { measure: 'p50Latency', key: 'p50', value: (serve) => serve.latency.p50, grows: true },
  { measure: 'p95Latency', key: 'p95', value: (serve) => serve.latency.p95, grows: true },
  { measure: 'p99Latency', key: 'p99', value: (serve) => serve.latency.p99, grows: true },
  { measure: 'p999Latency', key: 'p999', value: (serve) => serve.latency.p999, grows: true },
  { measure: 'maxLatency', key: 'max', value: (serve) => serve.latency.max, grows: true },
  { measure: 'p99Ttft', key: 'ttft', value: ({ tokens }) => tokens?.ttft.p99 ?? null, grows: true },
  { measure: 'p99Tpot', key: 'tpot', value: ({ tokens }) => tokens?.tpot.p99 ?? null },
  { measure: 'tokenThroughput', key: 'tokens', value: ({ tokens }) => tokens?.outputTokensPerSecond ?? null },
  { measure: 'throughput', key: 'completed', value: (serve) => serve.completedRps },
  { measure: 'goodput', key: 'goodput', value: (serve) => serve.goodputRps },
  { measure: 'meanBatch', key: 'batch', value: (serve) => serve.meanBatch },
  { measure: 'burstShare', key: 'burst-share', value: (serve) => serve.burstShare },
  { measure: 'accuracy', key: 'accuracy', value: (serve) => serve.accuracy },
  { measure: 'energy', key: 'energy', value: (serve) => serve.energyJoulesPerRequest },
  { measure: 'duration', key: 'seconds', value: (_, run) => run.seconds },
  { measure: 'power', key: 'power', value: (_, run) => run.averageWatts },
  {
    measure: 'area',
    key: 'area',
    value: (_, run) => run.area?.knownSquareMetres ?? null,
    text: ({ area }) => area && chipAreaText(area),
    title: ({ area }) => area?.parts.map(partText).join(', '),
  },
];

function partText({ name, squareMetres }: AreaPart): string {
  return `${name}: ${squareMetres === null ? 'no figure' : formatArea(squareMetres)}`;
}

function textOf({ text }: Row, run: RunFigures | undefined): string | undefined {
  return run && text?.(run);
}

function hoverOf({ title }: Row, run: RunFigures | undefined): { readonly title?: string } {
  const text = run && title?.(run);
  return text === undefined ? {} : { title: text };
}

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
        shown.pinned === undefined
          ? 'Keep these values to compare later runs with them'
          : 'Stop comparing with the pinned run';
      fill(holder, comparisonTable(shown, actions));
    },
    reveal: () => {
      element.scrollIntoView({ block: 'start' });
      actions.announce('Figures: the scenario beside the runs that it is compared with');
    },
  };
}

function comparisonTable(shown: Shown, actions: Actions): HTMLElement {
  const { scenario, serve, earlier } = shown;
  const drawable = 1 + scenario.variants.length;
  const runs: readonly RunFigures[] = [scenario.main, ...scenario.variants, ...earlier];
  const serves = runs.map((run) => run.serves.find((candidate) => candidate.name === serve.name));
  const lines = rows.flatMap((row) => {
    const values = runs.map((run, i) => {
      const each = serves[i];
      return each === undefined ? null : row.value(each, run);
    });
    if (values.every((value) => value === null)) return [];
    const [reference] = values;
    const cells = values.map((value, i) =>
      h(
        'td',
        {
          'data-testid': `figure-${row.key}-${i}`,
          ...(value === null ? {} : { 'data-value': value }),
          ...hoverOf(row, runs[i]),
        },
        value === null ? '–' : (textOf(row, runs[i]) ?? measureText(row.measure, value)),
        i > 0 && typeof value === 'number' && typeof reference === 'number' && comparable(row, runs[0], runs[i])
          ? difference(row, reference, value)
          : null,
      ),
    );
    return [h('tr', {}, h('th', { scope: 'row' }, measures[row.measure].name), ...cells)];
  });
  const heads = runs.map((run, i) => {
    const served = serves[i];
    const hasObjectives = served !== undefined && served.slos.length > 0;
    const verdict = served === undefined ? 'met' : serveVerdict(served);
    const mark = hasObjectives
      ? h(
          'span',
          { class: `verdict-mark verdict-${verdict}`, role: 'img', 'aria-label': verdict },
          verdictMarks[verdict],
        )
      : h('span', { class: 'verdict-mark muted', role: 'img', 'aria-label': 'no objectives' }, noVerdictMark);
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
          title: `Show the plots of ${run.label}`,
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
        : `${serve.name}. Click a name to show the plots of that run. Differences are relative to ${runs[0]?.label ?? ''}.${overloadNote(runs)}`,
    ),
    h('thead', {}, h('tr', {}, h('td', {}), ...heads)),
    h('tbody', {}, ...lines),
  );
}

/** The latency of an overloaded chip grows with the length of the run. Runs of different lengths cannot be compared then. */
function comparable(row: Row, a: RunFigures | undefined, b: RunFigures | undefined): boolean {
  if (row.grows !== true || a === undefined || b === undefined) return true;
  const keepsUp = (run: RunFigures) => run.serves.every(({ backlog }) => backlog === undefined);
  return (keepsUp(a) && keepsUp(b)) || Math.abs(a.seconds / b.seconds - 1) < 0.01;
}

/** Explains why some latencies have no difference; '' if all have one. */
function overloadNote(runs: readonly RunFigures[]): string {
  const [first, ...others] = runs;
  const grows = rows.find((row) => row.grows);
  if (grows === undefined || others.every((run) => comparable(grows, first, run))) return '';
  return ' Latencies have no difference where a chip is in overload and the runs have different lengths: they grow with the length of the run.';
}

/** The difference to the scenario itself: percentage points for a percentage, else a ratio if it is large, else a percentage; null if there is none. */
function difference({ measure }: Row, reference: number, value: number): HTMLElement | null {
  if (!(reference > 0) || !Number.isFinite(value)) return null;
  const ratio = value / reference;
  if (Math.abs(ratio - 1) < 5e-5) return null;
  const sign = ratio > 1 ? '+' : '−';
  const isPercentage = measure === 'accuracy' || measure === 'burstShare';
  const text = isPercentage
    ? `${sign}${pointsText(value - reference)}`
    : ratio >= 2
      ? `${formatNumber(ratio, 2)} ×`
      : `${sign}${formatPercent(Math.abs(ratio - 1), 2)}`;
  return h('span', { class: 'difference' }, text);
}
