import { escapeMarkup } from '../design/index.ts';

/*
 * The HTML of the panel, for webviews in VS Code and for tests. Its security policy has no exceptions: one script with a nonce, one style sheet from a
 * known source, no inline style, no eval, no network, no images.
 */

export interface PanelPage {
  /** `webview.cspSource` in VS Code; an origin elsewhere. */
  readonly cspSource: string;
  /** A new random text for each page: letters, digits, + / =. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

/** A complete document. The script fills `<div id="panel">`. */
export function panelHtml(page: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stimpack</title>
<link rel="stylesheet" href="${escapeMarkup(page.styleUri)}">
</head>
<body>
<div id="panel"></div>
<script nonce="${escapeMarkup(page.nonce)}" src="${escapeMarkup(page.scriptUri)}"></script>
</body>
</html>
`;
}
