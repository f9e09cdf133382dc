import type { BuildOptions } from 'esbuild';

/**
 * The panel's bundle: dist/webview/panel.js and panel.css. One plain script, since a webview loads it by nonce and a standalone
 * page embeds it.
 */
export function webviewBuildOptions(): BuildOptions {
  return {
    entryPoints: { panel: 'webview/panel.ts' },
    outdir: 'dist/webview',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    // Electron 29 of VS Code 1.91, and browsers of that age for standalone pages.
    target: ['chrome120', 'firefox120', 'safari17'],
    minify: true,
    // Chart.js's licence asks that its notice goes along.
    legalComments: 'eof',
    charset: 'ascii',
    logLevel: 'warning',
  };
}
