import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';
import { webviewBuildOptions } from './build-webview.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

/** Bundles that Node runs: VS Code's extension host, the server it starts, its worker, and the command line. */
function nodeBuildOptions(): BuildOptions {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  return {
    entryPoints: {
      client: 'client/extension.ts',
      // What is started of the server is small, and runs what is not with what V8 compiled of it last time.
      server: 'server/entry.ts',
      'language-server': 'server/main.ts',
      'simulation-worker': 'server/worker-entry.ts',
      simulation: 'server/simulation-worker.ts',
      cli: 'cli/main.ts',
      'cli-worker': 'cli/simulation-worker.ts',
      reproduce: 'scripts/reproduce/shipped.ts',
      'reproduce-worker': 'scripts/reproduce/worker.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [lazyBuiltins(['child_process', 'crypto', 'worker_threads'])],
    // The bundles are CommonJS, where a module's own place has other names.
    define: {
      stimpackVersion: JSON.stringify(version),
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    // Minified but for names, so that a stack trace in a bug report can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    logLevel: 'warning',
  };
}

/** Everything that ships, in dist/. */
export async function buildAll(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  await Promise.all([build(nodeBuildOptions()), build(webviewBuildOptions())]);
}

/** Rebuilds a bundle whenever one of its files changes, until the process ends. The words are those that .vscode/tasks.json waits for. */
async function watchAll(): Promise<void> {
  const announce: Plugin = {
    name: 'announce',
    setup({ onStart, onEnd }) {
      onStart(() => console.log('building'));
      onEnd(({ errors }) => console.log(`built, ${errors.length} errors`));
    },
  };
  for (const options of [nodeBuildOptions(), webviewBuildOptions()]) {
    const watched = await context({ ...options, plugins: [...(options.plugins ?? []), announce], sourcemap: true });
    await watched.watch();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await (process.argv.includes('--watch') ? watchAll() : buildAll());
}
