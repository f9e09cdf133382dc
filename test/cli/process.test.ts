import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

/* What needs a process: streams, exit codes, threads and files of the bundle. `commands/` tests the rest with the real engine in this process. */
const cli = resolve('dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'npu-process-'));
afterAll(() => rmSync(directory, { recursive: true }));

const design = (rate: number, limit: string): string => `
npu Chip {
  clock: 1 GHz
  array { rows: 128, columns: 128 }
  vector { rate: 2048 operations/cycle }
  VMEM { capacity: 16 MiB, bandwidth: 25 TB/s }
  CMEM { capacity: 64 MiB, bandwidth: 2 TB/s }
  HBM { capacity: 8 GB, bandwidth: 614 GB/s }
  mode base { precision: bf16 }
  mode burst { precision: int8, packing: reduction }
}
model Tiny {
  input: 56 x 56 x 64
  layers {
    conv1: conv { kernel: 3 x 3, filters: 64, padding: same }
    relu
    fc: dense { outputs: 1000 }
  }
}
scenario Quick {
  npu: Chip
  duration: 2000 requests
  serve Tiny {
    arrivals: poisson(${rate} rps)
    slo { p99 latency <= ${limit} }
  }
}
`;
writeFileSync(join(directory, 'quiet.npu'), design(100, '1 s'));
writeFileSync(join(directory, 'missed.npu'), design(100, '1 ns'));
writeFileSync(join(directory, 'broken.npu'), design(100, '1 s').replace('clock', 'clok').replaceAll('\n', '\r\n'));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const quiet = { NO_COLOR: undefined, FORCE_COLOR: undefined, COLUMNS: undefined };

function shell(script: string, environment: Readonly<Record<string, string>> = {}): Ended {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...quiet, ...environment, CLI: cli, NODE: process.execPath },
  });
  return { code: status, out: stdout, err: stderr };
}

const stimpack = (line: string, environment: Readonly<Record<string, string>> = {}): Ended =>
  shell(`"$NODE" "$CLI" ${line}`, environment);

describe('exit codes', () => {
  test.each([
    ['check quiet.npu', 0],
    ['run missed.npu', 1],
    ['run broken.npu', 2],
    ['rum quiet.npu', 2],
  ])('stimpack %s: %i', (line, code) => {
    const ended = stimpack(line);
    expect(ended.code, ended.out + ended.err).toBe(code);
  });
});

