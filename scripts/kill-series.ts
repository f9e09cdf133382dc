import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Kills each writing command of the built command line at random moments (SIGKILL, which no program can handle). Checks
 * that the written file then has either its old content or its new content:
 * npx tsx scripts/kill-series.ts [KILLS [NAME...]]. Run `npm run build` before. The names are those of the table below;
 * without one, all commands are tried. Each command first runs once without a kill. Its time gives the range of the
 * moments, and its output is the new content.
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
`;
const ugly = Array.from({ length: 20_000 }, (_, i) => `let   a${i}=${i}   ms`).join('\n');
const topology = `Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n${Array.from({ length: 5000 }, (_, i) => `conv${i}, 56, 56, 3, 3, 64, 64, 1,`).join('\n')}\n`;

const writers: readonly Writer[] = [
  { name: 'fmt', args: ['fmt', 'ugly.npu'], target: 'ugly.npu', before: ugly },
  { name: 'import', args: ['import', 'net.csv', '--out', 'net.npu'], target: 'net.npu', before: old },
  { name: 'run --html', args: ['run', 'few.npu', '--html', 'few.html'], target: 'few.html', before: old },
  { name: 'run --trace', args: ['run', 'few.npu', '--trace', 'few.trace'], target: 'few.trace', before: old },
  { name: 'explore --out', args: ['explore', 'few.npu', '--out', 'parts'], target: 'parts/Sizing.jsonl', before: old },
  { name: 'explore --html', args: ['explore', 'few.npu', '--html', 'x.html'], target: 'x.html', before: old },
];

function prepare({ target, before }: Writer): void {
  writeFileSync(path.join(directory, target), before);
}

async function killedAfter(args: readonly string[], milliseconds: number): Promise<boolean> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: directory, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const signal = await ended;
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

let broken = 0;
try {
  mkdirSync(path.join(directory, 'parts'));
  writeFileSync(path.join(directory, 'few.npu'), design);
  writeFileSync(path.join(directory, 'net.csv'), topology);
  for (const writer of writers.filter(({ name }) => names.length === 0 || names.includes(name))) {
    prepare(writer);
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [cli, ...writer.args], { cwd: directory, encoding: 'utf8' });
    const wholeMilliseconds = performance.now() - startedAt;
    const after = readFileSync(path.join(directory, writer.target), 'utf8');
    if (after === writer.before) throw new Error(`${writer.name} ended with ${status} and wrote nothing: ${stderr}`);
    const counts = { old: 0, new: 0, broken: 0, endedBefore: 0 };
    for (let kill = 0; kill < kills; kill++) {
      prepare(writer);
      // Two thirds of the kills are in the last third of the time, in which files are written.
      const share = kill % 3 === 0 ? Math.random() : 2 / 3 + Math.random() / 3;
      const wasKilled = await killedAfter(writer.args, share * wholeMilliseconds);
      const content = readFileSync(path.join(directory, writer.target), 'utf8');
      if (!wasKilled) counts.endedBefore++;
      counts[content === writer.before ? 'old' : content === after ? 'new' : 'broken']++;
    }
    broken += counts.broken;
    const temporary = readdirSync(path.dirname(path.join(directory, writer.target))).filter((name) =>
      name.endsWith('.tmp'),
    );
    console.log(
      `${writer.name.padEnd(15)} ${kills} kills: ${counts.old} old, ${counts.new} new, ${counts.broken} broken; ` +
        `${counts.endedBefore} had ended before; ${temporary.length} temporary files left`,
    );
    for (const name of temporary) rmSync(path.join(path.dirname(path.join(directory, writer.target)), name));
  }
} finally {
  if (existsSync(directory)) rmSync(directory, { recursive: true });
}
process.exitCode = broken === 0 ? 0 : 1;
