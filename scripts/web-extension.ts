import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { type BuildOptions, build } from 'esbuild';
import { browserServerOptions } from './build-browser.ts';
import { minified } from './minified.ts';

/*
 * The extension for VS Code in a browser: a separate package for the platform "web", with the name and version of the other one. Each of the two has
 * only its own bundles, so that both stay below 1 MB.
 */

/** The commands that start a process or use other parts of Node, which a browser does not have. */
const nodeCommands: readonly string[] = [
  'stimpack.capacity',
  'stimpack.compareRevision',
  'stimpack.exportReport',
  'stimpack.reproduce',
];

/** The parts of the manifest for Node, npm and processes. */
const nodeKeys = ['main', 'bin', 'exports', 'type', 'extensionKind', 'sideEffects', 'files', 'scripts', 'allowScripts'];
const nodeContributions = ['taskDefinitions', 'problemMatchers', 'mcpServerDefinitionProviders'];

interface Manifest {
  readonly [key: string]: unknown;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly contributes: Readonly<Record<string, unknown>>;
}

interface UsesCommand {
  readonly command: string;
}

/** The manifest of the extension in a browser, from the other one. */
export function webManifest(manifest: Manifest): Manifest {
  const hasCommand = ({ command }: UsesCommand): boolean => !nodeCommands.includes(command);
  const { commands, keybindings, menus } = manifest.contributes as {
    readonly commands: readonly UsesCommand[];
    readonly keybindings: readonly UsesCommand[];
    readonly menus: Readonly<Record<string, readonly UsesCommand[]>>;
  };
  return {
    ...without(manifest, [...nodeKeys, 'devDependencies']),
    engines: { vscode: (manifest.engines as { readonly vscode: string }).vscode },
    // Not a module: the extension host in a browser loads only scripts.
    browser: './dist/web/client.js',
    capabilities: { ...manifest.capabilities, virtualWorkspaces: true },
    contributes: {
      ...without(manifest.contributes, nodeContributions),
      commands: commands.filter(hasCommand),
      keybindings: keybindings.filter(hasCommand),
      menus: Object.fromEntries(Object.entries(menus).map(([place, items]) => [place, items.filter(hasCommand)])),
    },
  };
}

function without(record: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** The server and the client, each as one script for a web worker. */
function webBuildOptions(outdir: string): readonly BuildOptions[] {
  const server = browserServerOptions(outdir);
  return [
    server,
    {
      ...server,
      entryPoints: { client: 'client/browser/extension.ts' },
      // The extension host calls the exports of a CommonJS module.
      format: 'cjs',
      external: ['vscode'],
      alias: {},
    },
  ];
}

/** Files of the other package that a browser has no use for: the bundles for Node, and the experiment that they run. */
const nodeFiles = /^(dist\/[^/]+\.cjs|scripts\/.*|package\.json)$/u;

/** Writes the extension for a browser into an empty folder, as its package has it. The caller has built dist/. */
export async function writeWebExtension(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  // Without a package manager, no dependencies are listed, which takes npm seconds. Everything is bundled.
  const listed = await listFiles({ packageManager: PackageManager.None });
  const files = listed.map((file) => file.replaceAll('\\', '/')).filter((file) => !nodeFiles.test(file));
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  const manifest = webManifest(JSON.parse(readFileSync('package.json', 'utf8')) as Manifest);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await Promise.all(webBuildOptions(join(folder, 'dist/web')).map((options) => build(minified(options))));
}
