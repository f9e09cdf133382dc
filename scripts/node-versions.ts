import { join } from 'node:path';
import { installed } from './vscode/cache.ts';
import { findOnPath, run } from './vscode/processes.ts';

/**
 * Installs another version of Node from the npm registry into the cache and returns its program. The package `node` is
 * a script that installs the package of the platform. This function names that package directly, so it needs no install
 * script.
 */
export async function requireNode(major: number): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}`;
  const folder = await installed({
    name: `node-${major}-${platform}-${process.arch}`,
    versions: { Node: String(major) },
    install: async (into) => {
      const npm = findOnPath('npm') ?? 'npm';
      const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
      await run(npm, ['install', '--ignore-scripts', ...quiet, '--prefix', into, `${name}@${major}`], { cwd: into });
    },
  });
  return join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
}
