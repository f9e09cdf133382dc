/** Which parts of the page are visible or nearly visible. Other parts may be drawn later. */
export interface InSight {
  readonly has: (element: Element) => boolean;
}

/** This close to the visible part, an element counts as visible, so that a short scroll shows no outdated plot. CSS pixels. */
const margin = 100;

export function watchSight(elements: readonly Element[]): InSight {
  const away = new Set<Element>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) away.delete(target);
        else away.add(target);
      }
    },
    { rootMargin: `${margin}px` },
  );
  for (const element of elements) observer.observe(element);
  return { has: (element) => !away.has(element) };
}
