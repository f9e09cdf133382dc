import { formatNumber, formatPercent, verdictMarks } from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Dimension, Filter } from '../model/sweep/designs.ts';
import { countText, filters, passes, verdictOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import type { ExploreActions } from './explore-figure.ts';

/** Always visible above plots and table: the values of one design, and buttons that choose which designs are shown. */
export interface DesignBar {
  readonly element: HTMLElement;
  readonly show: (shown: ExploreShown) => void;
  readonly point: (design: number | null) => void;
}

const filterNames: Readonly<Record<Filter, string>> = { all: 'all', met: 'met', front: 'front' };

export function createDesignBar(actions: Actions, explore: ExploreActions): DesignBar {
  const title = h('strong', { 'data-testid': 'design-title' });
  const state = h('span', { class: 'design-state', 'data-testid': 'design-state' });
  const values = h('ul', { class: 'design-values' });
  const buttons = new Map(
    filters.map((filter) => [
      filter,
      h('button', {
        type: 'button',
        class: 'pick',
        'data-testid': `filter-${filter}`,
        on: { click: () => explore.change({ filter }) },
      }),
    ]),
  );
  const element = h(
    'div',
    { class: 'design-bar', 'data-testid': 'design-bar' },
    h('div', { class: 'filters', role: 'group', 'aria-label': 'Designs to show' }, ...buttons.values()),
    h('div', { class: 'design-read' }, h('p', { class: 'design-head' }, title, state), values),
  );
  let shown: ExploreShown | undefined;
  /** In the order of the dimensions. An edit can replace the dimensions by others with the same names. */
  let outputs: readonly { readonly value: HTMLElement; readonly change: HTMLElement }[] = [];
  const point = (design: number | null) => {
    if (shown === undefined) return;
    const { result } = shown;
    const at = design ?? (result.asWritten >= 0 ? result.asWritten : null);
    element.dataset.pointed = String(design !== null);
    if (at === null) {
      setText(title, 'Point at a design to see its values');
      setText(state, '');
    } else {
      setText(title, at === result.asWritten ? `Design ${at + 1}, as written` : `Design ${at + 1}`);
      fill(state, ...stateOf(shown, at));
    }
    for (const [i, dimension] of shown.dimensions.entries()) {
      const { value, change } = outputs[i] ?? {};
      if (value === undefined || change === undefined) continue;
      const own = at === null ? Number.NaN : dimension.value(result, at);
      setText(value, at === null ? '–' : dimension.text(own));
      value.setAttribute('data-value', String(own));
      setText(change, at === null || dimension.kind === 'axis' ? '' : changeText(shown, dimension, own));
    }
  };
  return {
    element,
    show: (next) => {
      const same =
        shown !== undefined &&
        shown.dimensions.map(({ title: t }) => t).join() === next.dimensions.map(({ title: t }) => t).join();
      shown = next;
      const counts: Record<Filter, number> = { all: 0, met: 0, front: 0 };
      for (let design = 0; design < next.result.count; design++) {
        if (passes(next.result, design, 'all')) counts.all++;
        if (passes(next.result, design, 'met')) counts.met++;
        if (passes(next.result, design, 'front')) counts.front++;
      }
      for (const [filter, button] of buttons) {
        setText(button, `${filterNames[filter]} ${formatNumber(counts[filter], 9)}`);
        button.setAttribute('aria-pressed', String(next.view.filter === filter));
        button.disabled = counts[filter] === 0 && next.view.filter !== filter;
      }
      if (!same) {
        const made = next.dimensions.map((dimension) => ({
          dimension,
          value: h('span', { class: 'design-value', 'data-testid': `value-${dimension.key}` }),
          change: h('span', { class: 'design-change' }),
        }));
        outputs = made;
        fill(
          values,
          ...made.map(({ dimension, value, change }) =>
            h('li', {}, name(dimension), value, dimension.kind === 'goal' ? change : null),
          ),
        );
      }
      point(explore.pointed());
    },
    point,
  };
  /** A link to the current line of the `vary` or the goal. */
  function name(dimension: Dimension): HTMLElement {
    if (!actions.hasHost) return h('span', { class: 'muted' }, dimension.title);
    const reveal = () => {
      const now = shown?.dimensions.find(({ key }) => key === dimension.key) ?? dimension;
      actions.reveal(now.origin);
    };
    return h(
      'button',
      {
        type: 'button',
        class: 'link muted',
        title: 'Go to source',
        'data-testid': `source-${dimension.key}`,
        on: { click: reveal },
      },
      dimension.title,
    );
  }
}

function stateOf({ result, problems }: ExploreShown, design: number): readonly (HTMLElement | string)[] {
  const verdict = verdictOf(result, design);
  if (verdict === 'unbuilt') return [problems.get(design) ?? 'not simulated'];
  const words = { met: 'meets all objectives', violated: 'violates an objective', undecided: 'undecided' };
  return [
    h('span', { class: `verdict-mark verdict-${verdict}` }, verdictMarks[verdict]),
    ` ${words[verdict]}${result.front[design] === 1 ? ', on the front' : ''}`,
  ];
}

/** The difference to the design as written. */
function changeText({ result }: ExploreShown, dimension: Dimension, own: number): string {
  const reference = result.asWritten < 0 ? Number.NaN : dimension.value(result, result.asWritten);
  if (!(reference > 0) || !Number.isFinite(own)) return '';
  const change = own / reference - 1;
  if (Math.abs(change) < 5e-5) return '';
  return `${change > 0 ? '+' : '−'}${formatPercent(Math.abs(change), 2)}`;
}

/** The same as a sentence for screen readers. */
export function designSentence({ result, dimensions, problems }: ExploreShown, design: number): string {
  const verdict = verdictOf(result, design);
  const values = dimensions.map((dimension) => `${dimension.title} ${dimension.text(dimension.value(result, design))}`);
  const words = {
    met: 'meets all objectives',
    violated: 'violates an objective',
    undecided: 'undecided',
    unbuilt: problems.get(design) ?? 'not simulated',
  };
  const written = design === result.asWritten ? ', as written' : '';
  const front = result.front[design] === 1 ? ', on the front' : '';
  return `Design ${design + 1} of ${countText(result.count, 'design')}${written}: ${values.join(', ')}; ${words[verdict]}${front}`;
}
