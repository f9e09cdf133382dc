import type { Selection } from '../model/selection.ts';

/** Marks the selected elements and unmarks all others. `data-*` attributes identify the elements. */
export function markSelection(
  root: HTMLElement,
  selection: Selection | undefined,
  shown: { readonly scenario: string | null; readonly exploration: string | null },
): void {
  const wanted = new Set<string>();
  if (selection !== undefined) {
    if (selection.scenario !== null) wanted.add(`[data-testid="sentence-${CSS.escape(selection.scenario)}"]`);
    if (selection.exploration !== null) wanted.add(`[data-testid="explore-row-${CSS.escape(selection.exploration)}"]`);
    // Only the shown scenario or exploration has plots.
    if (selection.scenario === shown.scenario && selection.exploration === shown.exploration) {
      for (const figure of selection.figures) wanted.add(`[data-testid="figure-${figure}"]`);
      if (selection.serve !== null && selection.slo !== null) {
        wanted.add(`[data-slo="${CSS.escape(`${selection.serve}/${selection.slo}`)}"]`);
      }
    }
  }
  for (const marked of root.querySelectorAll('[data-selected]')) {
    if (![...wanted].some((selector) => marked.matches(selector))) marked.removeAttribute('data-selected');
  }
  for (const selector of wanted) root.querySelector(selector)?.setAttribute('data-selected', 'true');
}
