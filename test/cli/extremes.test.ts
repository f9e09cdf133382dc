import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { plainLook } from '../../cli/terminal.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { noInterrupts } from './hand-made.ts';

/** The ends of the range of each property give finite results, or an error at a place. No output contains NaN or Infinity. */
const directory = mkdtempSync(join(tmpdir(), 'npu-extremes-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function run(
  text: string,
  command: readonly string[],
): Promise<{ readonly text: string; readonly code: number }> {
  writeFileSync(join(directory, 'x.npu'), text);
  let printed = '';
  const write = (part: string): void => {
    printed += part;
  };
  const look = { ...plainLook, plots: true, width: 100 };
  const terminal = { out: write, err: write, look, errorLook: plainLook, progress: null, directory };
  const engine = engineOn(createNodeSources(openLibrary(resolve('library'))));
  const code = await runProgram([...command], {
    terminal,
    engine,
    interrupts: noInterrupts,
    readPanel: () => undefined,
    readStandardInput: async () => new Uint8Array(),
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
  });
  return { text: printed, code };
}

/** The values of the design that a test replaces, and both ends of their ranges. */
const written = {
  clock: '1 GHz',
  rate: '256 operations/cycle',
  vmem: '2 MiB',
  vmemBandwidth: '2 TB/s',
  cmem: '8 MiB',
  cmemBandwidth: '1 TB/s',
  hbm: '4 GB',
  hbmBandwidth: '100 GB/s',
  quantizer: '128 elements/cycle',
  latency: '1 us',
  rows: '32',
  columns: '32',
  count: '1',
  mac: '0.6 pJ',
  byte: '7 pJ/B',
  static: '50 W',
  arrivals: 'poisson(1000 rps)',
  batch: '4',
  timeout: '1 ms',
  guard: '5 %',
  hold: '2 ms',
  limit: '15 ms',
  chips: '1',
  duration: '200 requests',
  outputs: '64',
};
type Key = keyof typeof written;

const ends: Readonly<Record<Key, readonly string[]>> = {
  clock: ['1 kHz', '1000 GHz', '5e-324 Hz', '1e-300 Hz', '1e308 Hz'],
  rate: ['0.001 operations/cycle', '1e9 operations/cycle', '1e-320 operations/cycle', '1e308 operations/cycle'],
  vmem: ['1 B', '1e18 B', '1e-310 B', '1e308 B'],
  vmemBandwidth: ['1 B/s', '1e18 B/s', '1e-310 B/s', '1e308 B/s'],
  cmem: ['1 B', '1e18 B', '1e-310 B', '1e308 B'],
  cmemBandwidth: ['1 B/s', '1e18 B/s', '1e-310 B/s', '1e308 B/s'],
  hbm: ['1 MB', '1e18 B', '1e-310 B', '1e308 B'],
  hbmBandwidth: ['1 B/s', '1e18 B/s', '1e-310 B/s', '1e308 B/s'],
  quantizer: ['0.001 elements/cycle', '1e9 elements/cycle', '1e-310 elements/cycle', 'unlimited'],
  latency: ['0 s', '1e9 s', '1e9 cycles', '1e-310 s', '1e308 s'],
  rows: ['1', '65536'],
  columns: ['1', '65536'],
  count: ['1', '65536'],
  mac: ['0 J', '1 J', '1e-310 J', '1e308 J'],
  byte: ['0 J/B', '1 J/B', '1e-310 J/B', '1e308 J/B'],
  static: ['0 W', '1e9 W', '1e-310 W', '1e308 W'],
  arrivals: [
    'poisson(1e-6 rps)',
    'poisson(1e12 rps)',
    'poisson(1e-310 rps)',
    'constant(1e-6 rps)',
    'constant(1e12 rps)',
    'bursty(low: 1e-6 rps, high: 1e12 rps)',
    'diurnal(rate: 1 rps, amplitude: 100 %, period: 1e9 s)',
    'diurnal(rate: 1e12 rps, amplitude: 100 %, period: 1e-12 s)',
    'loadgen(1e-6 rps)',
    'loadgen(1e12 rps)',
  ],
  batch: ['1', '4096'],
  timeout: ['0 s', '1e9 s', '1e-310 s', '1e308 s'],
  guard: ['0 %', '100 %'],
  hold: ['0 s', '1e9 s'],
  limit: ['1e-12 s', '1e9 s', '1e-310 s', '1e308 s'],
  chips: ['1', '64'],
  duration: ['1e-9 s', '1e-310 s', '1 requests', '2 requests'],
  outputs: ['1', '1000000', '2147483648', '1e300'],
};

function designWith(changed: Partial<Record<Key, string>>): string {
  const v = { ...written, ...changed };
  return `npu C {
  clock: ${v.clock}, array { rows: ${v.rows}, columns: ${v.columns}, count: ${v.count} }, vector { rate: ${v.rate} }
  VMEM { capacity: ${v.vmem}, bandwidth: ${v.vmemBandwidth} }, CMEM { capacity: ${v.cmem}, bandwidth: ${v.cmemBandwidth} }
  HBM { capacity: ${v.hbm}, bandwidth: ${v.hbmBandwidth} }
  mode base { precision: bf16 }, mode burst { precision: int8, packing: reduction }
  quantizer { rate: ${v.quantizer} }, switch { latency: ${v.latency} }
  energy { static: ${v.static}, HBM: ${v.byte}, mac { bf16: ${v.mac}, int8: ${v.mac} } }
}
model M { input: 64, layers { dense { outputs: ${v.outputs} }, relu, dense { outputs: 10 }, softmax }, accuracy { bf16: 76 %, int8: 75 % } }
scenario S {
  npu: C, chips: ${v.chips}, duration: ${v.duration}
  scheduler { burst: slack { guard: ${v.guard}, hold: ${v.hold} } }
  serve M { arrivals: ${v.arrivals}, batch { max: ${v.batch}, timeout: ${v.timeout} }, slo { p99 latency <= ${v.limit}, goodput >= 1 rps } }
}
`;
}

async function expectFinite(changed: Partial<Record<Key, string>>): Promise<void> {
  const text = designWith(changed);
  for (const command of [
    ['run', 'x.npu'],
    ['run', 'x.npu', '--format', 'json'],
    ['layers', 'x.npu', '--format', 'json'],
  ]) {
    const result = await run(text, command);
    expect(result.text, `${command.join(' ')} with ${JSON.stringify(changed)}`).not.toMatch(/\b(?:NaN|-?Infinity)/u);
    expect([0, 1, 2]).toContain(result.code);
    if (command.length > 2) {
      const nulls = /"(?:\w*Seconds|cycles|macs)": ?null/u.exec(result.text)?.[0];
      if (result.code !== 2 && changed.duration === undefined && command[0] === 'layers') expect(nulls).toBeUndefined();
    }
  }
}

describe('a value at the end of its range gives finite results or an error', () => {
  const single = Object.entries(ends).flatMap(([key, values]) => values.map((value) => [key, value] as const));
  it.each(single)('%s: %s', async (key, value) => expectFinite({ [key]: value }));

  // A seeded walk over combinations. Every third value is at one of its ends.
  const combinations = Array.from({ length: 40 }, (_, seed) => {
    let state = seed * 2654435761 + 12345;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const changed: Partial<Record<Key, string>> = {};
    for (const [key, values] of Object.entries(ends) as [Key, readonly string[]][]) {
      const value = values[next(values.length)];
      if (next(3) === 0 && key !== 'outputs' && value !== undefined && !/e-3|e30/u.test(value)) changed[key] = value;
    }
    return changed;
  });
  it.each(combinations.map((one) => [JSON.stringify(one), one] as const))('%s', async (_, changed) =>
    expectFinite({ ...changed, batch: '4' }),
  );
});
