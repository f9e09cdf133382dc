import { type StatedNumber, valuesAround } from '../../protocol/index.ts';
import { type Child, freshId, h, setText } from '../elements/dom.ts';
import type { Actions } from '../model/actions.ts';

/** The numbers of the design with a unit, each with a slider that changes the text and simulates the new value. */
export interface NumbersSection {
  readonly element: HTMLElement;
  readonly show: (numbers: readonly StatedNumber[], scenario: string) => void;
}

/** A page has at most this many sliders. Our assumption: the others are easier to change in the text. */
const mostSliders = 40;

interface Slider {
  readonly element: HTMLElement;
  readonly show: (number: StatedNumber) => void;
}

/** `verdicts`: shown above the sliders, because the verdicts at the top of the page are out of sight. */
export function createNumbers(actions: Actions, verdicts: HTMLElement): NumbersSection {
  const list = h('ul', { class: 'numbers' });
  const rest = h('p', { class: 'muted', hidden: true });
  const element = h(
    'section',
    { class: 'figure', 'data-testid': 'numbers', hidden: true },
    h('header', {}, h('h2', {}, 'Sliders')),
    h(
      'p',
      { class: 'finding' },
      'Move a slider to change the number in the file. Each value is simulated, and undo takes back the whole move.',
    ),
    verdicts,
    list,
    rest,
  );
  /** By path, so that a slider keeps the pointer and the keyboard focus while the text changes. */
  const sliders = new Map<string, Slider>();

  return {
    element,
    show: (numbers, scenario) => {
      const own = numbers.filter((number) => number.scenario === null || number.scenario === scenario);
      const shown = own.slice(0, mostSliders);
      for (const path of [...sliders.keys()]) {
        if (shown.some((number) => number.path === path)) continue;
        sliders.get(path)?.element.remove();
        sliders.delete(path);
      }
      for (const [i, number] of shown.entries()) {
        const slider = sliders.get(number.path) ?? createSlider(number.path, actions);
        sliders.set(number.path, slider);
        slider.show(number);
        // Only where the place differs: a moved element loses the focus.
        if (list.children[i] !== slider.element) list.insertBefore(slider.element, list.children[i] ?? null);
      }
      element.hidden = shown.length === 0;
      rest.hidden = own.length === shown.length;
      setText(rest, `${own.length - shown.length} more numbers have no slider: change them in the file.`);
    },
  };
}

/** A path whose lines break after its dots. */
function breakable(path: string): readonly Child[] {
  return path.split(/(?<=\.)/u).flatMap((part) => [part, h('wbr')]);
}

function createSlider(path: string, actions: Actions): Slider {
  let number: StatedNumber | undefined;
  /** The slider's positions. They stay while the number is one of them. */
  let values: readonly string[] = [];
  let isDragged = false;
  let begins = true;
  const id = freshId('number');
  const output = h('output', { for: id });
  const value = (): string => values[Number(input.value)] ?? number?.text ?? '';
  const input = h('input', {
    id,
    type: 'range',
    min: '0',
    step: '1',
    'data-testid': `number-${path}`,
    on: {
      pointerdown: () => {
        isDragged = true;
        begins = true;
      },
      focus: () => {
        // During a drag, the first value can come before the focus.
        if (!isDragged) begins = true;
      },
      input: () => {
        if (number === undefined) return;
        const to = value();
        showValue(to);
        const { start, text: from } = number;
        actions.send({ type: 'number', change: { start, from, to, begins } });
        begins = false;
      },
      change: () => {
        isDragged = false;
        if (number === undefined) return;
        number = { ...number, text: value() };
        // At an end of the slider, the next move can go further.
        const at = Number(input.value);
        if (at === 0 || at === values.length - 1) spread(number.text);
      },
    },
  });
  const element = h('li', {}, h('label', { for: id }, ...breakable(path)), input, output);

  function showValue(text: string): void {
    const shown = `${text} ${number?.unit ?? ''}`;
    setText(output, shown);
    input.setAttribute('aria-valuetext', shown);
  }

  function spread(text: string): void {
    values = valuesAround(text, number?.unit === '%' && Number(text) <= 100 ? 100 : undefined);
    input.max = String(values.length - 1);
    input.disabled = values.length < 2;
    input.value = String(values.indexOf(text));
  }

  return {
    element,
    show: (next) => {
      const isOther = number?.unit !== next.unit || !values.includes(next.text);
      number = next;
      // The pointer decides where the slider is, and the text follows.
      if (isDragged) return;
      if (isOther) spread(next.text);
      else input.value = String(values.indexOf(next.text));
      showValue(next.text);
    },
  };
}
