import { h } from '../elements/dom.ts';
import type { Picker } from '../elements/picker.ts';
import type { Dimension } from '../model/sweep/designs.ts';
import type { Frame } from '../plots/figures/frame.ts';

/** The keys that move between the designs of a figure (steps.ts). */
export const designKeys = 'ArrowLeft ArrowRight ArrowUp ArrowDown Home End Enter Escape';

/** The choice of a picker for an axis or a goal. */
export function dimensionOption({ key, title }: Dimension): { readonly value: string; readonly text: string } {
  return { value: key, text: title };
}

/** Puts a row of pickers above the plot of a figure. Returns the row. */
export function addPickers(frame: Frame, ...pickers: readonly Picker[]): HTMLElement {
  const row = h('div', { class: 'pickers' }, ...pickers.map(({ element }) => element));
  frame.element.insertBefore(row, frame.plot);
  return row;
}
