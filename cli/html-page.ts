import { createHash } from 'node:crypto';
import type { ExplorationResult, ScenarioResult } from '../design/index.ts';
import type { PanelFiles } from '../host/index.ts';
import { embeddableScript, pack, type RunState, standaloneHtml } from '../protocol/index.ts';

/** One self-contained page with the panel and these results, and with the exploration if there is one. */
export function htmlPage(
  uri: string,
  name: string,
  results: readonly ScenarioResult[],
  panel: PanelFiles,
  explored: readonly ExplorationResult[] = [],
): string {
  const { tree, buffer } = pack(results);
  const script = embeddableScript(panel.script);
  const state: RunState = {
    uri,
    name,
    sequence: 1,
    phase: 'fresh',
    progress: null,
    problem: null,
    // The elapsed time is not part of the result: the same input gives the same page.
    elapsedSeconds: null,
    explorations: explored.map(({ exploration }) => exploration),
    imports: [],
    hash: null,
  };
  const found = explored.map((result) => {
    const packed = pack(result);
    return { exploration: result.exploration.name, tree: packed.tree, columnsBase64: base64(packed.buffer) };
  });
  return standaloneHtml({
    title: `${name}: Stimpack`,
    data: { state, tree, ...(found.length === 0 ? {} : { explored: found }) },
    columnsBase64: base64(buffer),
    script,
    style: panel.style,
    scriptHash: policyHash(script),
    styleHash: policyHash(panel.style),
  });
}

function base64(buffer: ArrayBuffer): string {
  return Buffer.from(buffer).toString('base64');
}

/** The hash by which a content security policy allows a text. */
function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
