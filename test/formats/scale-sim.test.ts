import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../design/index.ts';
import { readScaleSimConfig, readScaleSimTopology } from '../../formats/index.ts';
import { costModel } from '../../simulator/hardware/index.ts';
import { describeWithReference, readReference } from './reference.ts';
import { sketch } from './sketch.ts';

const uri = 'file:///w/alexnet_part.csv';
const header = 'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n';

/** `severity line:column text-of-the-range: message`, so that a table shows the place of each diagnostic. */
function located(file: string, each: Diagnostic): string {
  const text = file.replace(/^\ufeff/, '');
  const before = text.slice(0, each.origin.start).split(/\r\n|\r|\n/);
  const at = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return `${each.severity} ${at} [${text.slice(each.origin.start, each.origin.end)}] ${each.message}`;
}

function check(text: string, layers: readonly string[], diagnostics: readonly string[] = []): void {
  const { value, diagnostics: found } = readScaleSimTopology(text, uri);
  expect(found.map((each) => located(text, each))).toEqual(diagnostics.map((each) => expect.stringContaining(each)));
  expect(sketch(value)).toEqual(layers);
}

describe('SCALE-Sim topology', () => {
  const cases: readonly (readonly [string, string, readonly string[], (readonly string[])?])[] = [
    [
      'convolutions, each with its own input',
      `${header}Conv1     ,224         ,224        ,11           ,11          ,3       ,96        ,4      ,\nConv2,27,27,5,5,96,256,1,\n`,
      ['Conv1: conv [-1] 224x224x3 -> 55x55x96', 'Conv2: conv [-1] 27x27x96 -> 23x23x256'],
    ],
    [
      'a window that is partly outside is counted',
      `${header}a,224,224,3,3,3,32,2,\n`,
      ['a: conv [-1] 224x224x3 -> 112x112x32'],
    ],
    [
      'carriage returns, blank lines, no newline at the end',
      `${header.trim()}\r\n\r\na,5,5,3,3,1,2,1,\r\nb,5,5,3,3,1,2,1,`,
      ['a: conv [-1] 5x5x1 -> 3x3x2', 'b: conv [-1] 5x5x1 -> 3x3x2'],
    ],
    ['products', 'Layer, M, N, K,\nTest 1, 256, 128, 64,\n', ['Test 1: dense [-1] 256x64 -> 256x128']],
    [
      'products with their sparsity column',
      'Layer, M, N, K, Sparsity,\na, 2, 3, 4, 1:1,\n',
      ['a: dense [-1] 2x4 -> 2x3'],
    ],
    [
      'a depthwise row is one layer per channel',
      `${header}DP_conv2,8,8,3,3,32,1,1,\n`,
      ['DP_conv2: conv [-1] 8x8x32 -> 6x6x32'],
    ],
    ['a comment after the last comma', `${header}dw,8,8,3,3,1,1,1,#dw\n`, ['dw: conv [-1] 8x8x1 -> 6x6x1']],
    [
      'the same name twice',
      'Layer,M,N,K,\na,2,3,4,\na,2,3,4,\n',
      ['a: dense [-1] 2x4 -> 2x3', 'a_2: dense [-1] 2x4 -> 2x3'],
    ],
    [
      'missing commas are reported once',
      'Layer,M,N,K,\na,2,3,4\nb,2,3,4\n',
      ['a: dense [-1] 2x4 -> 2x3', 'b: dense [-1] 2x4 -> 2x3'],
      ['warning 2:1 [a,2,3,4] The comma at the end of this row and 1 more is missing'],
    ],
    [
      'a byte order mark',
      `\ufeff${header}a,5,5,3,3,1,2,1,\n`,
      ['a: conv [-1] 5x5x1 -> 3x3x2'],
      ['warning 1:1 [] The file starts with a byte order mark'],
    ],
    [
      'a place after a byte order mark is counted as in an editor',
      `\ufeff${header}a,5,five,3,3,1,2,1,\n`,
      [],
      ['warning 1:1 [] The file starts', 'error 2:5 [five] ifmap width must be'],
    ],
    [
      'extra columns are reported once',
      `${header.trim()}batch size, note,\na,5,5,3,3,1,2,1,16,x,\nb,5,5,3,3,1,2,1,16,x,\n`,
      ['a: conv [-1] 5x5x1 -> 3x3x2', 'b: conv [-1] 5x5x1 -> 3x3x2'],
      ['warning 2:17 [16] Columns after the stride are ignored'],
    ],
    [
      'sparsity',
      `${header}a,5,5,3,3,1,2,1,2:4,\n`,
      ['a: conv [-1] 5x5x1 -> 3x3x2'],
      ['warning 2:17 [2:4] The sparsity of this row is ignored'],
    ],
    [
      'no header',
      'a,5,5,3,3,1,2,1,\n',
      ['a: conv [-1] 5x5x1 -> 3x3x2'],
      ['warning 1:1 [a,5,5,3,3,1,2,1,] The first line is a layer'],
    ],
    [
      'an invalid value is reported at its place, and the rest is read',
      `${header}a,5,five,3,3,1,2,1,\nb,5,5,0,3,1,2,1,\nc,5,5,9,3,1,2,1,\nd,5,5,3,3,\ne,5,5,3,3,1,2,1,\nf,2147483648,5,3,3,1,2,1,\n`,
      ['e: conv [-1] 5x5x1 -> 3x3x2'],
      [
        'error 2:5 [five] ifmap width must be a whole number, 1 or greater.',
        'error 3:7 [0] filter height must be a whole number, 1 or greater.',
        'error 4:7 [9] The filter height 9 is larger than the ifmap height 5',
        'error 5:11 [] This row has no channels',
        'error 7:3 [2147483648] ifmap height must be a whole number from 1 to 2147483647',
      ],
    ],
    [
      'captions and empty rows of a spreadsheet',
      `${header}Encoder,,,,,,,,\n,,,,,,,,\na,5,5,3,3,1,2,1,\n`,
      ['a: conv [-1] 5x5x1 -> 3x3x2'],
      ['warning 2:1 [Encoder] This row has a name and no numbers. It is skipped.'],
    ],
    [
      'too large',
      'Layer,M,N,K,\na,99999999999999999999,1,1,\n',
      [],
      ['error 2:3 [99999999999999999999] M must be a whole number from 1 to 2147483647'],
    ],
    ['no layers', header, [], ['error 1:1 [] The file has no layers']],
    ['nothing', '', [], ['error 1:1 [] The file has no layers']],
  ];
  for (const [name, text, layers, diagnostics] of cases) test(name, () => check(text, layers, diagnostics));

  test('the network gets the name of its file', () => {
    expect(readScaleSimTopology('L,M,N,K,\na,1,2,3,\n', uri).value?.name).toBe('alexnet_part');
    expect(readScaleSimTopology('L,M,N,K,\na,1,2,3,\n', 'C:\\w\\4k net.csv').value?.name).toBe('Network_4k_net');
  });

  test('any text: the reader does not throw, and an empty result has an error', () => {
    const cell = fc.oneof(
      fc.integer({ min: -5, max: 300 }).map(String),
      fc.string({ maxLength: 6 }),
      fc.constantFrom('', 'DP', '1:2'),
    );
    const texts = fc.oneof(
      fc.array(fc.array(cell, { maxLength: 12 }).map((row) => row.join(','))).map((rows) => rows.join('\n')),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { value, diagnostics } = readScaleSimTopology(text, uri);
        if (value === undefined) expect(diagnostics.some((each) => each.severity === 'error')).toBe(true);
        for (const each of diagnostics) expect(each.origin.end).toBeLessThanOrEqual(text.length);
        readScaleSimConfig(text, uri);
      }),
      { numRuns: 1000 },
    );
  });
});

