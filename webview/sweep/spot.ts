import { h } from '../elements/dom.ts';

/** CSS pixels from the plot's corner. The style sheet gives the size if it is absent. */
export interface SpotPlace {
  readonly left: number;
  readonly top: number;
  readonly width?: number;
  readonly height?: number;
}

/** Marks a design on a plot. It is a separate element, so that moving it does not redraw the chart. */
export function createSpot(plot: HTMLElement, className: string): (place: SpotPlace | undefined) => void {
  const spot = h('div', { class: className, 'aria-hidden': 'true', hidden: true });
  plot.appendChild(spot);
  return (place) => {
    spot.hidden = place === undefined;
    for (const [key, pixels] of Object.entries(place ?? {})) spot.style.setProperty(key, `${pixels}px`);
  };
}
