import { h } from '../../elements/dom.ts';
import type { TimeWindow } from '../../model/view-state.ts';

/** A thin line over a plot at the shared cursor. It is a separate element, so that moving it does not redraw the chart. */
export function createCrosshair(plot: HTMLElement): {
  readonly place: (
    seconds: number | null,
    window: TimeWindow,
    area: { readonly left: number; readonly right: number },
  ) => void;
} {
  const line = h('div', { class: 'crosshair', hidden: true });
  plot.appendChild(line);
  return {
    place: (seconds, window, { left, right }) => {
      const span = window.endSeconds - window.startSeconds;
      const fraction = seconds === null ? -1 : (seconds - window.startSeconds) / span;
      line.hidden = fraction < 0 || fraction > 1;
      if (!line.hidden) line.style.transform = `translateX(${left + fraction * (right - left)}px)`;
    },
  };
}
