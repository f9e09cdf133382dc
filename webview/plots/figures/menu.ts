import { h } from '../../elements/dom.ts';

/** The commands of a figure. Absent ones are not offered. */
export interface FigureExports {
  readonly png?: () => void;
  readonly svg?: () => void;
  readonly copy?: () => void;
  readonly csv?: () => void;
  readonly json?: () => void;
  readonly trace?: () => void;
  /** The part of the run that a trace contains, if it is not all that is shown. It follows the button's text. */
  readonly traceExtent?: () => string;
  readonly source?: () => void;
}

const traceTitle = 'Save Chrome trace';

const titles: readonly (readonly [Exclude<keyof FigureExports, 'traceExtent'>, string])[] = [
  ['source', 'Go to source'],
  ['copy', 'Copy image'],
  ['png', 'Save PNG'],
  ['svg', 'Save SVG'],
  ['csv', 'Save CSV'],
  ['json', 'Save JSON'],
  ['trace', traceTitle],
];

/** A `details` element with plain buttons: easier to use with keyboard and screen reader than an ARIA menu. */
export function figureMenu(title: string, exports: FigureExports): HTMLElement {
  const summary = h('summary', { 'aria-label': `Source and export of ${title}`, title: 'Source and export' }, '⋯');
  const buttons = titles.flatMap(([key, text]) => {
    const action = exports[key];
    if (action === undefined) return [];
    const run = () => {
      menu.open = false;
      summary.focus();
      action();
    };
    return [h('button', { type: 'button', 'data-action': key, on: { click: run } }, text)];
  });
  const menu: HTMLDetailsElement = h(
    'details',
    {
      class: 'menu',
      on: {
        keydown: (event) => {
          if (event.key !== 'Escape' || !menu.open) return;
          menu.open = false;
          summary.focus();
          event.stopPropagation();
        },
        toggle: () => {
          const extent = exports.traceExtent?.() ?? '';
          const button = buttons.find(({ dataset }) => dataset.action === 'trace');
          if (menu.open && button !== undefined) button.textContent = `${traceTitle}${extent}`;
        },
        focusout: (event) => {
          if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
        },
      },
    },
    summary,
    h('div', { class: 'menu-items' }, ...buttons),
  );
  return menu;
}
