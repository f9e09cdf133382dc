import { describe, expect, test } from 'vitest';
import type { Model, Npu, QuantizedSource } from '../../../design/index.ts';
import { bounds } from '../../../design/index.ts';
import { buildServiceTable, costModel } from '../../../simulator/hardware/index.ts';
import { cellIndex, type WeightState } from '../../../simulator/service-table.ts';
import { ModelBuilder, plainTpu, stimpack } from './fixtures.ts';

/** One layer with many weights (2048 x 2048, 8.4 MB in bf16) and few products. */
function dense(rows = 1, quantization: Model['quantization'] = 'static'): Model {
  const net = new ModelBuilder('dense', [rows, 2048], quantization);
  net.dense(2048, { bias: false });
  return net.build();
}

function withQuantizer(source: QuantizedSource, elementsPerCycle: number): Npu {
  return { ...stimpack, quantizer: { source, elementsPerCycle } };
}

function burst(npu: Npu, model: Model, state: WeightState): { cycles: number; bound: string } {
  const table = buildServiceTable(npu, model, 1);
  const cell = cellIndex(0, 'burst', state);
  return { cycles: (table.seconds[cell] ?? 0) * npu.clockHertz, bound: bounds[table.bound[cell] ?? 0] ?? '' };
}

const elements = 2048 * 2048;
const hbmBytesPerCycle = stimpack.hbm.bandwidthBytesPerSecond / stimpack.clockHertz;

/** In addition to the slowest stage, only the first fold and the last tile need time. */
function near(value: number, expected: number): void {
  expect(value).toBeGreaterThanOrEqual(expected);
  expect(value).toBeLessThan(1.02 * expected);
}

describe('three ways to int8 weights', () => {
  test('on-chip: the unit and the arrays work at the same time, and the slower one sets the time', () => {
    const slow = burst(withQuantizer('on-chip', 640), dense(), 'convert');
    expect(slow.bound).toBe('quantizer');
    near(slow.cycles, elements / 640);
    const fast = burst(withQuantizer('on-chip', 4096), dense(2000), 'convert');
    expect(fast.bound).toBe('compute');
    const resident = burst(withQuantizer('on-chip', 4096), dense(2000), 'resident');
    near(fast.cycles, resident.cycles);
  });

  test('off-chip: int8 weights come from HBM', () => {
    const fetch = burst(withQuantizer('off-chip', 1), dense(), 'fetch');
    expect(fetch.bound).toBe('hbm');
    near(fetch.cycles, elements / hbmBytesPerCycle);
    expect(burst(withQuantizer('off-chip', 1), dense(), 'convert')).toEqual(fetch);
  });

  test('stored: resident weights cost no more than after a conversion', () => {
    expect(burst(withQuantizer('stored', 1), dense(), 'resident')).toEqual(
      burst(withQuantizer('on-chip', 128), dense(), 'resident'),
    );
  });

  test('on-chip beats off-chip if the unit converts faster than HBM brings int8 weights, and is never slower', () => {
    const offChip = burst(withQuantizer('off-chip', 1), dense(), 'fetch').cycles;
    const onChip = (rate: number) => burst(withQuantizer('on-chip', rate), dense(), 'convert').cycles;
    // One byte an element: 614 GB/s at 1.05 GHz are 584.8 elements a cycle.
    // Below that, HBM brings the int8 copy instead.
    expect(onChip(0.98 * hbmBytesPerCycle)).toBe(offChip);
    expect(onChip(1.02 * hbmBytesPerCycle)).toBeLessThan(offChip);
  });

  test('weights that are not resident stream from HBM as int8, for each source of the resident ones', () => {
    for (const source of ['on-chip', 'off-chip'] as const) {
      const npu = { ...withQuantizer(source, 128), cmem: null };
      const base = costModel(npu, dense(), 'base', 1).layers[0];
      const own = costModel(npu, dense(), 'burst', 1).layers[0];
      expect(own?.bound).toBe('hbm');
      expect((base?.cycles ?? 0) / (own?.cycles ?? 1)).toBeGreaterThan(1.95);
    }
  });
});

describe('packing', () => {
  const gain = (npu: Npu, k: number, n: number, rows = 4096) => {
    const net = new ModelBuilder('dense', [rows, k]);
    net.dense(n, { bias: false });
    const cost = (mode: 'base' | 'burst') => costModel(npu, net.build(), mode, 1).layers[0]?.computeCycles ?? 0;
    return cost('base') / cost('burst');
  };
  const one: Npu = { ...stimpack, array: { ...stimpack.array, count: 1 } };
  const columns: Npu = { ...one, burst: { precision: 'int8', packing: 'columns' } };

  test('reduction: ceil(K / 2R) folds; columns: ceil(N / 2C)', () => {
    expect(gain(one, 1024, 1024)).toBeGreaterThan(1.97);
    expect(gain(one, 128, 1024)).toBe(1);
    expect(gain(one, 384, 1024)).toBeCloseTo(3 / 2, 1);
    expect(gain(columns, 128, 1024)).toBeGreaterThan(1.9);
    expect(gain(columns, 1024, 128)).toBe(1);
    expect(gain({ ...one, burst: { precision: 'int8', packing: 'none' } }, 1024, 1024)).toBe(1);
  });

  test('small layers gain less, and the explanation has the reason', () => {
    const net = new ModelBuilder('small', [56, 56, 64]);
    net.conv(256, 1);
    const layer = costModel(stimpack, net.build(), 'burst', 1).layers[0];
    expect(layer?.explanation).toContain('a reduction of 64 takes 1 fold of 128 rows, and still 1 of 256');
  });
});

