import { formatNumber, verdictMarks } from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import { designTable } from '../model/sweep/design-table.ts';
import type { Dimension } from '../model/sweep/designs.ts';
import { countText, rangeOf, verdictOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import { tableCsv, tableJson } from '../model/table.ts';
import { figureMenu } from '../plots/figures/menu.ts';
import type { ExploreActions, ExploreFigure } from './explore-figure.ts';

/** CSS pixels. The style sheet uses the same height. */
const rowHeight = 26;
/** Extra rows above and below the visible ones, so that a quick scroll shows no gap. */
const overscan = 8;

/**
 * The designs as rows, with one column for each axis and goal. A bar compares a value with the other values of its column. Only visible
 * rows are created, because an exploration can have ten thousand designs.
 */
export function createDesignGrid(actions: Actions, explore: ExploreActions): ExploreFigure {
  let shown: ExploreShown | undefined;
  let ranges: readonly Range[] = [];
  /** Position of each design in the order; -1 if the filter excludes it. */
  let places: Int32Array = new Int32Array(0);
  let made = { first: 0, last: 0 };
  const rows = new Map<number, HTMLTableRowElement>();
  const head = h('tr', {});
  const above = h('tr', { class: 'spacer', 'aria-hidden': 'true' });
  const below = h('tr', { class: 'spacer', 'aria-hidden': 'true' });
  const body = h('tbody', {});
  const caption = h('caption', { class: 'for-readers' });
  const table = h('table', { class: 'numbers designs' }, caption, h('thead', {}, head), body);
  const scroller = h(
    'div',
    {
      class: 'scroller design-scroller',
      tabindex: 0,
      role: 'region',
      'aria-label': 'Designs: numbers',
      'data-testid': 'design-scroller',
      on: { scroll: () => makeRows(false), keydown: (event) => step(event) },
    },
    table,
  );
  const save = (extension: string, content: string) =>
    actions.send({ type: 'save', suggestedName: `designs.${extension}`, content });
  const whole = (next: ExploreShown) => designTable(next, next.order, 'Designs');
  const menu = figureMenu('the designs', {
    csv: () => shown !== undefined && save('csv', tableCsv(whole(shown))),
    json: () => shown !== undefined && save('json', tableJson(whole(shown))),
  });
  const finding = h('p', { class: 'finding', 'data-testid': 'designs-finding' });
  const element = h(
    'section',
    { class: 'figure design-grid', 'data-testid': 'figure-designs', 'aria-label': 'Table of designs' },
    h('header', {}, h('h2', {}, 'Designs'), menu),
    finding,
    scroller,
  );
  new ResizeObserver(() => makeRows(false)).observe(scroller);

  const designOfRow = (event: Event): number | null => {
    const row = event.target instanceof Element ? event.target.closest('tr[data-design]') : null;
    return row === null ? null : Number(row.getAttribute('data-design'));
  };
  body.addEventListener('pointerover', (event) => explore.point(designOfRow(event), 'pointer'));
  body.addEventListener('pointerleave', () => explore.point(null, 'pointer'));
  body.addEventListener('click', (event) => {
    const design = designOfRow(event);
    const [axis] = shown?.dimensions ?? [];
    if (design === null || axis === undefined || shown === undefined) return;
    const cell = event.target instanceof Element ? event.target.closest('td[data-key]') : null;
    const dimension = shown.dimensions.find(({ key }) => key === cell?.getAttribute('data-key')) ?? axis;
    explore.choose(design, dimension.origin);
  });

  /** Arrow keys step through the designs in sorted order. */
  function step(event: KeyboardEvent): void {
    if (shown === undefined || event.target !== scroller || event.ctrlKey || event.metaKey || event.altKey) return;
    const { order } = shown;
    const pointed = explore.pointed();
    const at = pointed === null ? -1 : (places[pointed] ?? -1);
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
    const wanted: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? order.length - 1 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: order.length - 1,
    };
    const next = wanted[event.key];
    if (event.key === 'Enter' && pointed !== null) {
      const [axis] = shown.dimensions;
      if (axis !== undefined) explore.choose(pointed, axis.origin);
    } else if (event.key === 'Escape') explore.point(null, 'key');
    else if (next === undefined) return;
    else {
      const place = Math.min(order.length - 1, Math.max(0, next));
      bringIntoSight(place);
      explore.point(order[place] ?? null, 'key');
    }
    event.preventDefault();
  }

  function bringIntoSight(place: number): void {
    const top = place * rowHeight;
    const headHeight = head.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight + headHeight > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top + rowHeight + headHeight - scroller.clientHeight;
    makeRows(false);
  }

  function makeRows(anew: boolean): void {
    if (shown === undefined) return;
    const { order } = shown;
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - overscan);
    const last = Math.min(
      order.length,
      Math.ceil((scroller.scrollTop + Math.max(scroller.clientHeight, 200)) / rowHeight) + overscan,
    );
    if (!anew && first === made.first && last === made.last) return;
    made = { first, last };
    if (anew) rows.clear();
    const wanted: HTMLTableRowElement[] = [];
    const kept = new Map(rows);
    rows.clear();
    for (let place = first; place < last; place++) {
      const design = order[place] ?? 0;
      const row = kept.get(design) ?? designRow(shown, ranges, design, place);
      rows.set(design, row);
      wanted.push(row);
    }
    above.style.height = `${first * rowHeight}px`;
    below.style.height = `${(order.length - last) * rowHeight}px`;
    above.hidden = first === 0;
    below.hidden = last === order.length;
    body.replaceChildren(above, ...wanted, below);
    mark(explore.pointed());
  }

  function mark(design: number | null): void {
    for (const [each, row] of rows) {
      if (each === design) row.setAttribute('data-pointed', 'true');
      else row.removeAttribute('data-pointed');
    }
  }

  return {
    element,
    show: (next) => {
      const otherOrder = shown?.view.sort !== next.view.sort || shown.view.filter !== next.view.filter;
      shown = next;
      ranges = next.dimensions.map((dimension) => rangeOf(next.result, dimension));
      places = new Int32Array(next.result.count).fill(-1);
      for (let place = 0; place < next.order.length; place++) places[next.order[place] ?? 0] = place;
      setText(caption, `Designs of ${next.exploration.name}`);
      setText(finding, gridFinding(next));
      table.setAttribute('aria-rowcount', String(next.order.length + 1));
      fill(head, ...heads(next, explore));
      if (otherOrder) scroller.scrollTop = 0;
      makeRows(true);
    },
    point: (design) => {
      mark(design);
      const place = design === null ? -1 : (places[design] ?? -1);
      // A design that is pointed at in a plot is scrolled into view here.
      if (place >= 0 && !scroller.matches(':hover') && document.activeElement !== scroller) bringIntoSight(place);
    },
  };
}

