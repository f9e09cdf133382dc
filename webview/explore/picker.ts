import { fill, h } from '../dom.ts';

/** A choice among a few named things. */
export interface Picker {
  readonly element: HTMLElement;
  readonly set: (options: readonly PickerOption[], value: string) => void;
}

export interface PickerOption {
  readonly value: string;
  readonly text: string;
}

export function createPicker(label: string, id: string, pick: (value: string) => void): Picker {
  const select = h('select', { 'data-testid': id, on: { change: () => pick(select.value) } });
  const element = h('label', { class: 'picker' }, h('span', {}, label), select);
  let drawn = '';
  return {
    element,
    set: (options, value) => {
      // Not made anew while nothing changed: an open list would close.
      const next = JSON.stringify(options);
      if (next !== drawn) fill(select, ...options.map((option) => h('option', { value: option.value }, option.text)));
      drawn = next;
      select.value = value;
    },
  };
}
