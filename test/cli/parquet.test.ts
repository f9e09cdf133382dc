import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { afterAll, describe, expect, test } from 'vitest';
import { parquetBytes } from '../../cli/npm/parquet-writer.ts';
import { runProgram } from '../../cli/program.ts';
import { version } from '../../cli/version.ts';
import { emptyDetails, type Plan, type ResultPart, type ResultRow, type RowDetails } from '../../design/index.ts';
import { resultLines } from '../../formats/index.ts';
import { noInterrupts } from './hand-made.ts';
import { engineThat, recordingTerminal } from './small-program.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-parquet-'));
afterAll(() => rmSync(directory, { recursive: true }));

const plan: Plan = {
  file: 'sizing.npu',
  exploration: 'Sizing',
  scenario: 'Rush',
  npu: 'Chip',
  hash: '0123456789abcdef',
  axes: [
    { path: 'Chip.HBM.bandwidth', values: ['1 GB/s', '0.3 GB/s'], numbers: [1e9, 0.1 + 0.2] },
    { path: 'Chip.array.dataflow', values: ['weight-stationary', 'output-stationary'], numbers: [null, null] },
  ],
  goals: [
    { sense: 'maximize', measure: 'capacity' },
    { sense: 'minimize', measure: 'energy' },
  ],
  further: ['latency'],
  asWritten: 0,
  search: { kind: 'random', budget: 3, seed: 7 },
};

const details: RowDetails = {
  further: [0.012],
  lows: [1234.5, null, 0.011],
  highs: [1259.19, null, null],
  seed: 42,
  designHash: 'fedcba9876543210',
  caveats: ['trace-rows'],
};

const rows: readonly ResultRow[] = [
  { design: 0, verdict: 'met', measures: [1234.5, 1 / 3], problem: null, details },
  {
    design: 2,
    verdict: 'violated',
    measures: [5e-324, null],
    problem: null,
    details: { ...details, further: [null], caveats: [] },
  },
  { design: 3, verdict: 'unbuilt', measures: [null, null], problem: 'no "chip"\nµ, 芯片', details: emptyDetails(plan) },
];

const part: ResultPart = {
  plan,
  shard: null,
  toolVersion: version,
  statedInputs: ['Trace t.csv: its times are in s.'],
  caveats: [{ code: 'trace-rows', text: 'x', effect: { kind: 'any' }, origin: { uri: '', start: 0, end: 0 } }],
  rows,
};

let folders = 0;
/** Runs `merge` on a folder with one part. PARTS is the folder. */
async function merge(options: string, given: ResultPart = part, isInstalled = true) {
  const folder = `parts${folders++}`;
  mkdirSync(join(directory, folder));
  writeFileSync(join(directory, folder, 'Sizing.jsonl'), [...resultLines(given)].join(''));
  const { terminal, written } = recordingTerminal(directory);
  const code = await runProgram(['merge', folder, ...options.split(' ')], {
    terminal,
    engine: engineThat('met'),
    interrupts: noInterrupts,
    readPanel: () => undefined,
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
    readStandardInput: async () => new Uint8Array(),
    ...(isInstalled ? { loadParquetWriter: () => parquetBytes } : {}),
  });
  return { code, ...written };
}

function bytesOf(name: string): ArrayBuffer {
  return new Uint8Array(readFileSync(join(directory, name))).buffer;
}

