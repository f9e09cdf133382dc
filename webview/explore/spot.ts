import { h } from '../dom.ts';

/** CSS pixels from the plot's corner; without a size where the style sheet gives it. */
export interface SpotPlace {
  readonly left: number;
  readonly top: number;
  readonly width?: number;
  readonly height?: number;
}

/** What marks the design that is pointed at on a plot. An element of its own: moving it draws no chart again. */
export function createSpot(plot: HTMLElement, className: string): (place: SpotPlace | undefined) => void {
  const spot = h('div', { class: className, 'aria-hidden': 'true', hidden: true });
  plot.appendChild(spot);
  return (place) => {
    spot.hidden = place === undefined;
    for (const [key, pixels] of Object.entries(place ?? {})) spot.style.setProperty(key, `${pixels}px`);
  };
}
