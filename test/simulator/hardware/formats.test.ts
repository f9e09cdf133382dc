import { describe, expect, test } from 'vitest';
import {
  accuracyKeyOf,
  bytesPerElement,
  type Model,
  modeText,
  type Npu,
  type OperatingMode,
  type Precision,
  precisions,
  type ScaleBlock,
  type Scenario,
  storedAs,
} from '../../../design/index.ts';
import { buildServiceTable, costModel, memoryDemand, productCycles } from '../../../simulator/hardware/index.ts';
import { cellIndex } from '../../../simulator/service-table.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/** One layer of M x K times K x N without a bias. */
function dense(m: number, k: number, n: number, quantization: Model['quantization'] = 'static'): Model {
  const net = new ModelBuilder('dense', [m, k], quantization);
  net.dense(n, { bias: false });
  return net.build();
}

/** Four heads of 64 that attend to `context` keys, of which all but the rows of this step are cached. */
function attention(rows: number, context: number): Model {
  const net = new ModelBuilder('attention', [rows, 256]);
  net.add(
    {
      kind: 'attention',
      heads: 4,
      keyValueHeads: 4,
      headSize: 64,
      contextLength: context,
      causal: false,
      bias: false,
    },
    [rows, 256],
  );
  return net.build();
}

const wide: OperatingMode = { precision: 'bf16', packing: 'none' };
const groups = (elements: number, bits = 16): ScaleBlock => ({ elements, bits });
const w4a16: OperatingMode = { ...wide, weights: { format: 'int4', scale: groups(128) } };

function chip(base: OperatingMode, burst: OperatingMode | null = null, parts: Partial<Npu> = {}): Npu {
  return { ...stimpack, base, burst, ...parts };
}

/** Without CMEM, so that all weights come from HBM, which is slower than the load of the arrays (512 elements per cycle). */
const streaming = { cmem: null, hbm: { capacityBytes: 8e9, bandwidthBytesPerSecond: 100e9 } } as const;

describe('bytes of the weights of a 4096 x 4096 layer', () => {
  const elements = 4096 * 4096;
  const cases: readonly (readonly [string, OperatingMode, number])[] = [
    ['fp32', { precision: 'fp32', packing: 'none' }, 4 * elements],
    ['bf16', wide, 2 * elements],
    ['fp16', { precision: 'fp16', packing: 'none' }, 2 * elements],
    ['int16', { precision: 'int16', packing: 'none' }, 2 * elements],
    ['fp8', { precision: 'fp8', packing: 'none' }, elements],
    ['fp8-e5m2', { precision: 'fp8-e5m2', packing: 'none' }, elements],
    ['int8', { precision: 'int8', packing: 'none' }, elements],
    ['int4 with scales for each output', { precision: 'int4', packing: 'none' }, elements / 2],
    ['fp4', { precision: 'fp4', packing: 'none' }, elements / 2],
    // 8,388,608 B of elements, and 131,072 groups with 2 B of scale each.
    ['int4 in groups of 128', w4a16, 8_388_608 + 262_144],
    // And half a byte of zero point.
    ['int4 with zero points', { ...wide, weights: { format: 'int4', scale: groups(128, 20) } }, 8_388_608 + 327_680],
    ['int8 in groups of 32', { ...wide, weights: { format: 'int8', scale: groups(32) } }, elements + 1_048_576],
    // 524,288 blocks of 32 with 1 B of scale each.
    ['mxfp8', { precision: 'mxfp8', packing: 'none' }, elements + 524_288],
    ['mxfp6', { precision: 'mxfp6', packing: 'none' }, 12_582_912 + 524_288],
    ['mxfp4', { precision: 'mxfp4', packing: 'none' }, 8_388_608 + 524_288],
  ];
  for (const [name, mode, bytes] of cases) {
    test(name, () => {
      const layer = costModel(chip(mode, null, streaming), dense(1, 4096, 4096), 'base', 1).layers[0];
      expect(layer?.weightBytes).toBe(bytes);
    });
  }

  test('the last group of an output is shorter, with a whole scale', () => {
    // K = 147: groups of 128 and 19, each with 2 B, for 64 outputs.
    const layer = costModel(chip(w4a16, null, streaming), dense(1, 147, 64), 'base', 1).layers[0];
    expect(layer?.weightBytes).toBe((147 * 64) / 2 + 64 * 2 * 2);
  });

  test('tables and biases stay in the format of the arrays', () => {
    const net = new ModelBuilder('table', [4]);
    net.add({ kind: 'embedding', rows: 1000, width: 64, lookups: 4, pooled: false }, [4, 64]);
    net.dense(10);
    const [table, layer] = costModel(chip(w4a16, null, streaming), net.build(), 'base', 1).layers;
    expect(table?.weightBytes).toBe(1000 * 64 * 2);
    expect(layer?.weightBytes).toBe((64 * 10) / 2 + 10 * 2 + 10 * 2);
  });

  test('each format has a whole number of bits for each element and at most one scale', () => {
    const bits = Object.fromEntries(precisions.map((name) => [name, 8 * bytesPerElement(storedAs(name))]));
    expect(bits).toEqual({
      fp32: 32,
      bf16: 16,
      fp16: 16,
      int16: 16,
      fp8: 8,
      'fp8-e5m2': 8,
      int8: 8,
      fp4: 4,
      int4: 4,
      mxfp8: 8.25,
      mxfp6: 6.25,
      mxfp4: 4.25,
    } satisfies Record<Precision, number>);
  });
});