/** A configuration with the parts that matter here. */
function config(parts: Readonly<Record<string, string>> = {}): string {
  const { rows = '32', columns = '32', dataflow = 'ws', mode = 'CALC', bandwidth = '10', sram = '64' } = parts;
  return `[general]
run_name = "scale example 32x32"

[architecture_presets]
ArrayHeight:    ${rows}
ArrayWidth:     ${columns}
IfmapSramSzkB:    ${sram}
FilterSramSzkB:   64
OfmapSramSzkB:    64
IfmapOffset:    0
Bandwidth : ${bandwidth}
Dataflow : ${dataflow}

[run_presets]
InterfaceBandwidth: ${mode}
`;
}

describe('SCALE-Sim configuration', () => {
  test('array, dataflow and scratchpads are read', () => {
    const { value, diagnostics } = readScaleSimConfig(config({ rows: '12', columns: '14', dataflow: 'os' }), uri);
    expect(diagnostics).toEqual([]);
    expect(value?.npu).toMatchObject({
      name: 'scale_example_32x32',
      array: { rows: 12, columns: 14, count: 1, dataflow: 'output-stationary', preload: 'exposed' },
      vmem: { capacityBytes: 192 * 1024 },
      cmem: null,
      burst: null,
      base: { precision: 'int8' },
    });
    expect(value?.assumptions.join(' ')).toContain('1 GHz is our assumption');
  });

  test('USER states the bandwidth, and CALC leaves it open', () => {
    const stated = readScaleSimConfig(config({ mode: 'USER', bandwidth: '20' }), uri).value?.npu.hbm;
    const open = readScaleSimConfig(config(), uri).value?.npu.hbm;
    // The inputs have 10 + 10 words, the default of v3 if [layout] states none, and the outputs have 20, at 1 GHz.
    expect(stated?.bandwidthBytesPerSecond).toBe(40e9);
    expect(open?.bandwidthBytesPerSecond).toBe(1e18);
  });

  const wrong: readonly (readonly [string, string, readonly string[]])[] = [
    ['number', config({ rows: 'many' }), ['error 5:17 [many] ArrayHeight must be a whole number, 1 or greater.']],
    ['dataflow', config({ dataflow: 'rs' }), ['error 12:12 [rs] Dataflow must be ws, os or is']],
    ['interface', config({ mode: 'GUESS' }), ['error 15:21 [GUESS] InterfaceBandwidth must be CALC or USER']],
    [
      'bandwidth',
      config({ mode: 'USER', bandwidth: '1, x' }),
      ['error 11:13 [1, x] Bandwidth is in words per cycle. Each value must be a whole number, 1 or greater.'],
    ],
    ['line', `${config()}what\n`, ["error 16:1 [what] This line cannot be read. Expected 'key: value'."]],
    [
      'nothing',
      '',
      [
        'error 1:1 [] [architecture_presets] has no ArrayHeight',
        'ArrayWidth',
        'IfmapSramSzkB',
        'FilterSramSzkB',
        'OfmapSramSzkB',
        'Dataflow',
      ],
    ],
  ];
  test.each(wrong)('an invalid value is reported at its place: %s', (_, text, expected) => {
    const { diagnostics } = readScaleSimConfig(text, uri);
    expect(diagnostics.map((each) => located(text, each))).toEqual(
      expected.map((each) => expect.stringContaining(each)),
    );
  });
});

