import { h } from '../elements/dom.ts';

/** What stays visible while the page scrolls: the document and its state, then the verdict and the contents. */
export interface TopBar {
  readonly element: HTMLElement;
  /** The second line exists only while there are results. */
  readonly setVisible: (hasResults: boolean) => void;
}

/** Bars below it, and jumps within the page, leave this height free. */
const heightProperty = '--sp-top';

export function createTopBar(status: HTMLElement, badge: HTMLElement, contents: HTMLElement): TopBar {
  const line = h('div', { class: 'contents-line', hidden: true }, badge, contents);
  const element = h('div', { class: 'top-bar', 'data-testid': 'top-bar' }, status, line);
  new ResizeObserver(() => {
    document.documentElement.style.setProperty(heightProperty, `${element.offsetHeight}px`);
  }).observe(element);
  return {
    element,
    setVisible: (hasResults) => {
      line.hidden = !hasResults;
    },
  };
}