describe('quantization types', () => {
  test('dynamic adds a pass over activations to the vector unit, in burst mode only', () => {
    const cost = (type: Model['quantization'], mode: 'base' | 'burst') =>
      costModel(stimpack, dense(64, type), mode, 1).layers[0]?.vectorCycles;
    expect(cost('dynamic', 'base')).toBe(0);
    expect(cost('static', 'burst')).toBe(0);
    expect(cost('dynamic', 'burst')).toBe((3 * 64 * 2048) / 2048);
  });

  test('weight-only: half the bytes, the same arithmetic', () => {
    const model = dense(4096, 'weight-only');
    const base = costModel(stimpack, model, 'base', 1).layers[0];
    const own = costModel(stimpack, model, 'burst', 1).layers[0];
    expect(own?.computeCycles).toBe(base?.computeCycles);
    expect((base?.weightBytes ?? 0) / (own?.weightBytes ?? 1)).toBe(2);
    expect(own?.explanation).toContain('with weight-only quantization the arrays still multiply in bf16');
  });
});

describe('several arrays', () => {
  test('divide rows, outputs or groups, whichever divides best', () => {
    const cycles = (count: number, rows: number, k: number, n: number) => {
      const net = new ModelBuilder('dense', [rows, k]);
      net.dense(n, { bias: false });
      const npu: Npu = { ...plainTpu, array: { ...plainTpu.array, count } };
      return costModel(npu, net.build(), 'base', 1).layers[0]?.computeCycles ?? 0;
    };
    const around = 128 + 254;
    expect(cycles(1, 4096, 128, 512)).toBe(4 * 4096 + around);
    expect(cycles(4, 4096, 128, 512)).toBe(4096 + around);
    expect(cycles(4, 4096, 128, 128)).toBe(1024 + around);
    // Three arrays: rows divide into three, four folds of outputs do not.
    expect(cycles(3, 4096, 128, 512)).toBe(4 * Math.ceil(4096 / 3) + around);
    expect(cycles(2, 1, 128, 128)).toBe(cycles(1, 1, 128, 128));
  });

  test('small groups share folds along the diagonal', () => {
    const net = new ModelBuilder('depthwise', [112, 112, 32]);
    net.conv(32, 3, { groups: 32, bias: false });
    const npu: Npu = { ...plainTpu, array: { ...plainTpu.array, count: 1 } };
    const hidden = costModel(npu, net.build(), 'base', 1).layers[0]?.computeCycles;
    // 9 of 128 rows each: 14 fit, 8 are used.
    expect(hidden).toBe((32 / 8) * 12544 + 128 + 254);
  });
});

describe('energy', () => {
  const energy = {
    macJoules: { bf16: 1e-12, int8: 2.5e-13 },
    vectorOperationJoules: 1e-13,
    vmemJoulesPerByte: 1e-12,
    cmemJoulesPerByte: 5e-12,
    hbmJoulesPerByte: 5e-11,
    quantizeJoulesPerElement: 1e-13,
    staticWatts: 50,
  };
  const powered: Npu = { ...stimpack, energy };

  test('is missing without a table, and for a precision without a figure', () => {
    expect(costModel(stimpack, dense(), 'base', 1).energyJoules).toBeNull();
    expect(buildServiceTable(stimpack, dense(), 1).joules).toBeNull();
    const partial: Npu = { ...powered, energy: { ...energy, macJoules: { bf16: 1e-12 } } };
    expect(costModel(partial, dense(), 'base', 1).energyJoules).not.toBeNull();
    expect(costModel(partial, dense(), 'burst', 1).energyJoules).toBeNull();
  });

  test('is the sum of operations, transfers and idle power', () => {
    for (const mode of ['base', 'burst'] as const) {
      const cost = costModel(powered, dense(64), mode, 1);
      const layer = cost.layers[0];
      if (layer === undefined) throw new Error('one layer');
      const expected =
        layer.macs * (mode === 'base' ? 1e-12 : 2.5e-13) +
        layer.vmemBytes * 1e-12 +
        layer.cmemBytes * 5e-12 +
        layer.hbmBytes * 5e-11 +
        50 * cost.seconds;
      expect(layer.energyJoules).toBeCloseTo(expected, 12);
      expect(cost.energyJoules).toBe(layer.energyJoules);
    }
  });

  test('of a conversion includes the unit, and reads and writes in the scratchpad', () => {
    const fast: Npu = { ...powered, quantizer: { source: 'on-chip', elementsPerCycle: 4096 } };
    const table = buildServiceTable(fast, dense(), 1);
    const joules = (state: WeightState) => table.joules?.[cellIndex(0, 'burst', state)] ?? Number.NaN;
    expect(joules('convert') - joules('resident')).toBeCloseTo(elements * (1e-13 + 3 * 5e-12), 12);
  });
});

describe('the last fold of a conversion', () => {
  const stating = (lastFold: number): Npu => {
    const npu = withQuantizer('on-chip', 640);
    return { ...npu, quantizer: { ...npu.quantizer, lastFold } };
  };

  test('adds the stated share of its load, rows and drain', () => {
    const { rows, columns } = stimpack.array;
    const lastFold = rows + 1 + rows + columns - 2;
    const none = burst(stating(0), dense(), 'convert').cycles;
    expect(none).toBe(burst(withQuantizer('on-chip', 640), dense(), 'convert').cycles);
    expect(burst(stating(1), dense(), 'convert').cycles - none).toBeCloseTo(lastFold, 6);
    expect(burst(stating(0.5), dense(), 'convert').cycles - none).toBeCloseTo(lastFold / 2, 6);
  });

  test.each<WeightState>(['resident', 'fetch'])('costs nothing without a conversion: %s', (state) => {
    expect(burst(stating(1), dense(), state)).toEqual(burst(stating(0), dense(), state));
  });
});
