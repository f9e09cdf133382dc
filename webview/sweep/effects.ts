import { fill, freshId, h, setText } from '../elements/dom.ts';
import { tableElement } from '../elements/table.ts';
import { type Dimension, goalsOf } from '../model/sweep/designs.ts';
import { type Effect, effectsOn } from '../model/sweep/effects.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import type { TableData } from '../model/table.ts';
import type { ExploreFigure } from './explore-figure.ts';

/** How much each axis, and each pair of axes, changes each goal: a table with one column for each goal. */
export function createEffects(): ExploreFigure {
  const titleId = freshId('effects');
  const finding = h('p', { class: 'finding', 'data-testid': 'effects-finding' });
  const holder = h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'Effects: numbers' });
  const element = h(
    'section',
    { class: 'figure', 'data-testid': 'figure-effects', 'aria-labelledby': titleId },
    h('header', {}, h('h2', { id: titleId }, 'Effects')),
    finding,
    holder,
  );
  let last: ExploreShown['result'] | undefined;
  return {
    element,
    point: () => undefined,
    show: (shown) => {
      const { result, dimensions } = shown;
      // Another filter or another order of the designs changes no effect.
      if (result === last) return;
      last = result;
      const goals = goalsOf(dimensions);
      const effects = goals.map((goal) => effectsOn(goal, result, dimensions));
      setText(finding, effectsFinding(goals, effects));
      fill(holder, tableElement(effectsTable(shown, goals, effects)));
    },
  };
}

const percent = (share: number): string =>
  Number.isNaN(share) ? '–' : share > 0 && share < 0.005 ? '<1 %' : `${Math.round(100 * share)} %`;

const nameOf = ({ axes }: Effect): string => axes.map(({ title }) => title).join(' × ');

/** The axis with the largest effect on each goal. */
function effectsFinding(goals: readonly Dimension[], effects: readonly (readonly Effect[])[]): string {
  const sentences = goals.map((goal, at) => {
    const ranked = (effects[at] ?? []).filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share);
    const [first] = ranked;
    if (first === undefined) return `No axis changes ${goal.title}.`;
    const subject = first.ends === null ? `${nameOf(first)} together explain` : `${nameOf(first)} explains`;
    return `${subject} ${percent(first.share)} of the differences in ${goal.title}.`;
  });
  return sentences.join(' ');
}

function effectsTable(
  { result }: ExploreShown,
  goals: readonly Dimension[],
  effects: readonly (readonly Effect[])[],
): TableData {
  const rows = (effects[0] ?? []).map((effect, row) => [
    nameOf(effect),
    ...goals.flatMap((goal, at) => {
      const own = effects[at]?.[row];
      return own === undefined ? ['', ''] : [percent(own.share), meansText(goal, own)];
    }),
  ]);
  const isPart = result.exploration.search !== undefined || result.tried < result.count;
  return {
    caption: `Share of the differences between designs${isPart ? ', estimated from the designs that were tried' : ''}. A pair: what both change beyond their own effects.`,
    columns: [
      { title: 'axis', key: 'axis' },
      ...goals.flatMap(({ title, exportKey }) => [
        { title, key: `${exportKey}Share` },
        { title: 'lowest to highest mean', key: `${exportKey}Means` },
      ]),
    ],
    rows,
  };
}

/** `3.1 mJ (64 MiB) to 4 mJ (8 MiB)`. */
function meansText(goal: Dimension, { axes: [axis], ends }: Effect): string {
  if (axis === undefined || ends === null) return '';
  const at = ({ choice, mean }: { readonly choice: number; readonly mean: number }) =>
    `${goal.text(mean)} (${axis.text(choice)})`;
  return ends.lowest.mean === ends.highest.mean ? 'no difference' : `${at(ends.lowest)} to ${at(ends.highest)}`;
}
