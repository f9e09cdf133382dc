/**
 * The panel's page, as the VS Code side sets it on a webview and as tests serve it. Its policy has no exceptions: one script by
 * nonce, one style sheet by its source, no inline style, no eval, no network, no images (all is drawn or text).
 */

export interface PanelPage {
  /** `webview.cspSource` in VS Code; an origin elsewhere. */
  readonly cspSource: string;
  /** Fresh random text for each page: letters, digits, + / =. */
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

/** For text that goes between tags or between double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A complete document; the script fills `<div id="panel">`. */
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
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stimpack</title>
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
</head>
<body>
<div id="panel"></div>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}
