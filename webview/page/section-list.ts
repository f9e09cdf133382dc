import { fill, h } from '../elements/dom.ts';
import type { SectionLayout } from '../model/section-layout.ts';
import { moved, ordered, toggled } from '../model/section-layout.ts';

/** A part of the page with a heading: a plot, or the figures. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Has a `header` with an `h2`. */
  readonly element: HTMLElement;
}

/** Sections that a person can put into another order. They are neighbours in one element. */
export type SectionGroup = readonly Section[];

export interface SectionListParts {
  readonly groups: readonly SectionGroup[];
  readonly layout: () => SectionLayout;
  readonly change: (layout: SectionLayout) => void;
  readonly announce: (text: string) => void;
}

/** The sections of the page: each collapses, moves within its group, and has an entry in the bar of contents. */
export interface SectionList {
  /** The bar of contents. */
  readonly contents: HTMLElement;
  /** Shows the layout, and lists the sections that are visible now. */
  readonly refresh: () => void;
}

const help = 'Click to collapse or expand. Drag, or press Alt+Up or Alt+Down, to move.';

/** A pointer that moves farther than this, CSS pixels, drags the section. */
const dragPixels = 6;

export function createSectionList({ groups, layout, change, announce }: SectionListParts): SectionList {
  const contents = h('nav', { class: 'contents', 'aria-label': 'Contents', 'data-testid': 'contents' });
  const toggles = new Map<string, HTMLButtonElement>();
  let listed = '';
  let applied: SectionLayout | undefined;

  function refresh(): void {
    if (applied !== layout()) apply();
    const visible = groups.flatMap((group) => inOrder(group)).filter(({ element }) => !element.hidden);
    const next = visible.map(({ id }) => id).join(' ');
    if (next === listed) return;
    listed = next;
    fill(contents, ...visible.map(entry));
  }

  function inOrder(group: SectionGroup): readonly Section[] {
    const ids = ordered(
      layout(),
      group.map(({ id }) => id),
    );
    return ids.flatMap((id) => group.filter((section) => section.id === id));
  }

  function apply(): void {
    applied = layout();
    for (const group of groups) {
      const sections = inOrder(group);
      const isInPlace = sections.every(({ element }, i) => i === 0 || follows(element, sections[i - 1]?.element));
      const last = group.find(({ element }) => !group.some((other) => other.element === element.nextElementSibling));
      const end = last?.element.nextElementSibling ?? null;
      for (const { id, element } of sections) {
        // A section that moves in the page loses the keyboard focus.
        if (!isInPlace) element.parentElement?.insertBefore(element, end);
        const isCollapsed = applied.collapsed.includes(id);
        element.toggleAttribute('data-collapsed', isCollapsed);
        toggles.get(id)?.setAttribute('aria-expanded', String(!isCollapsed));
      }
    }
  }

  function entry({ id, title, element }: Section): HTMLElement {
    const show = (): void => {
      if (layout().collapsed.includes(id)) change(toggled(layout(), id));
      refresh();
      element.scrollIntoView({ block: 'start' });
      toggles.get(id)?.focus({ preventScroll: true });
    };
    return h('button', { type: 'button', 'data-testid': `contents-${id}`, on: { click: show } }, title);
  }

  function place(group: SectionGroup, section: Section, to: (at: number, visible: readonly Section[]) => number): void {
    const visible = inOrder(group).filter(({ element }) => !element.hidden);
    const at = visible.indexOf(section);
    const next = Math.min(visible.length - 1, Math.max(0, to(at, visible)));
    if (next === at) return;
    const ids = visible.map(({ id }) => id);
    change(moved(layout(), ids, section.id, next));
    refresh();
    toggles.get(section.id)?.focus({ preventScroll: true });
    section.element.scrollIntoView({ block: 'nearest' });
    announce(`${section.title} is now section ${next + 1} of ${visible.length}`);
  }

  function bind(group: SectionGroup, section: Section): void {
    const heading = section.element.querySelector('header h2');
    if (heading === null) return;
    let dragFrom: number | undefined;
    let isDragged = false;
    const toggle = h(
      'button',
      {
        type: 'button',
        class: 'toggle',
        title: group.length > 1 ? help : 'Click to collapse or expand.',
        'aria-expanded': 'true',
        'data-testid': `toggle-${section.id}`,
        on: {
          click: () => {
            if (!isDragged) change(toggled(layout(), section.id));
            isDragged = false;
            refresh();
          },
          keydown: (event) => {
            if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
            event.preventDefault();
            place(group, section, (at) => at + (event.key === 'ArrowUp' ? -1 : 1));
          },
          pointerdown: (event) => {
            isDragged = false;
            dragFrom = event.button === 0 && group.length > 1 ? event.clientY : undefined;
            if (dragFrom !== undefined) toggle.setPointerCapture(event.pointerId);
          },
          pointermove: (event) => {
            if (dragFrom === undefined || Math.abs(event.clientY - dragFrom) <= dragPixels) return;
            isDragged = true;
            section.element.toggleAttribute('data-dragged', true);
          },
          pointerup: (event) => {
            dragFrom = undefined;
            section.element.removeAttribute('data-dragged');
            if (isDragged) place(group, section, (at, visible) => placeAt(visible, event.clientY, at));
          },
          pointercancel: () => {
            dragFrom = undefined;
            section.element.removeAttribute('data-dragged');
          },
        },
      },
      h('span', { class: 'chevron', 'aria-hidden': 'true' }),
      heading.textContent,
    );
    heading.replaceChildren(toggle);
    toggles.set(section.id, toggle);
  }

  for (const group of groups) for (const section of group) bind(group, section);
  return { contents, refresh };
}

function follows(element: Element, before: Element | undefined): boolean {
  return before?.nextElementSibling === element;
}

/** The place of the section at a height of the window, CSS pixels; `at` if the pointer is still on the dragged one. */
function placeAt(visible: readonly Section[], clientY: number, at: number): number {
  const found = visible.findIndex(({ element }) => {
    const { top, bottom } = element.getBoundingClientRect();
    return clientY >= top && clientY < bottom;
  });
  if (found >= 0) return found;
  const first = visible[0]?.element.getBoundingClientRect();
  return first === undefined ? at : clientY < first.top ? 0 : visible.length - 1;
}