describe('arithmetic and storage are separate', () => {
  const shapes = [
    [1, 4096, 4096],
    [64, 4096, 11008],
    [512, 147, 64],
    [4096, 1024, 1024],
  ] as const;

  test('narrow weights need the array time of 16-bit arithmetic, and never more time in total', () => {
    for (const [m, k, n] of shapes) {
      const wideCost = costModel(chip(wide, null, streaming), dense(m, k, n), 'base', 1);
      for (const format of ['int8', 'int4', 'mxfp6'] as const) {
        const mode = { ...wide, weights: storedAs(format) };
        const narrow = costModel(chip(mode, null, streaming), dense(m, k, n), 'base', 1);
        expect(narrow.layers[0]?.computeCycles).toBe(wideCost.layers[0]?.computeCycles);
        expect(narrow.seconds).toBeLessThanOrEqual(wideCost.seconds);
      }
    }
  });

  test('a layer that waits for its weights is faster by the ratio of their bytes', () => {
    // One row: 33.6 MB of weights against 8 kB of activations. 16 bits against 4.125.
    const wideCost = costModel(chip(wide, null, streaming), dense(1, 4096, 4096), 'base', 1);
    const narrow = costModel(chip(w4a16, null, streaming), dense(1, 4096, 4096), 'base', 1);
    expect(narrow.layers[0]?.bound).toBe('hbm');
    expect(wideCost.seconds / narrow.seconds).toBeCloseTo(16 / 4.125, 1);
  });

  test('fewer bits of one operand are never slower', () => {
    const order = ['fp32', 'bf16', 'mxfp8', 'int8', 'mxfp6', 'mxfp4', 'int4'] as const;
    const models = [...shapes.map(([m, k, n]) => dense(m, k, n)), attention(4, 512)];
    for (const operand of ['weights', 'activations', 'cachedKeys'] as const) {
      for (const parts of [streaming, {}]) {
        for (const model of models) {
          const seconds = order.map(
            (format) =>
              costModel(chip({ ...wide, [operand]: storedAs(format) }, null, parts), model, 'base', 1).seconds,
          );
          for (let at = 1; at < seconds.length; at++)
            expect(seconds[at], `${operand} ${order[at]}`).toBeLessThanOrEqual((seconds[at - 1] ?? 0) * (1 + 1e-4));
        }
      }
    }
  });

  test('cached keys and values have their own format', () => {
    const bytes = (mode: OperatingMode) =>
      costModel(chip(mode, null, streaming), attention(1, 513), 'base', 1).layers[0]?.hbmBytes ?? 0;
    // 512 cached keys and as many values of 256 elements: one byte less for each.
    expect(bytes(wide) - bytes({ ...wide, cachedKeys: storedAs('int8') })).toBe(2 * 512 * 256);
    expect(bytes(wide) - bytes({ ...wide, cachedKeys: storedAs('mxfp4') })).toBeCloseTo(2 * 512 * 256 * 1.46875, 6);
  });

  test('partial sums that are spilled have the bytes of the accumulators', () => {
    const vmem = { capacityBytes: 192 * 1024, bandwidthBytesPerSecond: 13.5e12 };
    const bytes = (mode: OperatingMode) =>
      costModel(chip(mode, null, { ...streaming, vmem }), dense(2048, 4096, 2048), 'base', 1).layers[0]?.hbmBytes ?? 0;
    expect(bytes({ ...wide, accumulation: 'fp16' })).toBeLessThan(bytes(wide));
    expect(bytes({ ...wide, accumulation: 'fp32' })).toBe(bytes(wide));
  });
});

