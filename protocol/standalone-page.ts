import { escapeHtml } from './panel-html.ts';
import type { RunState } from './run-state.ts';

/**
 * The contract between who writes a self-contained page (`run --html`) and the panel's script inside it: one JSON data block
 * with the state and the packed tree, one text block with the columns in base64. Without these blocks the script takes itself to
 * be inside an editor.
 */
export const standaloneDataId = 'stimpack-data';
export const standaloneColumnsId = 'stimpack-columns';

/** What the JSON data block holds. */
export interface StandaloneData {
  readonly state: RunState;
  /** `Packed.tree`; null where there are no results. */
  readonly tree: unknown;
  /** What was found of the state's explorations; the page opens on the first. */
  readonly explored?: readonly StandaloneExploration[];
}

/** `tree` and `columnsBase64` unpack to an ExplorationResult. */
export interface StandaloneExploration {
  /** Its name. */
  readonly exploration: string;
  readonly tree: unknown;
  readonly columnsBase64: string;
}

export interface StandalonePage {
  readonly title: string;
  readonly data: StandaloneData;
  /** `Packed.buffer` in base64. */
  readonly columnsBase64: string;
  /** The bundle dist/webview/panel.js, through `embeddableScript`, and panel.css as it is. */
  readonly script: string;
  readonly style: string;
  /** `sha256-...`, base64, of exactly these texts: the policy admits them and nothing else. */
  readonly scriptHash: string;
  readonly styleHash: string;
}

/** A script that may stand inside <script>: no text in it ends the element or opens a comment. Hash what this returns. */
export function embeddableScript(script: string): string {
  return script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

/** JSON that may stand inside <script type="application/json">. */
function embeddableJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** One file that needs nothing else, and may fetch nothing. */
export function standaloneHtml(page: StandalonePage): string {
  const policy = [
    "default-src 'none'",
    `script-src '${page.scriptHash}'`,
    `style-src '${page.styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style>${page.style}</style>
</head>
<body>
<div id="panel"></div>
<script type="application/json" id="${standaloneDataId}">${embeddableJson(page.data)}</script>
<script type="text/plain" id="${standaloneColumnsId}">${page.columnsBase64}</script>
<script>${page.script}</script>
</body>
</html>
`;
}
