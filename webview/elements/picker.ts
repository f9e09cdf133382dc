import { fill, h } from './dom.ts';

/** A list of choices with a label. */
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
      // Unchanged options stay: replacing them would close an open list.
      const next = JSON.stringify(options);
      if (next !== drawn) fill(select, ...options.map((option) => h('option', { value: option.value }, option.text)));
      drawn = next;
      select.value = value;
    },
  };
}
