import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, missingSlurm, startCluster } from '../../scripts/slurm/cluster.ts';

/*
 * `explore --slurm` on real Slurm: two nodes on this machine. A killed node costs Slurm half a minute, so this file runs in
 * `npm run test:nightly`. test/cli/slurm.test.ts has the cases that need no scheduler.
 */
const cli = resolve('dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'npu-slurm-'));
let cluster: Cluster | undefined;
let absent: string | undefined;

beforeAll(async () => {
  absent = process.env.STIMPACK_SERIES === 'nightly' ? await missingSlurm() : 'It runs in npm run test:nightly.';
  if (absent !== undefined) return;
  writeFileSync(join(directory, 'sizing.npu'), design);
  writeFileSync(join(directory, 'accident.cjs'), accident);
  cluster = await startCluster(mkdtempSync(join(tmpdir(), 'npu-slurm-cluster-')));
});
afterAll(() => {
  cluster?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const design = `
npu Chip {
  clock: 1 GHz
  array { rows: 128, columns: 128 }
  vector { rate: 2048 operations/cycle }
  VMEM { capacity: 16 MiB, bandwidth: 25 TB/s }
  HBM { capacity: 8 GB, bandwidth: 614 GB/s }
  mode base { precision: bf16 }
}
model Tiny {
  input: 64
  layers { fc: dense { outputs: 1000 } }
}
scenario Quick {
  npu: Chip
  duration: 500 requests
  serve Tiny { arrivals: poisson(100 rps), slo { p99 latency <= 1 s } }
}
explore Sizing {
  scenario: Quick
  vary Chip.HBM.bandwidth in 100 GB/s .. 600 GB/s step 100 GB/s
  minimize latency
}
`;

/** Loaded by every element: element FAIL fails once, and elements on the node HOLD wait until it is released. */
const accident = `
const { existsSync, writeFileSync } = require('node:fs');
const { SLURM_ARRAY_TASK_ID: element, SLURMD_NODENAME: node, FAIL, HOLD, MARKS } = process.env;
if (element !== undefined && element === FAIL && !existsSync(MARKS + '.failed')) {
  writeFileSync(MARKS + '.failed', '');
  process.exit(9);
}
if (node !== undefined && node === HOLD && !existsSync(MARKS + '.released')) {
  writeFileSync(MARKS + '.held', '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
}
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function explore(out: string, accidents: Record<string, string> = {}): Promise<Ended> {
  const args = [
    'explore',
    'sizing.npu',
    '--out',
    out,
    '--slurm',
    '--array',
    '6',
    '--partition',
    'short',
    '--time',
    '5',
  ];
  const env = {
    ...cluster?.env,
    ...accidents,
    MARKS: join(directory, out),
    NODE_OPTIONS: `--require ${join(directory, 'accident.cjs')}`,
  };
  const child = spawn(process.execPath, [cli, ...args, '--format', 'json'], { cwd: directory, env });
  const ended = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => {
    ended.out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    ended.err += data.toString();
  });
  return new Promise((settle) => child.on('close', (code) => settle({ code, ...ended })));
}

function local(...args: readonly string[]): string {
  return spawnSync(process.execPath, [cli, 'explore', 'sizing.npu', ...args], { cwd: directory, encoding: 'utf8' })
    .stdout;
}

/** The results files of a folder, by name. */
function resultsIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(join(directory, folder)).filter((name) => /\.(jsonl|rows)$/u.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, folder, name), 'utf8')]));
}

/** The bytes of the same shards without a scheduler. */
function localResults(): Readonly<Record<string, string>> {
  if (!existsSync(join(directory, 'local')))
    for (let shard = 1; shard <= 6; shard++) local('--shard', `${shard}/6`, '--out', 'local');
  return resultsIn('local');
}

function expectSameAsLocal(folder: string, { code, out, err }: Ended): void {
  expect(code, err).toBe(0);
  expect({ ...JSON.parse(out), command: 'explore' }).toEqual(JSON.parse(local('--format', 'json')));
  expect(resultsIn(folder)).toEqual(localResults());
}

test('a sweep gives the bytes of a local run, and the same command again submits nothing', async ({ skip }) => {
  if (cluster === undefined) skip(absent);
  const first = await explore('parts');
  expect(first.err).toMatch(/Slurm job \d+ runs shards 1-6 of 6\./u);
  expectSameAsLocal('parts', first);
  const again = await explore('parts');
  expect(again.err).not.toContain('Slurm job');
  expect(again.out).toBe(first.out);
});

test('an element that fails is submitted once more, alone', async ({ skip }) => {
  if (cluster === undefined) skip(absent);
  const ended = await explore('failing', { FAIL: '2' });
  expect(ended.err).toMatch(/runs shards 1-6 of 6\..*runs shards 2 of 6\./su);
  expectSameAsLocal('failing', ended);
});

test('a node that dies costs no result', async ({ skip }) => {
  if (cluster === undefined) skip(absent);
  const running = explore('killed', { HOLD: 'n2' });
  while (!existsSync(join(directory, 'killed.held'))) await sleep(100);
  cluster?.kill('n2');
  writeFileSync(join(directory, 'killed.released'), '');
  expectSameAsLocal('killed', await running);
  // Slurm starts an element of a dead node again after two minutes.
}, 600_000);
