import { h } from '../../elements/dom.ts';
import type { TimeWindow } from '../../model/view-state.ts';

export interface Crosshair {
  readonly place: (
    seconds: number | null,
    shown: { readonly window: TimeWindow; readonly markers: readonly number[] },
    area: { readonly left: number; readonly right: number },
  ) => void;
}

/** The letters of the markers, in the order of marking. */
const markerNames = ['A', 'B'] as const;

/**
 * Thin lines over a plot: one at the shared cursor, and one with a letter at each marker. They are separate elements, so that moving them does not
 * redraw the chart.
 */
export function createCrosshair(plot: HTMLElement): Crosshair {
  const line = h('div', { class: 'crosshair', hidden: true });
  const markers = markerNames.map((name) => h('div', { class: 'marker', hidden: true }, h('span', {}, name)));
  plot.append(line, ...markers);
  return {
    place: (cursor, { window, markers: times }, { left, right }) => {
      const put = (element: HTMLElement, seconds: number | null | undefined): void => {
        const span = window.endSeconds - window.startSeconds;
        const fraction = seconds == null ? -1 : (seconds - window.startSeconds) / span;
        element.hidden = fraction < 0 || fraction > 1;
        if (!element.hidden) element.style.transform = `translateX(${left + fraction * (right - left)}px)`;
      };
      put(line, cursor);
      for (const [i, marker] of markers.entries()) put(marker, times[i]);
    },
  };
}
