/**
 * Measures the first use of the hardware model in a process: `npx tsx bench/cold.ts [file.onnx] [processes]`.
 *
 * It shows that in a new process, the import of ResNet-50 from its ONNX file and all of its layers in both modes take less
 * than 50 ms. Each sample is a new process of plain Node with one bundle, made like the bundles of `npm run build`. If dist/
 * exists, it also measures `import` of the command line.
 *
 * Code that runs once spends most of its time on reading, compiling and interpreting. This time varies with the load of the
 * machine. The start time of Node in the same processes shows by how much.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const LIMIT_MILLISECONDS = 50;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const file = process.argv[2] ?? here('../../shared/reference/onnx/light_resnet50.onnx');
const processes = Number(process.argv[3] ?? 25);

type Sample = Readonly<
  Record<'start' | 'startProcessor' | 'import' | 'layers' | 'firstUse' | 'processor' | 'whole', number>
>;

function leastAndMedian(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `least ${sorted[0]?.toFixed(1)}, median ${sorted[sorted.length >> 1]?.toFixed(1)} ms`;
}

function say(label: string, text: string): void {
  console.log(`${label.padEnd(54)} ${text}`);
}

function bundled(folder: string): Sample[] {
  const outfile = join(folder, 'cold.cjs');
  buildSync({
    entryPoints: [here('cold-entry.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return Array.from({ length: processes }, () =>
    JSON.parse(execFileSync(process.execPath, [outfile, file], { encoding: 'utf8' })),
  );
}

function shipped(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [here('../dist/cli.cjs'), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`stimpack ${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

if (!existsSync(file)) say('first use', `not measured: ${file} is missing`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'stimpack-cold-'));
  try {
    const samples = bundled(folder);
    const of = (part: keyof Sample) => samples.map((sample) => sample[part]);
    say('Node started, bundle loaded', leastAndMedian(of('start')));
    say('ONNX file imported', leastAndMedian(of('import')));
    say('all layers in base and burst', leastAndMedian(of('layers')));
    const least = Math.min(...of('firstUse'));
    say('first use: both', `${leastAndMedian(of('firstUse'))}; ${(least / LIMIT_MILLISECONDS).toFixed(2)} of 50 ms`);
    const ratio = leastAndMedian(samples.map(({ processor, startProcessor }) => processor / startProcessor)).replace(
      ' ms',
      '',
    );
    say('the same in processor time, all threads', leastAndMedian(of('processor')));
    say('more than starting Node', ratio);
    say('from the start of the process', leastAndMedian(of('whole')));
    if (existsSync(here('../dist/cli.cjs'))) {
      const rounds = Array.from({ length: Math.ceil(processes / 2) }, () => ({
        version: shipped(['--version']),
        imports: shipped(['import', file]),
      }));
      say('dist/cli.cjs --version, the whole process', leastAndMedian(rounds.map(({ version }) => version)));
      say('dist/cli.cjs import', leastAndMedian(rounds.map(({ imports }) => imports)));
    } else say('dist/cli.cjs', 'not measured: npm run build first');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
