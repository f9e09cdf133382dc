import type { ExplorationResult, ScenarioResult } from '../design/index.ts';
import { type PanelFiles, reportTools } from '../host/index.ts';
import { pack, reportHtml } from '../protocol/index.ts';

/** One self-contained page with the panel and these results, and with the exploration if there is one. */
export function htmlPage(
  uri: string,
  name: string,
  results: readonly ScenarioResult[],
  panel: PanelFiles,
  explored: readonly ExplorationResult[] = [],
): string {
  const input = { uri, name, results: pack(results), explored: explored.map((result) => pack(result)), panel };
  return reportHtml(input, reportTools);
}
