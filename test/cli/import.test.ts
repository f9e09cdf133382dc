import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { plainLook } from '../../cli/terminal.ts';
import { createNodeSources } from '../../host/index.ts';
import { noInterrupts } from './hand-made.ts';

/** Foreign files through the whole program with its real engine: imported, read as .npu text, and priced. */
const directory = mkdtempSync(join(tmpdir(), 'npu-import-'));
afterAll(() => rmSync(directory, { recursive: true }));

const reference = resolve(import.meta.dirname, '../../../shared/reference');
const cyclesFile = join(reference, 'scale-sim/cycles.csv');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function stimpack(...args: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    look: plainLook,
    errorLook: plainLook,
    progress: null,
    directory,
  };
  const code = await runProgram(args, {
    terminal,
    engine: engineOn(createNodeSources()),
    interrupts: noInterrupts,
    readPanel: () => undefined,
    readStandardInput: async () => new Uint8Array(),
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
  });
  return { code, out, err };
}

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return name;
}

interface Row {
  readonly [column: string]: string;
}

function referenceRuns(): ReadonlyMap<string, readonly Row[]> {
  const [head = '', ...lines] = readFileSync(cyclesFile, 'utf8').trim().split(/\r?\n/);
  const columns = head.split(',');
  const runs = new Map<string, Row[]>();
  for (const line of lines) {
    const row = Object.fromEntries(line.split(',').map((cell, index) => [columns[index] ?? '', cell]));
    const key = `${row.network} ${row.dataflow} ${row.rows}x${row.cols}`.replaceAll(/\W+/g, '_');
    runs.set(key, [...(runs.get(key) ?? []), row]);
  }
  return runs;
}

const configOf = ({ rows = '32', cols = '32', dataflow = 'ws' }: Row): string => `[general]
run_name = scale_sim
[architecture_presets]
ArrayHeight:    ${rows}
ArrayWidth:     ${cols}
IfmapSramSzkB:  6144
FilterSramSzkB: 6144
OfmapSramSzkB:  2048
Bandwidth : 10
Dataflow : ${dataflow}
[run_presets]
InterfaceBandwidth: CALC
`;

const convolutions =
  'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n';
const convolutionColumns = ['layer', 'ifmap_h', 'ifmap_w', 'filter_h', 'filter_w', 'channels', 'filters', 'stride'];

/** The compute cycles and layer cycles of an imported file, as `layers --format csv` prints them. */
async function cyclesOf(...sources: readonly string[]): Promise<readonly (readonly [number, number])[]> {
  const imported = await stimpack('import', ...sources, '--out', 'design.npu');
  expect(imported).toMatchObject({ code: 0, err: '' });
  const { code, out } = await stimpack('layers', 'design.npu', '--format', 'json');
  expect(code).toBe(0);
  const document: { layers: readonly { computeCycles: number; cycles: number }[] } = JSON.parse(out);
  return document.layers.map((layer) => [layer.computeCycles, layer.cycles]);
}

describe.skipIf(!existsSync(cyclesFile))('SCALE-Sim v3, imported (needs ../shared/reference/scale-sim)', () => {
  test('every row of every network, array and dataflow has the same cycles', async () => {
    let rows = 0;
    for (const [name, run] of referenceRuns()) {
      const expected = run.map((row) => [Number(row.cycles), Number(row.cycles)]);
      const [first = {}] = run;
      // A configuration and a topology with the same name, as users have them.
      const config = write(`${name}.cfg`, configOf(first).replace('scale_sim', name));
      const lines = run.map((row) => `${convolutionColumns.map((column) => row[column]).join(',')},\n`);
      const topology = write(`${name}.csv`, convolutions + lines.join(''));
      expect(await cyclesOf(config, topology), name).toEqual(expected);
      rows += run.length;
      // The rows that were products before SCALE-Sim converted them to convolutions over one column, in the form of products.
      if (!run.every((row) => row.filter_h === '1' && row.filter_w === row.ifmap_w && row.channels === '1')) continue;
      const products = run.map((row) => `${row.layer},${row.ifmap_h},${row.filters},${row.ifmap_w},\n`);
      write(`${name}.csv`, `Layer,M,N,K,\n${products.join('')}`);
      expect(await cyclesOf(config, topology), `${name}, as products`).toEqual(expected);
    }
    expect(rows).toBe(403);
  });

  test('the bundle as a process: one network, three dataflows', () => {
    const cli = resolve('dist/cli.cjs');
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [cli, ...args], { cwd: directory, encoding: 'utf8' });
    for (const [name, rows] of referenceRuns()) {
      if (!/^Resnet18_.._32x32$/.test(name)) continue;
      write('shipped.cfg', configOf(rows[0] ?? {}));
      const lines = rows.map((row) => `${convolutionColumns.map((column) => row[column]).join(',')},\n`);
      write('shipped.csv', convolutions + lines.join(''));
      expect(run('import', 'shipped.cfg', 'shipped.csv', '-o', 'shipped.npu').status).toBe(0);
      const [head = '', ...printed] = run('layers', 'shipped.npu', '--format', 'csv').stdout.trim().split('\n');
      const at = head.split(',').indexOf('cycles');
      expect(printed.map((line) => line.split(',')[at])).toEqual(rows.map((row) => row.cycles));
    }
  });
});

