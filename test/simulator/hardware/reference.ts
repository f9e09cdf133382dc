import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Published and measured figures are in a folder beside the repository. A test that needs a missing file is reported as skipped. */
export function referencePath(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/reference/${name}`, import.meta.url));
}

export function hasReference(name: string): boolean {
  return existsSync(referencePath(name));
}

export function readReference(name: string): string {
  return readFileSync(referencePath(name), 'utf8');
}
