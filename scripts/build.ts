import { readFileSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';
import { webviewBuildOptions } from './build-webview.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

/** Bundles that Node runs: VS Code's extension host, the server that it starts, its worker, and the command line. */
function nodeBuildOptions(): BuildOptions {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  return {
    entryPoints: {
      client: 'client/extension.ts',
      // The editor starts this small file. It runs the bundle of the server with the code that V8 compiled in an
      // earlier start.
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
    // The bundles are CommonJS, which has other names for the path of a module.
    define: {
      stimpackVersion: JSON.stringify(version),
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    // Names stay, so that a stack trace in a bug report is readable.
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    logLevel: 'warning',
  };
}

/** Builds everything that ships, into dist/. */
export async function buildAll(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  await Promise.all([build(nodeBuildOptions()), build(webviewBuildOptions())]);
}

/**
 * Rebuilds a bundle whenever one of its files changes, until the process ends. .vscode/tasks.json waits for these
 * messages.
 */
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