describe('SCALE-Sim files of users', () => {
  const config = () => write('chip.cfg', configOf({}));
  // 32 x 32, weight-stationary, exposed: ceil(Sr / 32) ceil(Sc / 32) folds of 2 * 32 + 32 + T - 2 cycles (SCALE-Sim).
  const exposed = (sr: number, sc: number, t: number) => Math.ceil(sr / 32) * Math.ceil(sc / 32) * (94 + t);

  test('a depthwise row computes its channels one after the other', async () => {
    const topology = write('dw.csv', `${convolutions}DP_conv2,114,114,3,3,32,1,1,\n`);
    expect((await cyclesOf(config(), topology)).map(([compute]) => compute)).toEqual([32 * exposed(9, 1, 112 * 112)]);
  });

  test.each([
    ['no comma at the end', `${convolutions}a,14,14,3,3,64,96,1\n`, 'shop.csv:2:1', 'scale-sim-trailing-comma'],
    ['a byte order mark', `\ufeff${convolutions}a,14,14,3,3,64,96,1,\n`, 'shop.csv:1:1', 'scale-sim-byte-order-mark'],
    [
      'further columns',
      `${convolutions.trim()} Batch,\na,14,14,3,3,64,96,1,8,\n`,
      'shop.csv:2:21',
      'scale-sim-extra-columns',
    ],
  ])('%s: a warning at its place, and the same cycles', async (_, text, place, code) => {
    const imported = await stimpack('import', config(), write('shop.csv', text), '-o', 'shop.npu');
    expect(imported.code).toBe(0);
    expect(imported.err).toContain(`warning[${code}]`);
    expect(imported.err).toContain(`--> ${place}\n`);
    const { out } = await stimpack('layers', 'shop.npu', '--format', 'json');
    expect(JSON.parse(out).layers[0].cycles).toBe(exposed(576, 96, 144));
  });

  test.each([
    ['a word for a number', `${convolutions}a,14,x,3,3,64,96,1,\n`, 'junk.csv:2:6'],
    ['after a byte order mark', `\ufeff${convolutions}a,14,x,3,3,64,96,1,\n`, 'junk.csv:2:6'],
    ['a filter larger than its input', `${convolutions}a,2,2,3,3,64,96,1,\n`, 'junk.csv:2:7'],
    ['a row with too few columns', `${convolutions}ok,14,14,3,3,64,96,1,\na,14,14,\n`, 'junk.csv:3:9'],
    ['nothing that is a layer', '\u0000\u0001garbage', 'junk.csv:1:1'],
    ['a word for the array', configOf({ rows: 'many' }), 'junk.cfg:4:17'],
    ['an unknown dataflow', configOf({ dataflow: 'zz' }), 'junk.cfg:10:12'],
  ])('%s: an error with file, line and column, and no output file', async (_, text, place) => {
    const name = write(place.slice(0, place.indexOf(':')), text);
    const { code, err } = await stimpack('import', name, '--out', 'junk.npu');
    expect(code).toBe(2);
    expect(err).toContain('error[scale-sim-');
    expect(err).toContain(`--> ${place}\n`);
    expect(existsSync(join(directory, 'junk.npu'))).toBe(false);
  });
});

const graphs = [
  ['light_resnet50', 4.0892e9, 25.56e6],
  ['light_bvlc_alexnet', 0.6546e9, 60.965e6],
  ['light_squeezenet', 0.3492e9, 1.2355e6],
  ['light_shufflenet', 0.1247e9, undefined],
] as const;

const chip = `npu Chip {
  array { rows: 128, columns: 128 }
  vector { rate: 2048 operations/cycle }
  clock: 1 GHz
  VMEM { capacity: 16 MiB, bandwidth: 25 TB/s }
  HBM { capacity: 8 GB, bandwidth: 614 GB/s }
  mode base { precision: bf16 }
}
`;

describe('ONNX graphs, imported and by name (needs ../shared/reference/onnx)', () => {
  for (const [name, macs, parameters] of graphs) {
    const file = join(reference, `onnx/${name}.onnx`);
    test.skipIf(!existsSync(file))(
      `${name}: counts within 0.5 % of the published ones, the same both ways`,
      async () => {
        copyFileSync(file, join(directory, `${name}.onnx`));
        expect(await stimpack('import', `${name}.onnx`, '-o', 'net.npu')).toMatchObject({ code: 0, err: '' });
        write('a.npu', `import "./net.npu"\n${chip}`);
        write('b.npu', `model Net from "${name}.onnx"\n${chip}`);
        const [written, read] = await Promise.all(
          ['a.npu', 'b.npu'].map(async (design) => {
            const { code, out, err } = await stimpack('layers', design, '--format', 'json');
            expect([code, err]).toEqual([0, '']);
            return JSON.parse(out);
          }),
        );
        expect(Math.abs(read.macs / macs - 1)).toBeLessThan(0.005);
        if (parameters !== undefined) expect(Math.abs(read.parameters / parameters - 1)).toBeLessThan(0.005);
        expect([written.macs, written.parameters, written.cycles]).toEqual([read.macs, read.parameters, read.cycles]);
      },
    );
  }
});