describe('packing', () => {
  const array = { rows: 128, columns: 128, dataflow: 'weight-stationary', preload: 'hidden', issue: null } as const;
  const product = {
    m: 4096,
    k: 4096,
    parts: 1,
    n: 4096,
    groups: 1,
    repeats: 1,
    runLength: 4096,
    weights: true,
  } as const;

  test.each([
    ['none', 1, 1],
    ['reduction', 2, 2],
    ['reduction', 4, 4],
    ['columns', 2, 2],
    ['columns', 4, 4],
  ] as const)('%s with %i products of one element divides the folds', (packing, products, factor) => {
    // 32 x 32 folds of 4096 rows, the first load of 128, and 254 of skew.
    expect(productCycles(product, array, packing, products)).toBe((1024 / factor) * 4096 + 128 + 254);
  });

  test('output-stationary arrays divide the reduction', () => {
    const stationary = { ...array, dataflow: 'output-stationary' } as const;
    expect(productCycles({ ...product, k: 4098 }, stationary, 'reduction', 4)).toBe(
      (1024 - 1) * Math.max(1025, 128) + 1025 + 254,
    );
  });

  test('four products in each element quadruple the peak, and the explanation names folds that prevent it', () => {
    const four: OperatingMode = { precision: 'int4', packing: 'reduction', packedProducts: 4 };
    const gainOf = (k: number) => costModel(chip(wide, four), dense(8192, k, 1024), 'burst', 1).layers[0]?.gain;
    expect(gainOf(16384)?.factor).toBeGreaterThan(3.9);
    const short = gainOf(256);
    expect(short?.factor).toBeLessThan(2.2);
    expect(short?.limit).toBe('folds');
    expect(short?.reason).toContain('2 folds of 128 rows, and still 1 of 512');
  });
});

