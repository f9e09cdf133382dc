import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { costOf } from './cost.ts';
import { produce } from './produce.ts';

/*
 * The program that the installed extension runs: dist/reproduce.cjs --out FOLDER [--effort FRACTION]. It writes the
 * page and its plots there. On standard output it prints a line "progress DONE ALL" for each task, "page FILE" for the
 * page, and the cost.
 */
/** With fewer requests, a run may find no load at all, so there would be nothing to compare. */
const leastEffort = 0.01;

const { values } = parseArgs({ options: { out: { type: 'string' }, effort: { type: 'string', default: '1' } } });
const effort = Number(values.effort);
if (values.out !== undefined && effort >= leastEffort && effort <= 1) void run(resolve(values.out));
else {
  console.error(`usage: reproduce --out FOLDER [--effort FRACTION], a fraction from ${leastEffort} to 1`);
  process.exitCode = 2;
}

async function run(out: string): Promise<void> {
  const root = dirname(import.meta.dirname);
  const cost = costOf();
  const files = await produce(root, {
    effort,
    startWorker: () => new Worker(join(import.meta.dirname, 'reproduce-worker.cjs'), { workerData: { root } }),
    onProgress: (done, all) => console.log(`progress ${done} ${all}`),
  });
  const images = join(out, 'images');
  mkdirSync(images, { recursive: true });
  for (const [path, text] of files) {
    if (path.endsWith('.svg')) writeFileSync(join(images, basename(path)), text);
  }
  // The files that the page links to stay in the extension. The links are relative paths, because a preview does not
  // open file: links.
  const page = (files.get('docs/reproduction.md') ?? '').replaceAll(
    /\]\((?!images\/|reproduction\.json|https?:)([^)]+)\)/gu,
    (_, target: string) => `](${encodeURI(relative(out, join(root, 'docs', target)).replaceAll(sep, '/'))})`,
  );
  writeFileSync(join(out, 'reproduction.json'), files.get('docs/reproduction.json') ?? '');
  const file = join(out, 'reproduction.md');
  writeFileSync(file, page);
  console.log(`page ${file}`);
  console.log(cost());
}
