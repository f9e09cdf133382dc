import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Kills each writing command of the built command line (SIGKILL, which no program can handle). Checks that the written
 * file then has either its old content or its new content: npx tsx scripts/kill-series.ts [KILLS [NAME...]]. Run
 * `npm run build` before. The names are those of the table below; without one, all commands are tried. Each command first
 * runs once without a kill. Its time gives the range of the moments, and its output is the new content. Every third kill is
 * at a random moment of the whole run. The others are within the write: they wait for the temporary file, and then for a
 * random part of the time that the first run wrote.
 */

const kills = Number(process.argv[2] ?? 50);
const names = process.argv.slice(3);
const cli = path.resolve('dist/cli.cjs');
const directory = mkdtempSync(path.join(tmpdir(), 'npu-kills-'));
const old = 'old content, which a killed command may leave\n';

interface Writer {
  readonly name: string;
  readonly args: readonly string[];
  /** The file that the command writes, relative to the directory. */
  readonly target: string;
  /** The content of the file before the command. */
  readonly before: string;
}

const design = `import "stimpack/tpuv4i"
import "stimpack/resnet50"
npu Sized extends TPUv4i { HBM { bandwidth: 600 GB/s } }
scenario Few {
  npu: Sized
  duration: 20000 requests
  serve ResNet50 { arrivals: poisson(500 rps), slo { p99 latency <= 15 ms } }
}
explore Sizing {
  scenario: Few
  vary Sized.HBM.bandwidth in [400 GB/s, 600 GB/s]
  minimize latency
}
explore Many {
  scenario: Few
  vary Sized.HBM.bandwidth in 400 GB/s .. 600 GB/s step 1 GB/s
  minimize latency
}
`;
const ugly = Array.from({ length: 80_000 }, (_, i) => `let   a${i}=${i}   ms`).join('\n');
const topology = `Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n${Array.from({ length: 5000 }, (_, i) => `conv${i}, 56, 56, 3, 3, 64, 64, 1,`).join('\n')}\n`;

const writers: readonly Writer[] = [
  { name: 'fmt', args: ['fmt', 'ugly.npu'], target: 'ugly.npu', before: ugly },
  { name: 'import', args: ['import', 'net.csv', '--out', 'net.npu'], target: 'net.npu', before: old },
  { name: 'run --html', args: ['run', 'few.npu', '--html', 'few.html'], target: 'few.html', before: old },
  { name: 'run --trace', args: ['run', 'few.npu', '--trace', 'few.trace'], target: 'few.trace', before: old },
  {
    name: 'explore --out',
    args: ['explore', 'few.npu', '--name', 'Sizing', '--out', 'parts'],
    target: 'parts/Sizing.jsonl',
    before: old,
  },
  {
    name: 'explore --html',
    args: ['explore', 'few.npu', '--name', 'Sizing', '--html', 'x.html'],
    target: 'x.html',
    before: old,
  },
  {
    name: 'merge',
    args: ['merge', 'rows', '--format', 'parquet', '--out', 'x.parquet'],
    target: 'x.parquet',
    before: old,
  },
];

function prepare({ target, before }: Writer): void {
  writeFileSync(path.join(directory, target), before);
}

const isTemporary = (name: string | null): boolean => name?.endsWith('.tmp') === true;

/** Calls `onWrite` when the temporary file beside the target appears. Returns the end of watching. */
function whenWriting({ target }: Writer, onWrite: () => void): () => void {
  let isWriting = false;
  const watcher = watch(path.dirname(path.join(directory, target)), (_, name) => {
    if (isWriting || !isTemporary(name)) return;
    isWriting = true;
    onWrite();
  });
  return () => watcher.close();
}

interface Timed {
  readonly wholeMilliseconds: number;
  /** From the appearance of the temporary file to the end of the process. */
  readonly writeMilliseconds: number;
}

/** Runs a command to its end. */
async function timed(writer: Writer): Promise<Timed> {
  const begun = performance.now();
  let writingAt = 0;
  const stopWatching = whenWriting(writer, () => {
    writingAt = performance.now();
  });
  const child = spawn(process.execPath, [cli, ...writer.args], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  stopWatching();
  const ended = performance.now();
  const after = readFileSync(path.join(directory, writer.target), 'latin1');
  if (writingAt === 0 || after === writer.before)
    throw new Error(`${writer.name} ended with ${status} and wrote nothing: ${errors}`);
  return { wholeMilliseconds: ended - begun, writeMilliseconds: ended - writingAt };
}

/** Runs a command and kills it. Whether it had not ended before. */
async function isKilled(writer: Writer, { wholeMilliseconds, writeMilliseconds }: Timed, isInWrite: boolean) {
  const child = spawn(process.execPath, [cli, ...writer.args], { cwd: directory, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  const kill = (): void => void child.kill('SIGKILL');
  // Half of the kills in a write are as early as possible, because a small file is written in less time than a timer needs.
  const delay = isInWrite ? Math.max(0, 2 * Math.random() - 1) * writeMilliseconds : Math.random() * wholeMilliseconds;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    if (delay === 0) kill();
    else timer = setTimeout(kill, delay);
  };
  const stopWatching = isInWrite ? whenWriting(writer, start) : () => undefined;
  if (!isInWrite) start();
  const signal = await ended;
  clearTimeout(timer);
  stopWatching();
  return signal === 'SIGKILL';
}

let broken = 0;
try {
  mkdirSync(path.join(directory, 'parts'));
  writeFileSync(path.join(directory, 'few.npu'), design);
  writeFileSync(path.join(directory, 'net.csv'), topology);
  const rows = ['explore', 'few.npu', '--name', 'Many', '--out', 'rows'];
  spawnSync(process.execPath, [cli, ...rows], { cwd: directory, stdio: 'ignore' });
  for (const writer of writers.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const target = path.join(directory, writer.target);
    const temporary = () => readdirSync(path.dirname(target)).filter(isTemporary);
    prepare(writer);
    const times = await timed(writer);
    // As bytes: a Parquet file is no text.
    const after = readFileSync(target, 'latin1');
    const counts = { old: 0, new: 0, broken: 0, endedBefore: 0, inWrite: 0 };
    for (let kill = 0; kill < kills; kill++) {
      prepare(writer);
      if (!(await isKilled(writer, times, kill % 3 !== 0))) counts.endedBefore++;
      const content = readFileSync(target, 'latin1');
      counts[content === writer.before ? 'old' : content === after ? 'new' : 'broken']++;
      // A temporary file remains if and only if the kill hit the time between its creation and the renaming.
      const left = temporary();
      if (left.length > 0) counts.inWrite++;
      for (const name of left) rmSync(path.join(path.dirname(target), name));
    }
    broken += counts.broken;
    console.log(
      `${writer.name.padEnd(15)} ${kills} kills: ${counts.old} old, ${counts.new} new, ${counts.broken} broken; ` +
        `${counts.inWrite} hit an unfinished temporary file, ${counts.endedBefore} came after the end`,
    );
  }
} finally {
  if (existsSync(directory)) rmSync(directory, { recursive: true });
}
process.exitCode = broken === 0 ? 0 : 1;
