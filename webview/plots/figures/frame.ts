import { fill, freshId, h, setProse, setText } from '../../elements/dom.ts';
import { tableElement } from '../../elements/table.ts';
import type { TableData } from '../../model/table.ts';
import { swatchElement } from '../swatch-element.ts';
import type { SwatchName } from '../swatches.ts';
import type { Exportable, ExportsOf } from './exportable.ts';
import type { LegendEntry } from './legend.ts';
import { type FigureExports, figureMenu } from './menu.ts';

/** The parts that every figure has: title, finding, legend with values, plot and table. */
export interface Frame {
  readonly element: HTMLElement;
  /** Receives the focus and the pointer. */
  readonly plot: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Shows or hides the parts that require a drawn plot: legend, table and export menu. */
  readonly setVisible: (visible: boolean) => void;
  readonly setFinding: (text: string) => void;
  readonly setLegend: (context: string, entries: readonly LegendEntry[]) => void;
  /** The table is created when a person opens it. */
  readonly setTable: (make: () => TableData) => void;
}

export interface FrameOptions {
  readonly id: string;
  readonly title: string;
  /** The keys of the plot, for screen readers. */
  readonly keys: string;
  readonly exports: Omit<Exportable, 'text'>;
  /** Saves the shown window as a trace, and names the part of it that the trace contains. Absent if the figure has none. */
  readonly trace?: Required<Pick<FigureExports, 'trace' | 'traceExtent'>>;
}

export function createFrame(exportsOf: ExportsOf, options: FrameOptions): Frame {
  const { id, title, trace } = options;
  let legend: readonly LegendEntry[] = [];
  let legendContext = '';
  const titleId = freshId(id);
  const findingId = freshId(`${id}-finding`);
  const finding = h('p', { class: 'finding', id: findingId, 'data-testid': `${id}-finding` });
  const context = h('span', { class: 'context' });
  const entries = h('ul', { class: 'entries' });
  const canvas = h('canvas', { 'aria-hidden': 'true', 'data-testid': `${id}-canvas` });
  const plot = h(
    'div',
    {
      class: `plot plot-${id}`,
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'chart',
      'aria-labelledby': titleId,
      'aria-describedby': findingId,
      'aria-keyshortcuts': options.keys,
      'data-testid': `${id}-plot`,
    },
    canvas,
  );
  let make: (() => TableData) | undefined;
  const tableHolder = h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `${title}: numbers` });
  const details = h(
    'details',
    { class: 'table', 'data-testid': `${id}-table`, on: { toggle: () => refreshTable() } },
    h('summary', {}, 'Numbers', h('span', { class: 'for-readers' }, ` of ${title}`)),
    tableHolder,
  );
  const refreshTable = () => {
    if (details.open && make !== undefined) fill(tableHolder, tableElement(make()));
    else tableHolder.replaceChildren();
  };
  const text = () => ({ title: contextOf(title, legendContext), legend });
  const exports = exportsOf({ ...options.exports, text });
  const menu = figureMenu(title, trace === undefined ? exports : { ...exports, ...trace });
  const legendLine = h('div', { class: 'legend', 'data-testid': `${id}-legend` }, context, entries);
  const element = h(
    'section',
    { class: `figure figure-${id}`, 'data-testid': `figure-${id}`, 'aria-labelledby': titleId },
    h('header', {}, h('h2', { id: titleId }, title), menu),
    finding,
    legendLine,
    plot,
    details,
  );
  const shown = new Map<
    string,
    { readonly name: SwatchName; readonly label: HTMLElement; readonly output: HTMLElement }
  >();
  return {
    element,
    plot,
    canvas,
    setVisible: (visible) => {
      menu.hidden = !visible;
      legendLine.hidden = !visible;
      details.hidden = !visible;
    },
    setFinding: (text) => setProse(finding, text),
    setLegend: (contextText, list) => {
      legend = list;
      legendContext = contextText;
      setText(context, contextText);
      // While the pointer moves, the items stay and only their texts change.
      const sameItems = list.length === shown.size && list.every(({ key, swatch }) => shown.get(key)?.name === swatch);
      if (!sameItems) {
        shown.clear();
        entries.replaceChildren();
        for (const entry of list) {
          const output = h('span', { class: 'value', 'data-testid': `${id}-${entry.key}` });
          const label = h('span', { class: 'label' });
          entries.appendChild(h('li', {}, swatchElement(entry.swatch), label, output));
          shown.set(entry.key, { name: entry.swatch, label, output });
        }
      }
      for (const entry of list) {
        const item = shown.get(entry.key);
        if (item === undefined) continue;
        const { label, output } = item;
        setText(label, entry.label);
        setText(output, entry.text);
        if (entry.value === undefined) output.removeAttribute('data-value');
        else output.setAttribute('data-value', String(entry.value));
      }
    },
    setTable: (next) => {
      make = next;
      refreshTable();
    },
  };
}

function contextOf(title: string, context: string): string {
  return context === '' ? title : `${title}: ${context}`;
}
