import type { Selection } from './selection.ts';

/** Marks what is selected and takes the mark off everything else. Rows say what they are in `data-*`. */
export function markSelection(
  root: HTMLElement,
  selection: Selection | undefined,
  shown: { readonly scenario: string | null; readonly exploration: string | null },
): void {
  const wanted = new Set<string>();
  if (selection !== undefined) {
    if (selection.scenario !== null) wanted.add(`[data-testid="sentence-${CSS.escape(selection.scenario)}"]`);
    if (selection.exploration !== null) wanted.add(`[data-testid="explore-row-${CSS.escape(selection.exploration)}"]`);
    // Plots of what is not looked at are not there to be marked.
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
