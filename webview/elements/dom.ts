/* Creates elements with attributes, listeners and children in one expression. Text becomes text nodes, never markup. */

export type Child = Node | string | null | undefined | false;

interface Properties {
  readonly class?: string;
  readonly on?: Partial<{ [K in keyof HTMLElementEventMap]: (event: HTMLElementEventMap[K]) => void }>;
  readonly [attribute: string]: unknown;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [type, listener] of Object.entries(value as Record<string, EventListener>)) {
        element.addEventListener(type, listener);
      }
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

/** Replaces all children. If a replaced element had the keyboard focus, the new element with the same test id gets it. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  const focused = document.activeElement;
  const name = focused !== null && parent.contains(focused) ? focused.getAttribute('data-testid') : null;
  parent.replaceChildren();
  append(parent, children);
  if (name === null) return;
  const again = [...parent.querySelectorAll<HTMLElement>('[data-testid]')].find(
    ({ dataset }) => dataset.testid === name,
  );
  again?.focus({ preventScroll: true });
}

/** Sets a text only if it differs, so that a live region does not announce it again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const quantity = /(?:[\d.,]*\d) (?:%|×|[GMkmµnp]?s|[kM]?rps|[GMkmµn]?[WJ]|[KMG]i?B|[GMT]B\/s)(?![\p{L}])/gu;

/** A text in pieces, so that no line break separates a number from its unit. */
export function prose(text: string): readonly Child[] {
  const pieces: Child[] = [];
  let from = 0;
  for (const match of text.matchAll(quantity)) {
    pieces.push(text.slice(from, match.index), h('span', { class: 'unbroken' }, match[0]));
    from = match.index + match[0].length;
  }
  return [...pieces, text.slice(from)];
}

/** The same as setText, for sentences. */
export function setProse(element: Element, text: string): void {
  if (element.textContent !== text) fill(element, ...prose(text));
}

let lastId = 0;

/** An id that is unique in the page, for references between elements. */
export function freshId(stem: string): string {
  lastId++;
  return `${stem}-${lastId}`;
}