describe('two formats as base and burst', () => {
  const narrow = (precision: Precision): OperatingMode => ({ precision, packing: 'reduction' });
  const pairs: readonly (readonly [string, OperatingMode, OperatingMode])[] = [
    ['bf16, int8', wide, narrow('int8')],
    ['fp16, fp8', { precision: 'fp16', packing: 'none' }, narrow('fp8')],
    ['int8, int4', { precision: 'int8', packing: 'none' }, narrow('int4')],
    ['bf16, w4a16', wide, w4a16],
    ['fp8, mxfp4', { precision: 'fp8', packing: 'none' }, narrow('mxfp4')],
  ];

  test.each(pairs)('%s: a layer that waits for weights is faster by their bytes', (_, base, burst) => {
    const npu = chip(base, burst, streaming);
    const time = (mode: 'base' | 'burst') => costModel(npu, dense(1, 4096, 4096), mode, 1);
    const ratio = (time('base').layers[0]?.weightBytes ?? 0) / (time('burst').layers[0]?.weightBytes ?? 1);
    expect(ratio).toBeGreaterThan(1.8);
    expect(time('base').seconds / time('burst').seconds).toBeCloseTo(ratio, 1);
  });

  test('the unit converts weights whose stored formats differ, and reads and writes the bytes of both formats', () => {
    const energy = {
      macJoules: { bf16: 0 },
      vectorOperationJoules: 0,
      vmemJoulesPerByte: 0,
      cmemJoulesPerByte: 1,
      hbmJoulesPerByte: 0,
      quantizeJoulesPerElement: 0,
      staticWatts: 0,
    };
    const quantizer = { source: 'on-chip', elementsPerCycle: 4096 } as const;
    const { hbm } = streaming;
    const table = buildServiceTable(chip(wide, w4a16, { energy, quantizer, hbm }), dense(1, 4096, 4096), 1);
    const joules = (state: 'resident' | 'convert') => table.joules?.[cellIndex(0, 'burst', state)] ?? 0;
    expect(joules('convert') - joules('resident')).toBe(2 * 4096 * 4096 + 8_650_752);
  });

  test('modes with the same stored weights share them: nothing is converted or fetched', () => {
    const npu = chip(w4a16, { ...narrow('int8'), weights: { format: 'int4', scale: groups(128) } });
    const table = buildServiceTable(npu, dense(1, 4096, 4096), 1);
    for (const mode of ['base', 'burst'] as const)
      expect(table.seconds[cellIndex(0, mode, 'convert')]).toBe(table.seconds[cellIndex(0, mode, 'resident')]);
    expect(copiesOf({ ...npu, cmem: null })).toBe(0);
  });

  test('HBM contains the second copy with its stored bytes, and only of weights that the unit does not convert', () => {
    expect(copiesOf(chip(wide, w4a16, streaming))).toBe(8_650_752);
    expect(copiesOf(chip(wide, w4a16))).toBe(0);
    expect(copiesOf(chip(wide, w4a16, { quantizer: { source: 'off-chip', elementsPerCycle: 1 } }))).toBe(8_650_752);
  });

  test('activations and caches need the wider format of the modes', () => {
    const caches = (npu: Npu) => partsOf(npu, attention(1, 513)).find(({ content }) => content === 'caches')?.bytes;
    expect(caches(chip(wide, narrow('int8')))).toBe(2 * 512 * 256 * 2);
    expect(caches(chip({ ...wide, cachedKeys: storedAs('int8') }, narrow('int8')))).toBe(2 * 512 * 256);
  });

  function copiesOf(npu: Npu): number {
    return partsOf(npu, dense(1, 4096, 4096)).find(({ content }) => content === 'copies')?.bytes ?? 0;
  }

  function partsOf(npu: Npu, model: Model) {
    const serve = {
      name: 'serve',
      origin: npu.origin,
      model,
      arrivals: { kind: 'poisson', requestsPerSecond: 1 },
      batch: { maxSize: 1, timeoutSeconds: 0 },
      priority: 0,
      slos: [],
    } as unknown as Scenario['serves'][number];
    const scheduler = { burst: { kind: 'always' }, preemption: 'none' } as unknown as Scenario['scheduler'];
    return memoryDemand({ npu, scheduler, serves: [serve] }).parts;
  }
});

describe('names', () => {
  const cases: readonly (readonly [OperatingMode, string, string])[] = [
    [wide, 'bf16', 'bf16'],
    [w4a16, 'w4a16', 'bf16 with weights in int4 in groups of 128'],
    [{ ...wide, weights: storedAs('bf16') }, 'bf16', 'bf16'],
    [{ ...wide, weights: storedAs('mxfp8') }, 'w8a16', 'bf16 with weights in mxfp8'],
    [{ ...wide, cachedKeys: storedAs('int8') }, 'w16a16kv8', 'bf16 with cached keys and values in int8'],
    [
      { ...w4a16, cachedKeys: storedAs('fp8') },
      'w4a16kv8',
      'bf16 with weights in int4 in groups of 128, cached keys and values in fp8',
    ],
    [{ precision: 'mxfp4', packing: 'columns' }, 'mxfp4', 'mxfp4'],
    [{ precision: 'int8', packing: 'none', weights: storedAs('int4') }, 'w4a8', 'int8 with weights in int4'],
  ];
  test.each(cases)('%j', (mode, key, text) => {
    expect(accuracyKeyOf(mode)).toBe(key);
    expect(modeText(mode)).toBe(text);
  });
});