describe('merge --format parquet', () => {
  test('writes one row for each tried design, which a reader gets back bit by bit', async () => {
    const { code, out } = await merge('--format parquet --out designs.parquet');
    expect(code).toBe(0);
    expect(out).toContain('designs.parquet is written: 3 designs.');
    const run = { npu: 'Chip', planHash: plan.hash, searchSeed: 7, toolVersion: version };
    const inputs = {
      'Chip.HBM.bandwidth': 1e9,
      'Chip.HBM.bandwidth (as written)': '1 GB/s',
      'Chip.array.dataflow': null,
      'Chip.array.dataflow (as written)': 'weight-stationary',
    };
    const stated = { statedInputs: 'Trace t.csv: its times are in s.' };
    const ends = {
      capacityLowRps: 1234.5,
      capacityHighRps: 1259.19,
      p99LatencyLowSeconds: 0.011,
      p99LatencyHighSeconds: null,
    };
    const ofRun = { seed: 42, designHash: 'fedcba9876543210' };
    expect(await parquetReadObjects({ file: bytesOf('designs.parquet') })).toEqual([
      {
        design: 0n,
        ...inputs,
        verdict: 'met',
        front: true,
        capacityRps: 1234.5,
        energyJoulesPerRequest: 1 / 3,
        p99LatencySeconds: 0.012,
        ...ends,
        caveats: 'trace-rows',
        ...stated,
        problem: null,
        ...run,
        ...ofRun,
      },
      {
        design: 2n,
        ...inputs,
        'Chip.HBM.bandwidth': 0.1 + 0.2,
        'Chip.HBM.bandwidth (as written)': '0.3 GB/s',
        verdict: 'violated',
        front: false,
        capacityRps: 5e-324,
        energyJoulesPerRequest: null,
        p99LatencySeconds: null,
        ...ends,
        caveats: '',
        ...stated,
        problem: null,
        ...run,
        ...ofRun,
      },
      {
        design: 3n,
        ...inputs,
        'Chip.HBM.bandwidth': 0.1 + 0.2,
        'Chip.HBM.bandwidth (as written)': '0.3 GB/s',
        'Chip.array.dataflow (as written)': 'output-stationary',
        verdict: 'unbuilt',
        front: false,
        capacityRps: null,
        energyJoulesPerRequest: null,
        p99LatencySeconds: null,
        capacityLowRps: null,
        capacityHighRps: null,
        p99LatencyLowSeconds: null,
        p99LatencyHighSeconds: null,
        seed: null,
        designHash: null,
        caveats: null,
        statedInputs: null,
        problem: 'no "chip"\nµ, 芯片',
        ...run,
      },
    ]);
  });

  test('states the types of the columns and the content of the table', async () => {
    await merge('--format parquet --out typed.parquet');
    const metadata = parquetMetadata(bytesOf('typed.parquet'));
    const types = parquetSchema(metadata).children.map(({ element }) => [
      element.name,
      element.converted_type ?? element.type,
    ]);
    expect(Object.fromEntries(types)).toMatchObject({
      design: 'INT64',
      // A column without a single number has the type of numbers too, so that files of several explorations agree.
      'Chip.array.dataflow': 'DOUBLE',
      verdict: 'UTF8',
      front: 'BOOLEAN',
      energyJoulesPerRequest: 'DOUBLE',
      problem: 'UTF8',
    });
    expect(metadata.created_by).toBe(`stimpack ${version}`);
    expect(metadata.key_value_metadata).toContainEqual({ key: 'stimpack.scenario', value: 'Rush' });
  });

  test('gives the same bytes for the same parts', async () => {
    await merge('--format parquet --out a.parquet');
    await merge('--format parquet --out b.parquet');
    expect(readFileSync(join(directory, 'a.parquet'))).toEqual(readFileSync(join(directory, 'b.parquet')));
  });

  test('gives an axis another name if a column has it', async () => {
    const [axis, other] = plan.axes;
    if (axis === undefined || other === undefined) throw new Error('the plan has two axes');
    await merge('--format parquet --out names.parquet', {
      ...part,
      plan: { ...plan, axes: [{ ...axis, path: 'verdict' }, other] },
    });
    const [row] = await parquetReadObjects({ file: bytesOf('names.parquet') });
    expect(row).toMatchObject({ verdict: 1e9, 'verdict (as written)': '1 GB/s', 'verdict (2)': 'met' });
  });

  test.each<[string, string, ResultPart, boolean, string]>([
    ['no file', '--format parquet', part, true, '--format parquet needs a file'],
    ['a file for text', '--out x.parquet', part, true, '--out needs --format parquet; the format is text'],
    ['no writer', '--format parquet --out x.parquet', part, false, 'does not contain the Parquet writer'],
    ['no folder', '--format parquet --out no/x.parquet', part, true, 'cannot write no/x.parquet'],
  ])('is refused with the reason and a way out: %s', async (_, options, given, isInstalled, expected) => {
    const { code, out, err } = await merge(options, given, isInstalled);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(expected);
  });
});
