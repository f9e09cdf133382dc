import { h, setText } from '../elements/dom.ts';

/** The element whose text screen readers announce. */
export interface LiveRegion {
  readonly element: HTMLElement;
  /** Announces a text now. */
  readonly speak: (text: string) => void;
  /** Announces a text after the next drawing: plots read the cursor out while they draw, and would replace it. */
  readonly speakLast: (text: string) => void;
  /** Announces what `speakLast` was given. */
  readonly flush: () => void;
}

export function createLiveRegion(): LiveRegion {
  const element = h('div', { class: 'for-readers', 'aria-live': 'polite', 'data-testid': 'live' });
  let last: string | undefined;
  return {
    element,
    speak: (text) => setText(element, text),
    speakLast: (text) => {
      last = text;
    },
    flush: () => {
      if (last !== undefined) setText(element, last);
      last = undefined;
    },
  };
}
