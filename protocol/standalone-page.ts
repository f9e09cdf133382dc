import { type ExplorationResult, escapeMarkup } from '../design/index.ts';
import { type Packed, unpack } from './columns.ts';
import type { RunState } from './run-state.ts';

/*
 * The contract between the writer of a self-contained page (`run --html`) and the panel's script in it: one JSON block with the state and the packed tree,
 * and one text block with the columns in base64.
 */
export const standaloneDataId = 'stimpack-data';
export const standaloneColumnsId = 'stimpack-columns';

/** The content of the JSON block. */
export interface StandaloneData {
  readonly state: RunState;
  /** `Packed.tree`; null if there are no results. */
  readonly tree: unknown;
  /** The results of the state's explorations. The page opens on the first one. */
  readonly explored?: readonly StandaloneExploration[];
}

/** `tree` and `columnsBase64` unpack to an ExplorationResult. */
export interface StandaloneExploration {
  /** The name of the exploration. */
  readonly exploration: string;
  readonly tree: unknown;
  readonly columnsBase64: string;
}

export interface StandalonePage {
  readonly title: string;
  readonly data: StandaloneData;
  /** `Packed.buffer` in base64. */
  readonly columnsBase64: string;
  /** The bundle dist/webview/panel.js, processed by `embeddableScript`, and the unchanged panel.css. */
  readonly script: string;
  readonly style: string;
  /** `sha256-...` in base64 of exactly these texts. The policy allows nothing else. */
  readonly scriptHash: string;
  readonly styleHash: string;
}

/** A script that can be inside <script>: no text in it ends the element or starts a comment. The hash must be that of the returned text. */
export function embeddableScript(script: string): string {
  return script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

/** JSON that can be inside <script type="application/json">. */
function embeddableJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

/** One file that needs no other file and has no network access. */
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
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(page.title)}</title>
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

/** What a page shows, and the panel's bundle. */
export interface ReportInput {
  readonly uri: string;
  /** The name of the document. */
  readonly name: string;
  /** Packed `RunResults`; null if there are none. */
  readonly results: Packed | null;
  /** Packed `ExplorationResult`s. */
  readonly explored: readonly Packed[];
  /** The texts of dist/webview/panel.js and panel.css. */
  readonly panel: { readonly script: string; readonly style: string };
}

/** What the platform computes: base64 of bytes, and the SHA-256 of a text as UTF-8, in base64. */
export interface ReportTools {
  readonly base64: (buffer: ArrayBuffer) => string;
  readonly sha256: (text: string) => string;
}

/** One self-contained page with the panel and these results. The same input gives the same page, in the command line and in the editor. */
export function reportHtml(
  { uri, name, results, explored, panel }: ReportInput,
  { base64, sha256 }: ReportTools,
): string {
  const explorations = explored.map((packed) => unpack<ExplorationResult>(packed).exploration);
  const state: RunState = {
    uri,
    name,
    sequence: 1,
    phase: 'fresh',
    progress: null,
    problem: null,
    // The elapsed time is not part of the result.
    elapsedSeconds: null,
    explorations,
    imports: [],
    hash: null,
  };
  const found = explored.map(({ tree, buffer }, i) => {
    return { exploration: explorations[i]?.name ?? '', tree, columnsBase64: base64(buffer) };
  });
  const script = embeddableScript(panel.script);
  return standaloneHtml({
    title: `${name}: Stimpack`,
    data: { state, tree: results?.tree ?? null, ...(found.length === 0 ? {} : { explored: found }) },
    columnsBase64: results === null ? '' : base64(results.buffer),
    script,
    style: panel.style,
    scriptHash: `sha256-${sha256(script)}`,
    styleHash: `sha256-${sha256(panel.style)}`,
  });
}
