import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

/** The reference data is beside the repository. In a clone of the repository alone it is missing. */
const root = new URL('../../../shared/reference/', import.meta.url);

export function referenceFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

export function readReference(path: string): Uint8Array {
  return readFileSync(referenceFile(path));
}

/** A suite that needs the reference data in `paths`. If some are missing, it is shown as skipped, and its title has the reason. */
export function describeWithReference(title: string, paths: readonly string[], body: () => void): void {
  const missing = paths.filter((path) => !existsSync(referenceFile(path)));
  if (missing.length === 0) describe(title, body);
  else test.skip(`${title} (needs ../shared/reference/${missing.join(', ')})`, () => {});
}