interface ReferenceRow {
  readonly [column: string]: string;
}

function referenceRows(): readonly ReferenceRow[] {
  const [head = '', ...lines] = new TextDecoder().decode(readReference('scale-sim/cycles.csv')).trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index] ?? '', cell])));
}

describeWithReference('cycles of SCALE-Sim v3', ['scale-sim/cycles.csv'], () => {
  /** The files as a user would have them: one configuration and one topology for each network, array and dataflow. */
  const runs = new Map<string, ReferenceRow[]>();
  for (const row of referenceRows()) {
    const key = `${row.network} ${row.dataflow} ${row.rows}x${row.cols}`;
    runs.set(key, [...(runs.get(key) ?? []), row]);
  }

  function cyclesOf(rows: readonly ReferenceRow[], topology: string): number[] {
    const [row] = rows;
    const text = config({ rows: row?.rows ?? '', columns: row?.cols ?? '', dataflow: row?.dataflow ?? '' });
    const npu = readScaleSimConfig(text, uri);
    const model = readScaleSimTopology(topology, uri);
    expect([...npu.diagnostics, ...model.diagnostics]).toEqual([]);
    if (npu.value === undefined || model.value === undefined) return [];
    const { layers } = costModel(npu.value.npu, model.value, 'base', 1);
    // Memory that gives the requested bandwidth adds no time.
    for (const layer of layers) expect(layer.cycles, layer.layer).toBe(layer.computeCycles);
    return layers.map((layer) => layer.computeCycles);
  }

  test.each([...runs.keys()])('%s', (key) => {
    const rows = runs.get(key) ?? [];
    const expected = rows.map((row) => Number(row.cycles));
    const cells = (row: ReferenceRow) =>
      ['layer', 'ifmap_h', 'ifmap_w', 'filter_h', 'filter_w', 'channels', 'filters', 'stride'].map(
        (column) => row[column],
      );
    expect(cyclesOf(rows, header + rows.map((row) => `${cells(row).join(',')},\n`).join(''))).toEqual(expected);
    // These rows were products before SCALE-Sim converted them to convolutions over one column.
    const isProduct = (row: ReferenceRow) =>
      row.filter_h === '1' && row.filter_w === row.ifmap_w && row.channels === '1';
    if (!rows.every(isProduct)) return;
    const products = rows.map((row) => `${row.layer},${row.ifmap_h},${row.filters},${row.ifmap_w},\n`);
    expect(cyclesOf(rows, `Layer,M,N,K,\n${products.join('')}`)).toEqual(expected);
  });
});
