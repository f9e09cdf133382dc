import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/*
 * pandas and DuckDB read the three formats of an exploration. Both are installed from PyPI into a temporary folder, so this file runs in
 * `npm run test:nightly`.
 */
const directory = mkdtempSync(join(tmpdir(), 'npu-tables-'));
const stimpack = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [resolve('dist/cli.cjs'), ...args], { cwd: directory, encoding: 'utf8' });
let absent: string | undefined;
/** For each reader and format: one list of all values of the row of each design, in the order of the columns below. */
let tables: Readonly<Record<string, readonly (readonly (string | number | boolean | null)[])[]>> = {};

const columns = [
  'design',
  'Chip.HBM.bandwidth',
  'Chip.HBM.bandwidth (as written)',
  'verdict',
  'p99LatencySeconds',
  'p99LatencyLowSeconds',
  'p99LatencyHighSeconds',
  'throughputRps',
  'energyJoulesPerRequest',
  'seed',
  'designHash',
] as const;

const reader = `
import glob, json, sys
import duckdb, pandas
columns = json.loads(sys.argv[1])
rows = glob.glob("parts/*.jsonl")[0]
frames = {
    "pandas CSV": pandas.read_csv("designs.csv", float_precision="round_trip"),
    "pandas JSON lines": pandas.read_json(rows, lines=True, precise_float=True),
    "pandas Parquet": pandas.read_parquet("designs.parquet"),
    "DuckDB CSV": duckdb.sql("from read_csv('designs.csv')").df(),
    "DuckDB JSON lines": duckdb.sql(f"from read_json('{rows}', format='newline_delimited')").df(),
    "DuckDB Parquet": duckdb.sql("from 'designs.parquet'").df(),
}
found = {}
for name, frame in frames.items():
    # The first and the last line of a results file are no designs.
    table = frame[frame["design"].notna()][columns].sort_values("design")
    plain = lambda value: None if pandas.isna(value) else getattr(value, "item", lambda: value)()
    found[name] = [[plain(value) for value in row] for row in table.itertuples(index=False)]
print(json.dumps(found))
`;

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

function install(): string | undefined {
  if (process.env.STIMPACK_SERIES !== 'nightly') return 'It runs in npm run test:nightly.';
  const python = join(directory, 'venv/bin/python');
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', 'venv'],
    [python, '-m', 'pip', 'install', '--quiet', 'pandas', 'pyarrow', 'duckdb'],
  ] as const) {
    const { status, stderr } = spawnSync(command, args, { cwd: directory, encoding: 'utf8' });
    if (status !== 0) return `${command} ${args.join(' ')} failed: ${(stderr ?? '').trim().split('\n').at(-1)}`;
  }
  return undefined;
}

beforeAll(() => {
  absent = install();
  if (absent !== undefined) return;
  writeFileSync(join(directory, 'sizing.npu'), design);
  stimpack('explore', 'sizing.npu', '--out', 'parts');
  writeFileSync(join(directory, 'designs.csv'), stimpack('merge', 'parts', '--format', 'csv'));
  stimpack('merge', 'parts', '--format', 'parquet', '--out', 'designs.parquet');
  const python = join(directory, 'venv/bin/python');
  const read = execFileSync(python, ['-c', reader, JSON.stringify(columns)], { cwd: directory, encoding: 'utf8' });
  tables = JSON.parse(read);
}, 600_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

for (const name of [
  'pandas CSV',
  'pandas JSON lines',
  'pandas Parquet',
  'DuckDB CSV',
  'DuckDB JSON lines',
  'DuckDB Parquet',
]) {
  test(`${name} gives one row of numbers for each design`, ({ skip }) => {
    if (absent !== undefined) skip(absent);
    const { designs } = JSON.parse(stimpack('explore', 'sizing.npu', '--format', 'json'));
    const expected = designs.map((each: Record<string, number | string | null>, at: number) =>
      columns.map((column) => {
        if (column === 'Chip.HBM.bandwidth') return (at + 1) * 1e11;
        if (column === 'Chip.HBM.bandwidth (as written)') return `${(at + 1) * 100} GB/s`;
        return each[column];
      }),
    );
    expect(tables[name]).toEqual(expected);
  });
}