type Range = { readonly low: number; readonly high: number } | null;

function gridFinding({ order, result, dimensions, view }: ExploreShown): string {
  const sorted = dimensions.find(({ key }) => key === view.sort.key);
  const by =
    sorted === undefined
      ? 'in the order of the exploration'
      : `sorted by ${sorted.title}, ${view.sort.descending ? 'highest' : 'lowest'} first`;
  const which =
    order.length === result.count
      ? `All ${countText(result.count, 'design')}`
      : `${countText(order.length, 'design')} of ${formatNumber(result.count, 9)}`;
  return `${which}, ${by}. Bars show the range from the lowest to the highest value of a column.`;
}

function heads({ dimensions, view }: ExploreShown, explore: ExploreActions): readonly HTMLElement[] {
  const sorting = (dimension: Dimension) => {
    const own = view.sort.key === dimension.key;
    const sort = () => {
      // First click: the best value first (for an axis, the lowest). Second click: reversed. Third click: the original order.
      const best = dimension.sense === 'maximize';
      if (!own) explore.change({ sort: { key: dimension.key, descending: best } });
      else if (view.sort.descending === best) explore.change({ sort: { key: dimension.key, descending: !best } });
      else explore.change({ sort: { key: null, descending: false } });
    };
    const arrow = own ? (view.sort.descending ? ' ▾' : ' ▴') : '';
    const state = own ? (view.sort.descending ? 'descending' : 'ascending') : 'none';
    return h(
      'th',
      { scope: 'col', 'aria-sort': state },
      h(
        'button',
        {
          type: 'button',
          class: 'sort',
          title: `Sort by ${dimension.title}`,
          'data-testid': `sort-${dimension.key}`,
          on: { click: sort },
        },
        // A long path may break after a dot: a narrow side bar has no room for it.
        `${dimension.title.replaceAll('.', '.\u200b')}${arrow}`,
      ),
    );
  };
  return [
    h('th', { scope: 'col' }, 'Design'),
    ...dimensions.map(sorting),
    h('th', { scope: 'col', class: 'words' }, 'Objectives'),
  ];
}

function designRow(
  { result, dimensions, problems }: ExploreShown,
  ranges: readonly Range[],
  design: number,
  place: number,
): HTMLTableRowElement {
  const verdict = verdictOf(result, design);
  const problem = problems.get(design);
  const notes = [
    ...(result.front[design] === 1 ? ['on the front'] : []),
    ...(design === result.asWritten ? ['as written'] : []),
  ];
  const state = verdict === 'unbuilt' ? (problem === undefined ? 'not simulated' : 'invalid design') : verdict;
  return h(
    'tr',
    { 'data-design': design, 'data-testid': `design-${design}`, 'aria-rowindex': place + 2 },
    h(
      'th',
      { scope: 'row' },
      String(design + 1),
      // For narrow pages, where the column of verdicts is not visible.
      verdict === 'unbuilt'
        ? null
        : h(
            'span',
            { class: `narrow-only verdict-mark verdict-${verdict}`, 'aria-hidden': 'true' },
            verdictMarks[verdict],
          ),
    ),
    ...dimensions.map((dimension, i) => valueCell(dimension, dimension.value(result, design), ranges[i] ?? null)),
    h(
      'td',
      { class: 'words', ...(problem === undefined ? {} : { title: problem }) },
      verdict === 'unbuilt'
        ? h('span', { class: 'muted' }, state)
        : h('span', {}, h('span', { class: `verdict-mark verdict-${verdict}` }, verdictMarks[verdict]), ` ${state}`),
      notes.length === 0 ? null : h('span', { class: 'notes' }, notes.join(', ')),
    ),
  );
}

/** A goal has a bar that starts at the lowest value of its column. An axis has a mark at its position between first and last value. */
function valueCell(dimension: Dimension, value: number, range: Range): HTMLElement {
  const text = h('span', {}, dimension.text(value));
  const cell = h('td', { 'data-key': dimension.key, ...(Number.isNaN(value) ? {} : { 'data-value': value }) }, text);
  if (range === null || Number.isNaN(value)) return cell;
  const share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 1;
  const track = h('span', { class: `cell-track cell-${dimension.kind}`, 'aria-hidden': 'true' });
  const bar = h('span', { class: 'cell-bar' });
  if (dimension.kind === 'goal') bar.style.width = `${Math.max(2, 100 * share)}%`;
  else bar.style.left = `${100 * share}%`;
  track.appendChild(bar);
  cell.appendChild(track);
  return cell;
}
