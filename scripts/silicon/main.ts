import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadMeasuredChips, loadPublished } from './chips.ts';
import { compareFolder } from './compare.ts';
import { summaryOf } from './compared-row.ts';
import { fitFolder } from './fit.ts';
import { siliconPage } from './page.ts';
import { readmeWith } from './readme.ts';

const usage = `npm run silicon                       writes docs/silicon.md and the table in README.md
npm run silicon -- --data FOLDER      compares another folder of the same layout, and prints its page
npm run silicon -- --data FOLDER --format json
npm run silicon -- --fit              repeats the fits, and prints the stated and the found values`;

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** The tables in the repository. `--data` names other ones. */
const ownData = join(root, 'scripts', 'silicon', 'data');

async function main(): Promise<number> {
  let options: { data?: string | undefined; format?: string | undefined; fit?: boolean | undefined };
  try {
    options = parseArgs({
      options: { data: { type: 'string' }, format: { type: 'string' }, fit: { type: 'boolean' } },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const { data, format = 'text', fit = false } = options;
  if (format !== 'text' && format !== 'json') {
    console.error(`--format needs 'text' or 'json', not '${format}'\n\n${usage}`);
    return 2;
  }
  // npm starts scripts in the folder of package.json. INIT_CWD is the folder of the user.
  const folder = data === undefined ? ownData : resolve(process.env.INIT_CWD ?? process.cwd(), data);
  if (!existsSync(folder)) {
    console.error(`the folder ${folder} does not exist. Name a folder with tpu-v6e/ or gemmini-firesim/.`);
    return 2;
  }
  const chips = await loadMeasuredChips(root);
  if (fit) {
    for (const { name, stated, found } of fitFolder(folder, chips)) {
      console.log(`${name}: stated ${Number(stated.toPrecision(3))}, found ${Number(found.toPrecision(3))}`);
    }
    return 0;
  }
  const tables = compareFolder(folder, chips);
  if (tables.length === 0) {
    console.error(
      `no table in ${folder}. Expected tpu-v6e/layers.csv, tpu-v6e/attention.csv or gemmini-firesim/own-tiling.csv.`,
    );
    return 1;
  }
  if (format === 'json') {
    console.log(JSON.stringify(summaryOf(tables), null, 2));
    return 0;
  }
  const page = siliconPage(tables, await loadPublished(root));
  if (data !== undefined) {
    console.log(page);
    return 0;
  }
  writeFileSync(join(root, 'docs', 'silicon.md'), page);
  const readme = join(root, 'README.md');
  writeFileSync(readme, readmeWith(readFileSync(readme, 'utf8'), tables));
  console.log('docs/silicon.md\nREADME.md');
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
