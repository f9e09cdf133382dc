import { describe, expect, test } from 'vitest';
import { type Model, type Npu, type OperatingMode, type Precision, storedAs } from '../../../design/index.ts';
import { costModel, memoryDemand } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/** A chip whose arrays are 1.3 times faster with 2:4 sparse weights. All weights come from HBM. */
function chip(base: OperatingMode, parts: Partial<Npu> = {}): Npu {
  return { ...stimpack, cmem: null, base, burst: null, array: { ...stimpack.array, sparseSpeedup: 1.3 }, ...parts };
}

function plain(precision: Precision): OperatingMode {
  return { precision, packing: 'none' };
}

/** One layer of M x K times K x N without a bias. */
function dense(m: number, k: number, n: number): Model {
  const net = new ModelBuilder('dense', [m, k]);
  net.dense(n, { bias: false });
  return net.build();
}

function pruned(model: Model): Model {
  return { ...model, sparsity: 'two-of-four' };
}

function layerOf(npu: Npu, model: Model) {
  const [layer] = costModel(npu, model, 'base', 1).layers;
  if (layer === undefined) throw new Error('no layer');
  return layer;
}

describe('2:4 sparse weights', () => {
  const elements = 4096 * 4096;
  // Half of the elements, each with an index of 2 bits.
  const bytes: readonly (readonly [string, OperatingMode, number])[] = [
    ['bf16', plain('bf16'), ((elements / 2) * 18) / 8],
    ['int8', plain('int8'), ((elements / 2) * 10) / 8],
    ['int4', plain('int4'), ((elements / 2) * 6) / 8],
    // And the scales of all 524,288 blocks of 32.
    ['mxfp8', plain('mxfp8'), ((elements / 2) * 10) / 8 + 524_288],
    ['w8a16', { ...plain('bf16'), weights: storedAs('int8') }, ((elements / 2) * 10) / 8],
  ];
  test.each(bytes)('in %s need the bytes of the kept weights and their indices', (_, mode, expected) => {
    expect(layerOf(chip(mode), pruned(dense(1, 4096, 4096))).weightBytes).toBe(expected);
    expect(layerOf(chip(mode), dense(1, 4096, 4096)).weightBytes).toBeGreaterThan(expected);
  });

  test('make products faster by the stated factor, and the same products count', () => {
    const sparse = layerOf(chip(plain('int8')), pruned(dense(4096, 4096, 4096)));
    const whole = layerOf(chip(plain('int8')), dense(4096, 4096, 4096));
    expect(sparse.computeCycles).toBe(Math.ceil(whole.computeCycles / 1.3));
    expect(sparse.macs).toBe(whole.macs);
    // The arrays perform half of the products.
    expect(sparse.utilization / whole.utilization).toBeCloseTo(1.3 / 2, 2);
  });

  test('cost half of the energy of the multiply-accumulates', () => {
    const energy = {
      macJoules: { int8: 1e-12 },
      vectorOperationJoules: 0,
      vmemJoulesPerByte: 0,
      cmemJoulesPerByte: 0,
      hbmJoulesPerByte: 0,
      quantizeJoulesPerElement: 0,
      staticWatts: 0,
    };
    const npu = chip(plain('int8'), { energy });
    expect(layerOf(npu, dense(16, 256, 64)).energyJoules).toBeCloseTo(16 * 256 * 64 * 1e-12, 18);
    expect(layerOf(npu, pruned(dense(16, 256, 64))).energyJoules).toBeCloseTo((16 * 256 * 64 * 1e-12) / 2, 18);
  });

  test('need a reduction that is a multiple of four, and weights: other products stay dense', () => {
    const odd = dense(4096, 4098, 1024);
    expect(layerOf(chip(plain('int8')), pruned(odd))).toEqual(layerOf(chip(plain('int8')), odd));
    const net = new ModelBuilder('scores', [64, 64]);
    net.add({ kind: 'matmul', transposed: true }, [64, 64], [-1, -1]);
    const scores = net.build();
    expect(layerOf(chip(plain('int8')), pruned(scores))).toEqual(layerOf(chip(plain('int8')), scores));
  });

  test('are stored with their zeros by a chip that does not support them', () => {
    const npu = { ...chip(plain('int8')), array: stimpack.array };
    expect(layerOf(npu, pruned(dense(64, 4096, 4096)))).toEqual(layerOf(npu, dense(64, 4096, 4096)));
  });

  test('are never slower than dense ones, and never twice as fast while products bound the layer', () => {
    for (const [m, k, n] of [
      [1, 4096, 4096],
      [512, 1024, 1024],
      [4096, 64, 64],
    ] as const) {
      const seconds = (model: Model) => costModel(chip(plain('int8')), model, 'base', 1).seconds;
      const gain = seconds(dense(m, k, n)) / seconds(pruned(dense(m, k, n)));
      expect(gain).toBeGreaterThanOrEqual(1);
      expect(gain).toBeLessThan(1.65);
    }
  });

  test('need less of HBM', () => {
    const demand = (model: Model) => {
      const npu = chip(plain('int8'));
      const serve = { name: 's', model, batch: { maxSize: 1, timeoutSeconds: 0 } };
      const user = { npu, scheduler: { burst: { kind: 'never' }, preemption: 'none' }, serves: [serve] };
      const { parts } = memoryDemand(user as unknown as Parameters<typeof memoryDemand>[0]);
      return parts.find(({ content }) => content === 'weights')?.bytes;
    };
    expect(demand(dense(1, 4096, 4096))).toBe(elements);
    expect(demand(pruned(dense(1, 4096, 4096)))).toBe((elements * 5) / 8);
  });
});
