import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realProgram } from '../real-program.ts';
import type { Ran } from '../small-program.ts';

/* Exit codes, and the numbers in the documents of `run` and `layers`. The program runs with its real engine, in this thread. */

const program = realProgram();
const stimpack = (line: string): Promise<Ran> => program.stimpack(...line.split(' '));

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
program.write({
  'quiet.npu': design(100, '1 s'),
  'broken.npu': design(100, '1 s').replace('clock', 'clok').replaceAll('\n', '\r\n'),
  'rush.npu': readFileSync('examples/rush.npu', 'utf8'),
});

test.each([
  ['run quiet.npu', 0],
  ['check broken.npu quiet.npu', 2],
  ['run nothing.npu', 2],
  ['layers quiet.npu', 0],
  ['layers quiet.npu --mode burst --batch 4 --format csv', 0],
])('stimpack %s: %i', async (line, code) => {
  const ended = await stimpack(line);
  expect(ended.code, ended.out + ended.err).toBe(code);
});

describe('a recorded trace', () => {
  const rows = ['TIMESTAMP,ContextTokens', ...Array.from({ length: 200 }, (_, i) => `${(i * 0.01).toFixed(2)},1`)];
  rows[5] = 'soon,1';
  rows[9] = ',1';
  program.write({
    'trace.csv': `${rows.join('\n')}\n`,
    'traced.npu': design(100, '1 s')
      .replace('poisson(100 rps)', 'trace("trace.csv", speedup: 4 x)')
      .replace('duration: 2000 requests', 'warmup: 0 %'),
  });
  const replayed = (): Promise<Ran> => stimpack('run traced.npu --format json');

  test('is replayed at the stated speed', async () => {
    const run = JSON.parse((await replayed()).out);
    const [serve] = run.scenarios[0].serves;
    expect(serve.arrivedRequests).toBe(198);
    // A hundred requests a second, four times as fast. Two rows are lost.
    expect(serve.offeredLoadRps).toBeGreaterThan(380);
    expect(serve.offeredLoadRps).toBeLessThan(410);
  });

  test('gives one message for the rows that are left out, with their lines and the count', async () => {
    const { out, err } = await replayed();
    const run = JSON.parse(out);
    const said = `${err}${run.diagnostics.map(({ message }: { readonly message: string }) => message).join('\n')}`;
    const rows = 'line 6 (its time is not a number), line 10 (its time is empty). Correct them';
    expect(said).toContain(`2 of 200 rows of the trace cannot be read and are left out: ${rows}`);
    const codes = run.diagnostics.map(({ code }: { readonly code: string }) => code);
    expect(codes.filter((code: string) => code.startsWith('trace-row'))).toEqual(['trace-rows']);
  });
});

describe('results', () => {
  test('the numbers of a run are consistent', async () => {
    const { scenarios } = JSON.parse((await stimpack('run quiet.npu --format json')).out);
    const [serve] = scenarios[0].serves;
    expect(serve.arrivedRequests).toBe(
      serve.completedRequests + serve.queuedRequests + serve.runningRequests + serve.droppedRequests,
    );
    expect(serve.p50LatencySeconds).toBeLessThanOrEqual(serve.p99LatencySeconds);
    const parts = Object.values<number>(serve.meanLatencyParts).reduce((sum, part) => sum + part, 0);
    expect(parts).toBeCloseTo(serve.meanLatencySeconds, 9);
  });
  test('layers: 56 x 56 positions, 3 x 3 x 64 products each, 64 filters', async () => {
    const document = JSON.parse((await stimpack('layers quiet.npu --format json')).out);
    expect(document.layers[0]).toMatchObject({
      layer: 'conv1',
      kind: 'conv',
      m: 56 * 56,
      k: 3 * 3 * 64,
      n: 64,
      groups: 1,
      macs: 56 * 56 * 3 * 3 * 64 * 64,
    });
  });
  test('an error in a file with Windows line ends has the right place', async () => {
    const { out } = await stimpack('check broken.npu');
    expect(out).toContain(' --> broken.npu:3:3\n  |\n3 |   clok: 1 GHz\n  |   ^^^^\n');
  });
});

test('the document of a run contains accuracy and power over time, consistent with its totals', async () => {
  const [scenario] = JSON.parse((await stimpack('run rush.npu --format json')).out).scenarios;
  const { slotSeconds, powerWatts } = scenario.powerOverTime;
  const covered = (slot: number) => Math.min(slotSeconds, scenario.durationSeconds - slot * slotSeconds);
  // The average leaves out the warm-up, which is a whole number of slots.
  const { durationSeconds, warmupSeconds } = scenario;
  const first = Math.round(warmupSeconds / slotSeconds);
  const measured: number[] = powerWatts.slice(first);
  const joules = measured.reduce((sum, watts, slot) => sum + watts * covered(first + slot), 0);
  expect(warmupSeconds).toBeGreaterThan(0);
  expect(joules / (durationSeconds - warmupSeconds)).toBeCloseTo(scenario.averagePowerWatts, 9);
  expect(scenario.energyJoules).toBeCloseTo(scenario.averagePowerWatts * durationSeconds, 9);
  const [serve] = scenario.serves;
  const { accuracyFraction } = serve.accuracyOverTime;
  expect(accuracyFraction.length).toBe(powerWatts.length);
  expect(Math.min(...accuracyFraction)).toBeLessThanOrEqual(serve.accuracyFraction);
  expect(Math.max(...accuracyFraction)).toBeGreaterThanOrEqual(serve.accuracyFraction);
});

describe('outputs of a run', () => {
  test.each([
    ['--html both --trace both', "'--html' and '--trace' name the same file, both"],
    ['--html ./both --trace both', "'--html' and '--trace' name the same file, both"],
    ['--html kept --trace link', "'--html' and '--trace' name the same file, link"],
    ['--html quiet.npu', 'cannot write quiet.npu: this command reads it; name another file'],
    ['--trace quiet.npu', 'cannot write quiet.npu: this command reads it; name another file'],
  ])('%s: an error, and no file changes', async (options, message) => {
    program.write({ kept: 'kept' });
    const at = (name: string): string => join(program.directory, name);
    rmSync(at('link'), { force: true });
    linkSync(at('kept'), at('link'));
    const before = readFileSync(at('quiet.npu'), 'utf8');
    const { code, err } = await stimpack(`run quiet.npu ${options}`);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(readFileSync(at('quiet.npu'), 'utf8')).toBe(before);
    expect(readFileSync(at('kept'), 'utf8')).toBe('kept');
    expect(existsSync(at('both'))).toBe(false);
  });
});
