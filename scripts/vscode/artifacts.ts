import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the source tree. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A path in the ignored folder for files that tests write: bundles of suites, screenshots. */
export function artifact(...names: readonly string[]): string {
  const path = join(repositoryFolder, '.artifacts', ...names);
  mkdirSync(join(path, '..'), { recursive: true });
  return path;
}
