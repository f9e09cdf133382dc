import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { differences, produce } from '../../../scripts/reproduce/produce.ts';
import { workersFromSource } from '../../../scripts/reproduce/source-worker.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// Half a minute on two free cores.
it('docs/reproduction.md and its plots are what the code writes', { timeout: 900_000 }, async () => {
  const files = await produce(root, { effort: 1, startWorker: await workersFromSource(root) });
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
  expect(differences(files, read)).toEqual([]);
});
