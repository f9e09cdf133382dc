import { formatSeconds } from '../../protocol/index.ts';
import { fill, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';
import type { Shown } from '../model/shown.ts';
import { betweenMarkers } from '../model/time-span.ts';
import { timeText } from '../text/time-text.ts';

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
      const { startSeconds, endSeconds } = shown.window;
      const span = endSeconds - startSeconds;
      setText(
        extent,
        shown.zoomed
          ? `${timeText(startSeconds, span)} to ${timeText(endSeconds, span)} (${formatSeconds(span)})`
          : formatSeconds(shown.run.seconds),
      );
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

/** "A 3.2 s, B 5.1 s: 1.9 s", or "A 3.2 s: press M for B". */
function markedText({ markers, window }: Shown): string {
  const between = betweenMarkers(markers);
  const span =
    between === undefined ? window.endSeconds - window.startSeconds : between.endSeconds - between.startSeconds;
  const [a, b] = markers.map((seconds) => timeText(seconds, span));
  if (a === undefined) return '';
  return b === undefined ? `A ${a}: press M for B` : `A ${a}, B ${b}: ${formatSeconds(span)} apart`;
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
