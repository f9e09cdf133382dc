/** Elements in one expression: attributes, listeners and children. Text goes in as text nodes, never as markup. */

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

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

/** Replaces all children. What had the keyboard keeps it, in its new form: whoever presses Enter on a button is not sent to the page's start. */
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

/** Text that changes only where it differs: a live region must not repeat itself. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const quantity = /(?:[\d.,]*\d) (?:%|×|[GMkmµnp]?s|[kM]?rps|[GMkmµn]?[WJ]|[KMG]i?B|[GMT]B\/s)(?![\p{L}])/gu;

/** Text as pieces of which no number is parted from its unit at the end of a line. */
export function prose(text: string): readonly Child[] {
  const pieces: Child[] = [];
  let from = 0;
  for (const match of text.matchAll(quantity)) {
    pieces.push(text.slice(from, match.index), h('span', { class: 'unbroken' }, match[0]));
    from = match.index + match[0].length;
  }
  return [...pieces, text.slice(from)];
}

/** As setText, for sentences. */
export function setProse(element: Element, text: string): void {
  if (element.textContent !== text) fill(element, ...prose(text));
}

let lastId = 0;

/** An id for aria references, unique in the page. */
export function freshId(stem: string): string {
  lastId++;
  return `${stem}-${lastId}`;
}
