import { verdictMarks } from '../../protocol/index.ts';
import { fill, h } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { HistoryRun } from '../model/history.ts';
import { verdictIn } from '../model/history.ts';

/** The last runs of the document: to star, compare, restore and delete. */
export interface HistorySection {
  readonly element: HTMLElement;
  /** `chosen`: the ids of the runs that are compared. */
  readonly show: (history: readonly HistoryRun[], chosen: readonly string[], scenario: string) => void;
}

export function createHistory(actions: Actions): HistorySection {
  const list = h('ul', { class: 'history' });
  const element = h(
    'section',
    { class: 'figure', 'data-testid': 'history', hidden: true },
    h('header', {}, h('h2', {}, 'History')),
    h(
      'p',
      { class: 'finding' },
      'The last runs of this file, named by what changed. Compared runs appear in Figures and Latency distribution.',
    ),
    list,
  );
  return {
    element,
    show: (history, chosen, scenario) => {
      element.hidden = history.length === 0;
      fill(list, ...history.map((run) => row(run, chosen.includes(run.id), scenario, actions)));
    },
  };
}

function row(run: HistoryRun, isCompared: boolean, scenario: string, actions: Actions): HTMLElement {
  const { id, name, isStarred, atMilliseconds } = run;
  const verdict = verdictIn(run, scenario);
  const button = (key: string, text: string, label: string, action: () => void, pressed?: boolean) =>
    h(
      'button',
      {
        type: 'button',
        title: label,
        'aria-label': `${label}: ${name}`,
        'aria-pressed': pressed === undefined ? undefined : String(pressed),
        class: pressed === undefined ? 'plain' : 'pick',
        'data-testid': `history-${key}-${id}`,
        on: { click: action },
      },
      text,
    );
  const at = new Date(atMilliseconds);
  return h(
    'li',
    { 'data-testid': `history-${id}` },
    button('star', isStarred ? '★' : '☆', isStarred ? 'Remove the star' : 'Star: keep this run', () =>
      actions.actOnHistory(id, 'star'),
    ),
    h(
      'span',
      { class: 'history-name' },
      verdict === undefined
        ? null
        : h(
            'span',
            { class: `verdict-mark verdict-${verdict}`, role: 'img', 'aria-label': verdict },
            verdictMarks[verdict],
          ),
      ' ',
      name,
    ),
    h('time', { class: 'muted', datetime: at.toISOString(), title: at.toLocaleString() }, clock(at)),
    h(
      'span',
      { class: 'history-buttons' },
      button('compare', 'Compare', 'Compare with the shown run', () => actions.compareRun(id), isCompared),
      button('restore', 'Restore', 'Restore the text of this run', () => actions.actOnHistory(id, 'restore')),
      button('delete', '×', 'Delete this run', () => actions.actOnHistory(id, 'delete')),
    ),
  );
}

function clock(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}
