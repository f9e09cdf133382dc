import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costOf } from './cost.ts';
import { differences, produce } from './produce.ts';
import { workersFromSource } from './source-worker.ts';

/**
 * `npm run reproduce` writes docs/reproduction.md and its plots. With --check it writes nothing and fails if they
 * differ.
 */
const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const cost = costOf();
const files = await produce(root, {
  effort: 1,
  startWorker: await workersFromSource(root),
  onProgress: (done, all) => process.stderr.write(`\r${done} of ${all}`),
});
process.stderr.write('\r');
if (process.argv.includes('--check')) {
  const different = differences(files, (path) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return undefined;
    }
  });
  for (const one of different) console.error(one);
  process.exitCode = different.length > 0 ? 1 : 0;
} else {
  mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  console.log([...files.keys()].join('\n'));
}
console.log(cost());
