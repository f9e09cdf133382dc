/** Which parts of the page a person can see, or nearly: those farther away may wait. */
export interface InSight {
  readonly has: (element: Element) => boolean;
}

/** Pixels beyond the edge that count as seen: a short scroll must not show what is behind. */
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