describe('streams', () => {
  test('a reader that closes the pipe is no error', () => {
    expect(shell('"$NODE" "$CLI" layers quiet.npu | true')).toEqual({ code: 0, out: '', err: '' });
    expect(shell('"$NODE" "$CLI" run quiet.npu --format json | head -c 1')).toEqual({ code: 0, out: '{', err: '' });
  });
  test('a reader that goes away stops the scenarios that are not simulated yet', () => {
    const [first = '', rest = ''] = design(100, '1 s').split('scenario Quick');
    const long = `scenario Endless${rest.replace('2000 requests', '2000000000 requests')}`;
    writeFileSync(join(directory, 'endless.npu'), `${first}scenario Quick${rest}${long}`);
    expect(shell('"$NODE" "$CLI" run endless.npu | head -1')).toEqual({
      code: 141,
      out: 'Quick\n',
      err: 'stopped: the simulation of Endless ended early. 1 of 2 scenarios are finished.\n',
    });
  });
  test('closed streams are no error', () => {
    expect(stimpack('check quiet.npu <&-').code).toBe(0);
    expect(stimpack('check quiet.npu >&-').code).toBe(0);
    expect(stimpack('run nothing.npu 2>&-').code).toBe(2);
  });
  test.skipIf(!existsSync('/dev/full'))('a full disk is reported', () => {
    expect(stimpack('check quiet.npu >/dev/full')).toMatchObject({
      code: 2,
      err: expect.stringContaining('error[cannot-write]: standard output'),
    });
  });
  test('output in a pipe has no colour and no plots', () => {
    const { out, err } = stimpack('run quiet.npu');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test checks that there are none
    expect(out + err).not.toMatch(/[\u2580-\u259f\u001b\r]/);
  });
  test('FORCE_COLOR adds colour in a pipe, and changes nothing else', () => {
    const { out } = stimpack('run quiet.npu', { FORCE_COLOR: '1' });
    expect(out).toContain('\u001b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
    expect(out.replace(/\u001b\[\d+m/g, '')).toBe(stimpack('run quiet.npu').out);
  });
  const script = spawnSync('script', ['--version'], { encoding: 'utf8' });
  test.skipIf(!script.stdout?.includes('util-linux'))('output on a terminal has colour and plots', () => {
    const { out } = shell(`script -qec 'stty cols 80; "$NODE" "$CLI" run quiet.npu' /dev/null`, { TERM: 'xterm' });
    expect(out).toContain('\u001b[');
    expect(out).toMatch(/█/);
  });
});

test('the same seed gives the same bytes, and another seed gives others', () => {
  const first = stimpack('run quiet.npu --format json').out;
  expect(stimpack('run quiet.npu --format json').out).toBe(first);
  expect(stimpack('run quiet.npu --format json --seed 2').out).not.toBe(first);
});

/* The threads of an exploration, and what belongs to a process. test/cli/commands/explore-files.test.ts has the results files. */
describe('explore and merge', () => {
  const explored = `${design(1000, '1 s')}
explore Sizing {
  scenario: Quick
  vary Chip.HBM.bandwidth in [1 GB/s, 300 GB/s, 614 GB/s]
  vary Chip.CMEM.capacity in [1 MiB, 64 MiB]
  minimize latency
  maximize throughput
}
`;
  writeFileSync(join(directory, 'explored.npu'), explored);
  const whole = stimpack('explore explored.npu --format json');
  const text = stimpack('explore explored.npu').out;
  const document = JSON.parse(whole.out);

  test('the design as written has the numbers of its run', () => {
    expect(whole.code).toBe(0);
    expect(document).toMatchObject({
      command: 'explore',
      exploration: 'Sizing',
      designCount: 6,
      triedCount: 6,
      asWritten: 5,
    });
    const [serve] = JSON.parse(stimpack('run explored.npu --format json').out).scenarios[0].serves;
    expect(document.designs[5]).toMatchObject({
      values: ['614 GB/s', '64 MiB'],
      verdict: 'met',
      p99LatencySeconds: serve.p99LatencySeconds,
      throughputRps: serve.throughputRps,
    });
    expect(document.designs.some(({ front }: { front: boolean }) => front)).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'a page that cannot be written costs neither the results file nor the report',
    () => {
      const ended = stimpack('explore explored.npu --out kept --html /dev/full');
      expect([ended.code, ended.err]).toEqual([2, 'error[cannot-write]: cannot write /dev/full: the disk is full\n']);
      expect(ended.out).toContain('Sizing');
      expect(existsSync(join(directory, 'kept/Sizing.jsonl'))).toBe(true);
    },
  );

  test('merged shards give the result of one run', () => {
    for (const shard of ['1/2', '2/2']) {
      const { code, out } = stimpack(`explore explored.npu --shard ${shard} --out parts --format json`);
      expect([code, JSON.parse(out).designs.length]).toEqual([0, 3]);
    }
    const merged = stimpack('merge parts --format json');
    expect(merged.code).toBe(0);
    expect({ ...JSON.parse(merged.out), command: 'explore' }).toEqual(document);
  });

  test('--html writes a page with all designs and the run of the design as written, and rejects a shard', () => {
    const { code, out } = stimpack('explore explored.npu --html designs.html');
    expect([code, out]).toEqual([whole.code, text]);
    const page = readFileSync(join(directory, 'designs.html'), 'utf8');
    const data = JSON.parse(page.match(/id="stimpack-data">(.*?)<\/script>/s)?.[1] ?? '');
    expect(data.state.explorations.map(({ name }: { name: string }) => name)).toEqual(['Sizing']);
    expect(data.explored.map(({ exploration }: { exploration: string }) => exploration)).toEqual(['Sizing']);
    expect(stimpack('explore explored.npu --html designs.html --shard 1/2').code).toBe(2);
  });

  test('text in a pipe has no control characters, and lists the front', () => {
    expect(text).toContain('6 designs: ');
    expect(text).toContain('Pareto front');
    expect(text.includes('\u001b')).toBe(false);
  });
});
