import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryFolder } from '../vscode/artifacts.ts';
import { run } from '../vscode/processes.ts';
import { toolsMissing } from './exit-codes.ts';
import { rtlPage } from './page.ts';
import type { RtlRecord } from './record.ts';
import { synthesize } from './synthesis.ts';
import { missingTools, simulationTools, synthesisTools } from './tools.ts';
import { efforts, problemsOf, verify } from './verify.ts';

const usage = `npm run rtl             simulates rtl/ and compares it with the software model and the simulator
npm run rtl -- --quick  one small core and fewer operands: the part that \`npm test\` runs
npm run rtl -- --write  also synthesizes, and writes docs/rtl.json and docs/rtl.md
npm run rtl -- --page   writes docs/rtl.md from docs/rtl.json`;

const recordFile = join(repositoryFolder, 'docs', 'rtl.json');
const pageFile = join(repositoryFolder, 'docs', 'rtl.md');

async function main(): Promise<number> {
  let options: { quick: boolean; write: boolean; page: boolean };
  try {
    const flag = { type: 'boolean', default: false } as const;
    options = parseArgs({ options: { quick: flag, write: flag, page: flag } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.page) {
    writeFileSync(pageFile, rtlPage(JSON.parse(readFileSync(recordFile, 'utf8')) as RtlRecord));
    return 0;
  }
  const missing = await missingTools([...simulationTools, ...(options.write ? synthesisTools : [])]);
  if (missing !== undefined) {
    console.error(`rtl/ was not simulated: ${missing}`);
    return toolsMissing;
  }
  const verification = await verify(options.quick ? efforts.quick : efforts.full, 1, console.log);
  const problems = problemsOf(verification);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  if (!options.write) return 0;
  const verilator = (await run('verilator', ['--version'])).trim().split(' ').slice(0, 2).join(' ');
  const record: RtlRecord = { verilator, verification, synthesis: await synthesize(console.log) };
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(pageFile, rtlPage(record));
  console.log('docs/rtl.json\ndocs/rtl.md');
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
