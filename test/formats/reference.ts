import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

/** Reference data lies beside the repository; a clone of the repository alone does without. */
const root = new URL('../../../shared/reference/', import.meta.url);

export function referenceFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

export function readReference(path: string): Uint8Array {
  return readFileSync(referenceFile(path));
}

/** A suite that needs `paths` of the reference data, and shows as skipped, with the reason in its title, where they are missing. */
export function describeWithReference(title: string, paths: readonly string[], body: () => void): void {
  const missing = paths.filter((path) => !existsSync(referenceFile(path)));
  if (missing.length === 0) describe(title, body);
  else test.skip(`${title} (needs ../shared/reference/${missing.join(', ')})`, () => {});
}
