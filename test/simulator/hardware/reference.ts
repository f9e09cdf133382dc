import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Published and measured figures lie beside the repository; a test that needs a missing one is skipped, visibly. */
export function referencePath(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/reference/${name}`, import.meta.url));
}

export function hasReference(name: string): boolean {
  return existsSync(referencePath(name));
}

export function readReference(name: string): string {
  return readFileSync(referencePath(name), 'utf8');
}
