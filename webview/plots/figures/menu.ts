import { h } from '../../elements/dom.ts';

/** The commands of a figure. Absent ones are not offered. */
export interface FigureExports {
  readonly png?: () => void;
  readonly svg?: () => void;
  readonly copy?: () => void;
  readonly csv?: () => void;
  readonly json?: () => void;
  readonly trace?: () => void;
  readonly source?: () => void;
}

const titles: readonly (readonly [keyof FigureExports, string])[] = [
  ['source', 'Go to source'],
  ['copy', 'Copy image'],
  ['png', 'Save PNG'],
  ['svg', 'Save SVG'],
  ['csv', 'Save CSV'],
  ['json', 'Save JSON'],
  ['trace', 'Save Chrome trace'],
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
