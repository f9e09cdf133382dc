import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { artifact } from '../scripts/vscode/artifacts.ts';
import { useOfCommand } from './large-files/process-use.ts';
import { useOfServer } from './large-files/server-use.ts';
import { largeTexts } from './large-files/texts.ts';

/*
 * Measures files of one megabyte, each with one construct repeated: processor time and memory of `check`, `run` and `fmt` (the two last ones only if
 * the file has no errors), and of the language server, by request. Marks with OVER what exceeds the limit of docs/limits.md. Only on Linux.
 * Run: npm run build && npx tsx bench/large-files.ts [--only REGEX] [--ways check,run,fmt,server] [--characters N] [--part N/M] [--from NAME]
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    ways: { type: 'string', default: 'check,run,fmt,server' },
    characters: { type: 'string', default: '1000000' },
    /** 2/3: of the kinds, the second of each three. */
    part: { type: 'string', default: '1/1' },
    /** The first kind. */
    from: { type: 'string', default: 'nothing' },
  },
});
const mostSeconds = 10;
const mostMegabytes = 1000;
/** Slower work is stopped. */
const patience = 40;

const ways = values.ways.split(',');
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const folder = artifact('large-files', String(process.pid));
mkdirSync(folder, { recursive: true });

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
  readonly note: string;
}

async function commandLine(way: string, file: string): Promise<Measured> {
  const args = way === 'fmt' ? ['fmt', '--check', file] : [way, file];
  const { seconds, megabytes, code } = await useOfCommand(args, patience);
  return { seconds, megabytes, note: code === null ? 'stopped' : `exit code ${code}` };
}

async function server(file: string, text: string): Promise<Measured> {
  const { seconds, megabytes, slowest, slowestSeconds, end } = await useOfServer(file, text, patience);
  const most = end === 'whole' ? slowestSeconds : Number.POSITIVE_INFINITY;
  return {
    seconds: most,
    megabytes,
    note: `${slowest} ${slowestSeconds.toFixed(1)} s, all ${seconds.toFixed(1)} s, ${end}`,
  };
}

const first = largeTexts.findIndex(({ name }) => name === values.from);
let over = 0;
for (const [place, { name, text }] of largeTexts.entries()) {
  if (!new RegExp(values.only, 'u').test(name) || place < first || place % parts !== part - 1) continue;
  const file = path.join(folder, `${name.replaceAll(' ', '-')}.npu`);
  const content = text(Number(values.characters));
  writeFileSync(file, content);
  let failed = false;
  for (const way of ways) {
    if (failed && (way === 'run' || way === 'fmt')) continue;
    const measured = way === 'server' ? await server(file, readFileSync(file, 'utf8')) : await commandLine(way, file);
    if (way === 'check') failed = measured.note !== 'exit code 0';
    const isOver = measured.seconds > mostSeconds || measured.megabytes > mostMegabytes;
    if (isOver) over += 1;
    const figures = `${measured.seconds.toFixed(1).padStart(6)} s ${measured.megabytes.toFixed(0).padStart(5)} MB`;
    console.log(`${isOver ? 'OVER' : '    '} ${name.padEnd(32)} ${way.padEnd(7)}${figures}  ${measured.note}`);
  }
  rmSync(file);
}
rmSync(folder, { recursive: true });
console.log(`${over} measurements are over ${mostSeconds} s or ${mostMegabytes} MB`);
process.exitCode = over === 0 ? 0 : 1;
