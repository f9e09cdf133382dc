import type { BuildOptions } from 'esbuild';

/**
 * The panel's bundle: dist/webview/panel.js and panel.css. It is one plain script, because a webview loads it by nonce
 * and a standalone page embeds it.
 */
export function webviewBuildOptions(): BuildOptions {
  return {
    entryPoints: { panel: 'webview/panel.ts' },
    outdir: 'dist/webview',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    // Electron 29 of VS Code 1.91, and browsers of the same age for standalone pages.
    target: ['chrome120', 'firefox120', 'safari17'],
    minify: true,
    // The licence of Chart.js requires its notice in every copy.
    legalComments: 'eof',
    charset: 'ascii',
    logLevel: 'warning',
  };
}
