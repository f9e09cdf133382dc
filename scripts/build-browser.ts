import { readFileSync } from 'node:fs';
import type { BuildOptions } from 'esbuild';
import { textFolders } from './text-folders.ts';

/** The server and its simulation threads as one web worker. */
export function browserServerOptions(outdir: string): BuildOptions {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  return {
    entryPoints: { server: 'server/browser/main.ts' },
    outdir,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: ['chrome120', 'firefox120', 'safari17'],
    // The library's builds for Node and for a browser have the same names.
    alias: { 'vscode-languageserver/node': 'vscode-languageserver/browser' },
    plugins: [textFolders({ shortened: false })],
    define: { stimpackVersion: JSON.stringify(version) },
    minify: true,
    legalComments: 'eof',
    charset: 'utf8',
    logLevel: 'warning',
    logOverride: {
      // lsp.ts also names the streams of Node, which no browser uses.
      'import-is-undefined': 'silent',
    },
  };
}
