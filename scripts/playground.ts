import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { browserServerOptions } from './build-browser.ts';
import { webviewBuildOptions } from './build-webview.ts';
import { minified } from './minified.ts';
import { serveFolder } from './static-server.ts';
import { textFolders } from './text-folders.ts';

/** The page has no files, so nothing can reach the readers of networks and traces, a quarter of the server. */
const withoutFiles: Plugin = {
  name: 'without-files',
  setup({ onLoad }) {
    onLoad({ filter: /formats[/\\](onnx|hugging-face|trace)[/\\]index\.ts$/ }, ({ path }) => ({
      contents: path.includes('trace')
        ? 'export const [createTraceReader, placeTrace, readTrace] = [];'
        : 'export const readOnnx = () => ({ value: undefined, diagnostics: [] });\nexport const readHuggingFace = readOnnx;',
    }));
  },
};

/** The page requests no code actions, lenses, hints or outlines. */
const withoutUnusedRequests: Plugin = {
  name: 'without-unused-requests',
  setup({ onLoad }) {
    const names: Readonly<Record<string, string>> = {
      'code-actions': 'codeActions',
      'code-lens': 'codeLenses',
      'inlay-hints': 'inlayHints',
      outline: 'outlineFeature',
    };
    onLoad({ filter: /server[/\\]features[/\\](code-actions|code-lens|inlay-hints|outline)\.ts$/ }, ({ path }) => ({
      contents: `export const ${names[basename(path, '.ts')]} = { capabilities: {}, register: () => undefined };`,
    }));
  },
};

/** Files of the library that add to a server what ours does not offer, each with the name of its addition. */
const unusedFeatures: Readonly<Record<string, string>> = {
  callHierarchy: 'CallHierarchyFeature',
  typeHierarchy: 'TypeHierarchyFeature',
  moniker: 'MonikerFeature',
  inlineValue: 'InlineValueFeature',
  notebook: 'NotebookSyncFeature',
};

/** Leaves out what the library has for notebooks and other features that the page does not have. */
const withoutUnusedFeatures: Plugin = {
  name: 'without-unused-features',
  setup({ onLoad }) {
    const names = Object.keys(unusedFeatures).join('|');
    onLoad(
      { filter: new RegExp(`vscode-languageserver[/\\\\]lib[/\\\\]common[/\\\\](${names})\\.js$`) },
      ({ path }) => ({
        contents: `exports.${unusedFeatures[basename(path, '.js')]} = (Base) => Base;`,
      }),
    );
    onLoad({ filter: /[/\\]lib[/\\]common[/\\]protocol\.notebook\.js$/ }, () => ({ contents: '' }));
  },
};

/**
 * Builds the page without VS Code into a folder (default: .artifacts/playground; `--serve` also serves it): files for any web server, which needs no other
 * file and sends nothing to anyone.
 */
export async function buildPlayground(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const server = browserServerOptions(outdir);
  const builds: readonly BuildOptions[] = [
    {
      ...server,
      plugins: [withoutFiles, withoutUnusedFeatures, withoutUnusedRequests, textFolders({ shortened: true })],
    },
    { ...webviewBuildOptions(), outdir },
    pageBuildOptions(outdir),
  ];
  await Promise.all(builds.map((options) => build(minified(options))));
  packServer(outdir);
  for (const name of ['index.html', 'panel.html', 'panel-host.js']) {
    copyFileSync(join('playground', name), join(outdir, name));
  }
}

/** Packs the server, more than half of the page, into the file that playground/packed-worker.ts unpacks. */
function packServer(outdir: string): void {
  const script = join(outdir, 'server.js');
  writeFileSync(join(outdir, 'server.bin'), gzipSync(readFileSync(script), { level: 9 }));
  rmSync(script);
}

/** The editor, the share links and the frame of the panel. */
function pageBuildOptions(outdir: string): BuildOptions {
  return {
    entryPoints: { page: 'playground/page.ts' },
    outdir,
    bundle: true,
    platform: 'browser',
    // A module, because the page waits for its link at the top level.
    format: 'esm',
    target: ['chrome120', 'firefox120', 'safari17'],
    plugins: [textFolders({ shortened: true })],
    minify: true,
    legalComments: 'eof',
    charset: 'utf8',
    logLevel: 'warning',
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ options: { serve: { type: 'boolean' } }, allowPositionals: true });
  const outdir = resolve(positionals[0] ?? '.artifacts/playground');
  await buildPlayground(outdir);
  const names = readdirSync(outdir);
  const bytes = names.reduce((sum, name) => sum + statSync(join(outdir, name)).size, 0);
  console.log(`${outdir}: ${names.length} files, ${(bytes / 1e6).toFixed(2)} MB`);
  if (values.serve === true) console.log(`${(await serveFolder(outdir)).url}  (Ctrl-C ends it)`);
}
