import { formatSeconds } from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Shown } from '../model/shown.ts';
import { betweenMarkers } from '../model/time-span.ts';
import { timeText, windowText } from '../text/time-text.ts';

/** Above the plots over time: which part of the run they show, and buttons to move to another part. */
export interface TimeBar {
  readonly element: HTMLElement;
  readonly show: (shown: Shown) => void;
}

export function createTimeBar(actions: Actions): TimeBar {
  const prefix = h('span', { class: 'wide-only' }, 'Whole run, ');
  const extent = h('span');
  const range = h('span', { class: 'range', 'data-testid': 'window' }, prefix, extent);
  const serves = h('span', { class: 'serves' });
  const button = (id: string, text: string, label: string, action: () => void) =>
    h('button', { type: 'button', 'data-testid': id, 'aria-label': label, title: label, on: { click: action } }, text);
  const reset = button('reset', 'Reset', 'Reset: show the whole run (0)', () => actions.setWindow(null));
  const marked = h('span', { 'data-testid': 'marked' });
  const marks = h(
    'span',
    { class: 'pair' },
    marked,
    button('unmark', '×', 'Remove the marks', () => actions.mark(null)),
  );
  const switches = h(
    'span',
    { class: 'pair' },
    button('previous-switch', '◂', 'Previous mode switch (P)', () => actions.seek('switch', -1)),
    h('span', {}, 'switch'),
    button('next-switch', '▸', 'Next mode switch (N)', () => actions.seek('switch', 1)),
  );
  const late = h(
    'span',
    { class: 'pair' },
    button('previous-late', '◂', 'Previous late requests (K)', () => actions.seek('late', -1)),
    h('span', {}, 'late'),
    button('next-late', '▸', 'Next late requests (L)', () => actions.seek('late', 1)),
  );
  return {
    element: h(
      'div',
      { class: 'time-bar', role: 'toolbar', 'aria-label': 'Time' },
      serves,
      range,
      reset,
      marks,
      switches,
      late,
    ),
    show: (shown) => {
      const { start, end, length } = windowText(shown.window);
      setText(extent, shown.zoomed ? `${start} to ${end} (${length})` : formatSeconds(shown.run.seconds));
      prefix.hidden = shown.zoomed;
      reset.hidden = !shown.zoomed;
      setText(marked, markedText(shown));
      marks.hidden = shown.markers.length === 0;
      switches.hidden = shown.run.timeline.switches.total === 0;
      late.hidden = shown.serve.goodputRps >= shown.serve.completedRps;
      fill(serves, ...servePicks(shown, actions));
    },
  };
}

/** "A 3.2 s, B 5.1 s: 1.9 s apart", or "A 3.2 s: press M for B". */
function markedText({ markers, window }: Shown): string {
  const between = betweenMarkers(markers);
  if (between === undefined) {
    const [a] = markers;
    return a === undefined ? '' : `A ${timeText(a, window.endSeconds - window.startSeconds)}: press M for B`;
  }
  const [a = 0, b = 0] = markers;
  const { start, end, length } = windowText(between);
  return `A ${a <= b ? start : end}, B ${a <= b ? end : start}: ${length} apart`;
}

function servePicks(shown: Shown, actions: Actions): readonly HTMLElement[] {
  if (shown.run.serves.length < 2) return [];
  return shown.run.serves.map((serve) =>
    h(
      'button',
      {
        type: 'button',
        class: 'pick',
        'aria-pressed': String(serve === shown.serve),
        'data-testid': `pick-serve-${serve.name}`,
        on: { click: () => actions.pickServe(serve.name) },
      },
      serve.name,
    ),
  );
}
