import { createHash } from 'node:crypto';
import type { ScenarioResult } from '../design/index.ts';
import type { PanelFiles } from '../host/index.ts';
import { embeddableScript, pack, type RunState, standaloneHtml } from '../protocol/index.ts';

/** One self-contained page with the panel's plots of these results: the panel itself, and the results in it. */
export function htmlPage(uri: string, name: string, results: readonly ScenarioResult[], panel: PanelFiles): string {
  const { tree, buffer } = pack(results);
  const script = embeddableScript(panel.script);
  const state: RunState = {
    uri,
    name,
    sequence: 1,
    phase: 'fresh',
    progress: null,
    problem: null,
    // How long it took is not of the result: the same input gives the same page.
    elapsedSeconds: null,
    explorations: [],
    hash: null,
  };
  return standaloneHtml({
    title: `${name}: Stimpack`,
    data: { state, tree },
    columnsBase64: Buffer.from(buffer).toString('base64'),
    script,
    style: panel.style,
    scriptHash: policyHash(script),
    styleHash: policyHash(panel.style),
  });
}

/** As a content security policy names a text that it admits. */
function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
