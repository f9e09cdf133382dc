import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifact, repositoryFolder } from '../vscode/artifacts.ts';
import { run } from '../vscode/processes.ts';
import type { Run } from './cases.ts';
import { type CoreShape, foldsOf } from './core-product.ts';

const folder = join(repositoryFolder, 'rtl');

/** All hardware descriptions, without the benches. */
export function sources(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sv'))
    .sort()
    .map((name) => join(folder, name));
}

/** Compiles a bench with Verilator and g++. Returns the path of the program. `name` is its folder in `.artifacts/rtl`. */
async function buildBench(
  name: string,
  top: string,
  files: readonly string[],
  parameters: Readonly<Record<string, number>>,
): Promise<string> {
  const target = artifact('rtl', name);
  const defined = Object.entries(parameters).map(([key, value]) => `-D${key}=${value}`);
  await run('verilator', [
    ...['--cc', '--exe', '--build', '--output-split', '0', '-Wall', '-Wno-UNUSEDSIGNAL', '--top-module', top],
    ...['--Mdir', target, '-o', 'bench'],
    ...['-CFLAGS', ['-std=c++20', `-I${join(folder, 'bench')}`, ...defined].join(' ')],
    // Compiling takes longer than running, so nothing is optimized, and Verilator copies no expression of a gate into its users.
    ...['-fno-gate', '-MAKEFLAGS', 'OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0'],
    ...Object.entries(parameters).map(([key, value]) => `-G${key}=${value}`),
    ...sources(),
    ...files.map((file) => join(folder, 'bench', file)),
  ]);
  return join(target, 'bench');
}

/** The comparison of one arithmetic unit with the software model. */
export interface UnitResult {
  readonly unit: string;
  readonly cases: number;
  readonly mismatches: number;
}

export async function checkElements(randomCases: number, seed: number): Promise<readonly UnitResult[]> {
  const bench = await buildBench('elements', 'elements', ['elements.sv', 'elements.cpp'], {});
  const lines = await outputOf(bench, [String(randomCases), String(seed)], '');
  return lines.map((line) => {
    const [unit = '', cases, mismatches] = line.split(' ');
    return { unit, cases: Number(cases), mismatches: Number(mismatches) };
  });
}

/** What the core did in one run. */
export interface RunResult {
  readonly cycles: number;
  readonly results: number;
  readonly mismatches: number;
}

/** Runs products on a core of the given shape. */
export async function runCore(core: CoreShape, runs: readonly Run[], seed: number): Promise<readonly RunResult[]> {
  const { rows, columns, switchCycles } = core;
  const bench = await buildBench(`core-${rows}x${columns}`, 'convertible_core', ['core.cpp'], {
    ROWS: rows,
    COLUMNS: columns,
    SWITCH_LATENCY: switchCycles,
  });
  const text = runs.map((products, index) =>
    products
      .map((product, at) => {
        const { path, preload, m } = product;
        return `${path} ${preload} ${foldsOf(product, core)} ${m} ${seed + 100 * index + at}`;
      })
      .join(';'),
  );
  const lines = await outputOf(bench, [], `${text.join('\n')}\n`);
  return lines.map((line) => {
    const [cycles, results, mismatches] = line.split(' ').map(Number);
    return { cycles: cycles ?? Number.NaN, results: results ?? 0, mismatches: mismatches ?? Number.NaN };
  });
}

/** The lines that a bench prints. A bench that finds mismatches ends with code 1, which is a result. */
function outputOf(command: string, args: readonly string[], input: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(chunks.join('').trimEnd().split('\n')));
    // A bench that ends early closes its input, and its missing lines are reported.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
