import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { costOf } from './cost.ts';
import { committedRecord, differences, type Files, produce, written } from './produce.ts';
import { workersFromSource } from './source-worker.ts';

/**
 * `npm run reproduce` runs the experiment and writes docs/reproduction.json, docs/reproduction.md and its plots.
 * `--page` runs nothing: it writes the page from the record. `--effort 2` simulates twice as many requests.
 * `--only Vision` runs one network or mix and takes the others from the record; it can be repeated. With `--check`, nothing is written, and the program fails if a file differs.
 */
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    effort: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
  },
});
const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const cost = costOf();

async function experiment(): Promise<Files> {
  const effort = Number(values.effort);
  if (!(effort > 0)) throw new Error(`--effort is ${values.effort}, but it must be a number above 0`);
  const files = await produce(root, {
    effort,
    ...(values.only === undefined ? {} : { only: { subjects: values.only, record: committedRecord(root) } }),
    startWorker: await workersFromSource(root),
    onProgress: (done, all) => process.stderr.write(`\r${done} of ${all}`),
  });
  process.stderr.write('\r');
  return files;
}

const files = values.page ? await written(root, committedRecord(root)) : await experiment();
if (values.check) {
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
