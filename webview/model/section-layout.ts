/** How a person arranged the sections of the page. It belongs to the person, so it is the same for all documents. */
export interface SectionLayout {
  /** The ids of the collapsed sections. */
  readonly collapsed: readonly string[];
  /** The ids of sections in the order that the person chose. Sections that it lacks keep their place after those before them. */
  readonly order: readonly string[];
}

export const initialSectionLayout: SectionLayout = { collapsed: [], order: [] };

/** Reads a saved layout. Parts that are missing or invalid are empty. */
export function parseSectionLayout(value: unknown): SectionLayout {
  const kept = (value ?? {}) as Partial<Record<keyof SectionLayout, unknown>>;
  return { collapsed: ids(kept.collapsed), order: ids(kept.order) };
}

function ids(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.filter((id) => typeof id === 'string'))] : [];
}

/** These sections in the person's order. A section that is new since then follows the one that it follows by default. */
export function ordered(layout: SectionLayout, sections: readonly string[]): readonly string[] {
  const result = layout.order.filter((id) => sections.includes(id));
  for (const [place, id] of sections.entries()) {
    if (result.includes(id)) continue;
    const before = sections[place - 1];
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id);
  }
  return result;
}

/** Moves a section to another place among its `sections`, which are the visible ones in their present order. */
export function moved(layout: SectionLayout, sections: readonly string[], id: string, place: number): SectionLayout {
  const others = sections.filter((other) => other !== id);
  const at = Math.min(others.length, Math.max(0, place));
  const next = [...others.slice(0, at), id, ...others.slice(at)];
  // The order of other groups stays.
  return { ...layout, order: [...layout.order.filter((other) => !next.includes(other)), ...next] };
}

export function toggled(layout: SectionLayout, id: string): SectionLayout {
  const { collapsed } = layout;
  return {
    ...layout,
    collapsed: collapsed.includes(id) ? collapsed.filter((other) => other !== id) : [...collapsed, id],
  };
}
