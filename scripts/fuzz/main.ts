import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { artifact, repositoryFolder } from '../vscode/artifacts.ts';
import { type ChildMessage, inputOf } from './child.ts';
import { type TargetName, targets } from './targets.ts';

/*
 * `npm run fuzz -- --minutes 10` tries broken inputs of every kind until the time is over. Each target runs in its own
 * process with a memory limit. A finding is an exception, an input that takes too long, or a process that ends. The
 * program prints its seed and writes its input into a folder. After a fix, the input becomes a file of
 * test/fuzz-corpus.
 */

type Name = TargetName | 'lsp';
const all: readonly Name[] = [...(Object.keys(targets) as TargetName[]), 'lsp'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
    out: { type: 'string', default: artifact('fuzz') },
    /** The time limit of one input in seconds. A busy machine needs more. */
    seconds: { type: 'string', default: '20' },
  },
});

const seed = Number(values.seed);
const names = values.target === undefined ? all : all.filter((name) => values.target?.includes(name));
const turnSeconds = (60 * Number(values.minutes)) / Math.max(1, names.length);
const inputSeconds = Number(values.seconds);
if (!(turnSeconds > 0) || !Number.isSafeInteger(seed) || !(inputSeconds > 0) || names.length === 0) {
  console.error(
    `usage: npm run fuzz -- [--minutes 1] [--seed 1] [--seconds 20] [--out FOLDER] [--target ${all.join('|')}]...`,
  );
  process.exit(2);
}

const mostFindings = 20;
const found = new Set<string>();

function report(name: Name, input: number, problem: string): void {
  // The first lines identify the fault, so that it is reported once.
  const key = `${name} ${problem.split('\n').slice(0, 3).join(' ').replaceAll(/\d+/gu, '#')}`;
  if (found.has(key)) return;
  found.add(key);
  const file = path.join(values.out, `${name}-${seed}-${input}`);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(file, inputOf(name, seed, input));
  writeFileSync(`${file}.txt`, `${problem}\n`);
  console.log(
    `${name}: seed ${seed}, input ${input}: ${problem.split('\n').slice(0, 4).join('\n  ')}\n  written to ${file}`,
  );
}

/** Runs one target until its time is over. Returns how many inputs it tried. */
async function turn(name: Name): Promise<number> {
  const end = performance.now() + 1000 * turnSeconds;
  let input = 0;
  while (performance.now() < end && found.size < mostFindings) input = await round(name, input, end);
  return input;
}

/** Runs one process until it ends or the time is over. Returns the first input that it did not try. */
function round(name: Name, first: number, end: number): Promise<number> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--max-old-space-size=1024',
      '--import',
      'tsx',
      path.join(repositoryFolder, 'scripts/fuzz/child.ts'),
      name,
      String(seed),
      String(first),
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], cwd: repositoryFolder },
  );
  let input = first;
  let since = performance.now();
  let isUnderWay = false;
  let isStopped = false;
  return new Promise((done) => {
    const stop = (): void => {
      isStopped = true;
      clearInterval(watch);
      child.kill('SIGKILL');
    };
    const watch = setInterval(() => {
      const now = performance.now();
      if (isUnderWay && now - since > 1000 * inputSeconds) {
        report(name, input, `it takes more than ${inputSeconds} s`);
        stop();
      } else if (now > end) stop();
    }, 250);
    child.on('message', (message: ChildMessage) => {
      input = message.input;
      since = performance.now();
      isUnderWay = message.kind === 'begins';
      if (message.kind === 'failed') report(name, input, message.problem ?? 'an exception');
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      if (!isStopped)
        report(
          name,
          input,
          `the process ended with ${code ?? signal}: out of memory, or an exception outside of the check`,
        );
      done(input + 1);
    });
  });
}

if (names.includes('lsp') && !existsSync(path.join(repositoryFolder, 'dist/server.cjs'))) {
  console.error('dist/server.cjs is missing: run npm run build first');
  process.exit(2);
}
for (const name of names) console.log(`${name}: ${await turn(name)} inputs`);
console.log(found.size === 0 ? 'nothing found' : `${found.size} found`);
process.exit(found.size === 0 ? 0 : 1);
