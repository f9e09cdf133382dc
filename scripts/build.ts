import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';
import { webviewBuildOptions } from './build-webview.ts';
import { writeLaunchers, writeLibrary } from './launchers.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { minified } from './minified.ts';
import { bundledPackages, noticesFile, noticesOf, writtenNotices } from './notices.ts';
import { protocolBuildOptions, sharedProtocol } from './shared-protocol.ts';
import { sharedSimulation, simulationBuildOptions } from './shared-simulation.ts';

function packageVersion(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }).version;
}

const lazy = lazyBuiltins(['child_process', 'crypto', 'worker_threads']);

/** Bundles that Node runs: VS Code's extension host, the server that it starts, its worker, and the command line. */
function nodeBuildOptions(): BuildOptions {
  const version = packageVersion();
  return {
    entryPoints: {
      client: 'client/extension.ts',
      // The editor starts this small file. It runs the bundle of the server with the code that V8 compiled in an
      // earlier start.
      server: 'server/entry.ts',
      'simulation-worker': 'server/worker-entry.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [lazy, sharedProtocol],
    // The bundles are CommonJS, which has other names for the path of a module.
    define: {
      stimpackVersion: JSON.stringify(version),
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    // A build of the same version has the same bytes, so the positions of a stack trace in a bug report lead to the source: build with a
    // source map. Names would make the package a fifth larger than the 1 MB that it may have.
    minify: true,
    logLevel: 'warning',
  };
}

/** The programs that contain everything but the simulationBuildOptions(alone), which they share with the threads of the server. */
function programBuildOptions(): BuildOptions {
  const options = nodeBuildOptions();
  return {
    ...options,
    entryPoints: { programs: 'scripts/programs.ts' },
    plugins: [lazy, sharedProtocol, sharedSimulation],
  };
}

/**
 * The part of the npm package that the extension does not contain: the MCP server and the Parquet writer, without the engine. Only npm packs its
 * folder, so that the extension stays below its limit: `dist/*` in `files` of package.json includes folders for npm, and only files for vsce.
 */
function npmBuildOptions(): BuildOptions {
  const { plugins: _, define: __, entryPoints: ___, ...options } = nodeBuildOptions();
  return {
    ...options,
    entryPoints: { mcp: 'cli/npm/npm-bundle.ts' },
    outdir: 'dist/npm',
    plugins: [withoutValidator],
    banner: { js: '#!/usr/bin/env node' },
    // Started directly, the bundle does the same as `stimpack mcp`.
    footer: { js: "if (require.main === module) { process.argv.splice(2, 0, 'mcp'); require('../cli.cjs'); }" },
  };
}

/** Leaves the SDK's validator of JSON Schemas out: the server passes its own. */
const withoutValidator: Plugin = {
  name: 'without-validator',
  setup({ onLoad }) {
    onLoad({ filter: /validation[/\\]ajv-provider\.js$/ }, () => ({
      contents: 'export class AjvJsonSchemaValidator {}',
    }));
  },
};

function allBuildOptions(): readonly BuildOptions[] {
  const alone = { ...nodeBuildOptions(), plugins: [lazy] };
  return [
    nodeBuildOptions(),
    programBuildOptions(),
    simulationBuildOptions(alone),
    protocolBuildOptions(alone),
    npmBuildOptions(),
    webviewBuildOptions(),
  ];
}

/** Builds everything that ships, into dist/. */
export async function buildAll(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  const built = await Promise.all(allBuildOptions().map((options) => build({ ...minified(options), metafile: true })));
  writeLaunchers();
  writeLibrary(packageVersion());
  const notices = noticesOf(bundledPackages(built.map(({ metafile }) => metafile)));
  if (writtenNotices() !== notices) writeFileSync(noticesFile, notices);
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
  for (const options of allBuildOptions()) {
    const watched = await context({ ...options, plugins: [...(options.plugins ?? []), announce], sourcemap: true });
    await watched.watch();
    mkdirSync('dist', { recursive: true });
    writeLaunchers();
    writeLibrary(packageVersion());
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // Packagers build first (`vscode:prepublish`, `prepack`). A test that makes a package has built already, and other tests use dist/.
  if (process.argv.includes('--watch')) await watchAll();
  else if (process.env.STIMPACK_BUILT !== 'yes') await buildAll();
}
