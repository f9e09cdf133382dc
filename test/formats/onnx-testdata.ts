import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The graphs of Debian's package libonnx-testdata (ONNX's own backend tests), unpacked into a cache folder. Empty if the package is not
 * available: on another system, or without a mirror.
 */
export function debianGraphs(): readonly string[] {
  const folder = join(homedir(), '.cache', 'stimpack', 'libonnx-testdata');
  if (!existsSync(join(folder, 'usr'))) {
    try {
      mkdirSync(folder, { recursive: true });
      execFileSync('apt-get', ['download', 'libonnx-testdata'], { cwd: folder, stdio: 'ignore', timeout: 60_000 });
      const [archive] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
      if (archive === undefined) return [];
      execFileSync('dpkg', ['-x', archive, folder], { cwd: folder, stdio: 'ignore', timeout: 60_000 });
    } catch {
      return [];
    }
  }
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .sort()
    .map((name) => join(folder, name));
}
