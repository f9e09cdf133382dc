import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files under a folder whose paths match, sorted. None if the folder does not exist. */
export function findFiles(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => pattern.test(path))
    .sort();
}
