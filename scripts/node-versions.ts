import { join } from 'node:path';
import { installed } from './vscode/cache.ts';
import { findOnPath, run } from './vscode/processes.ts';

/**
 * The program of another Node version, out of the npm registry into the cache. The package `node` is a script that installs the package of the
 * platform; naming that one ourselves needs no install script.
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
