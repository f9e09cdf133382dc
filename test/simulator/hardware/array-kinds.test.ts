import { describe, expect, test } from 'vitest';
import { chipArea, type Model, type Npu, type SystolicArray } from '../../../design/index.ts';
import { buildServiceTable, costModel, tileCaveats } from '../../../simulator/hardware/index.ts';
import { cellIndex } from '../../../simulator/service-table.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

const big: SystolicArray = {
  name: 'Big',
  rows: 128,
  columns: 128,
  count: 1,
  dataflow: 'weight-stationary',
  preload: 'hidden',
};
const small: SystolicArray = { ...big, name: 'Small', rows: 32, columns: 32, count: 4 };
const dot: SystolicArray = { ...big, name: 'Dot', rows: 16, columns: 64, dataflow: 'output-stationary' };

function chip(array: SystolicArray, ...others: readonly SystolicArray[]): Npu {
  return { ...stimpack, array, ...(others.length === 0 ? {} : { otherArrays: others }) };
}

function network(): Model {
  const net = new ModelBuilder('Mixed', [28, 28, 64]);
  net.conv(256, 3, { input: -1, name: 'wide' });
  net.relu();
  net.conv(256, 3, { groups: 256, name: 'depthwise' });
  net.conv(16, 1, { name: 'narrow' });
  net.add({ kind: 'reshape', copies: false }, [28 * 28 * 16]);
  net.dense(10);
  return net.build();
}

const model = network();

describe('a chip with several kinds of arrays', () => {
  test.each([
    ['base', 1],
    ['burst', 1],
    ['base', 7],
  ] as const)('runs each layer on the fastest kind (%s, batch %i)', (mode, batch) => {
    const both = costModel(chip(big, small, dot), model, mode, batch);
    const alone = [big, small, dot].map((array) => costModel(chip(array), model, mode, batch));
    for (const [index, layer] of both.layers.entries()) {
      if (layer.macs === 0) continue;
      const at = ['Big', 'Small', 'Dot'].indexOf(layer.array ?? '');
      const cycles = alone.map((cost) => cost.layers[index]?.computeCycles ?? 0);
      expect(layer.computeCycles).toBe(cycles[at]);
      expect(layer.explanation).toMatch(new RegExp(`^Runs on ${layer.array}\\. `, 'u'));
    }
    for (const cost of alone) expect(both.seconds).toBeLessThanOrEqual(cost.seconds);
  });

  test('uses both kinds for a network that has layers for both', () => {
    const { layers } = costModel(chip(big, small), model, 'base', 1);
    const used = layers.flatMap(({ layer, array }) => (array === undefined ? [] : [`${layer}: ${array}`]));
    // narrow: 32 + 7 x 196 + 196 + 62 = 1662 cycles on Small, 128 + 784 + 784 + 254 = 1950 on Big.
    // dense5: 32 + 391 x 32 + 1 + 62 = 12607 cycles on Small, 128 + 97 x 128 + 1 + 254 = 12799 on Big.
    expect(used).toEqual(['wide: Big', 'depthwise: Small', 'narrow: Small', 'dense5: Small']);
    expect(layers.slice(-2).map(({ computeCycles }) => computeCycles)).toContain(12607);
  });

  test('does not depend on the order of the kinds where one is faster', () => {
    const [one, other] = [costModel(chip(big, small), model, 'base', 1), costModel(chip(small, big), model, 'base', 1)];
    expect(one.seconds).toBe(other.seconds);
  });

  test('costs the same with a copy of its only kind, and the first one is used', () => {
    const one = costModel(chip(big), model, 'burst', 3);
    const two = costModel(chip(big, { ...big, name: 'Twin' }), model, 'burst', 3);
    expect(two.seconds).toBe(one.seconds);
    expect(two.layers.every(({ array }) => array === undefined || array === 'Big')).toBe(true);
    // The peak counts all arrays, also those that wait.
    expect(two.layers[0]?.utilization).toBe((one.layers[0]?.utilization ?? 0) / 2);
    expect(two.ridgeMacsPerHbmByte).toBe(2 * one.ridgeMacsPerHbmByte);
  });

  test('has the area of all arrays', () => {
    const area = { mac: { bf16: 1e-9, int8: 1e-10 }, other: 0 };
    const arrays = chipArea({ ...chip(big, small), area })?.parts.find(({ name }) => name === 'arrays');
    expect(arrays?.squareMetres).toBeCloseTo(1e-9 * (128 * 128 + 4 * 32 * 32), 12);
  });

  test('writes the same times into the tables of the service', () => {
    const npu = chip(small, big);
    const table = buildServiceTable(npu, model, 1);
    const tables = [big, small].map((array) => buildServiceTable(chip(array), model, 1));
    for (let layer = 0; layer < model.layers.length; layer++) {
      const cell = cellIndex(layer, 'base', 'fetch');
      const alone = tables.map(({ seconds }) => seconds[cell] ?? 0);
      // Prefetch can hide more or less behind a shorter layer, so only the whole network is compared.
      expect(table.seconds[cell] ?? 0).toBeLessThanOrEqual(1.001 * Math.max(...alone));
    }
    const total = ({ seconds }: { seconds: Float64Array }): number =>
      model.layers.reduce((sum, _, layer) => sum + (seconds[cellIndex(layer, 'base', 'fetch')] ?? 0), 0);
    expect(total(table)).toBeLessThanOrEqual(Math.min(...tables.map(total)) * (1 + 1e-12));
  });

  test('avoids a kind whose smallest tiles do not fit into VMEM', () => {
    const tiny: Npu = { ...chip(big, { ...small, count: 1 }), vmem: { ...stimpack.vmem, capacityBytes: 8 * 1024 } };
    const { layers } = costModel(tiny, model, 'base', 1);
    expect(layers.find(({ layer }) => layer === 'wide')?.array).toBe('Small');
    expect(tileCaveats(tiny, [model])).toEqual([]);
    expect(tileCaveats({ ...chip(big), vmem: tiny.vmem }, [model])).toHaveLength(1);
  });

  test('stores sparse weights once for all kinds, and only the kind that skips zeros is faster', () => {
    const sparse: Model = { ...model, sparsity: 'two-of-four' };
    const skipping = { ...big, sparseSpeedup: 1.5 };
    const both = costModel(chip({ ...big, name: 'Plain' }, skipping), sparse, 'base', 1);
    expect(both.layers[0]?.array).toBe('Big');
    const alone = costModel(chip(skipping), sparse, 'base', 1);
    expect(both.layers.map(({ weightBytes }) => weightBytes)).toEqual(
      alone.layers.map(({ weightBytes }) => weightBytes),
    );
  });

  test('limits fused attention to the arrays of the kind', () => {
    const net = new ModelBuilder('Attention', [64, 256]);
    const size = { heads: 8, keyValueHeads: 8, headSize: 32, contextLength: 64, causal: false, bias: true };
    net.add({ kind: 'attention', ...size }, [64, 256], [-1]);
    const attention = { arrays: 4, queriesPerPass: 64, passSeconds: 0, launchSeconds: 0 };
    // Big has one array, so its calls use one, although a call may use four of Small.
    const one = costModel({ ...chip(big), attention: { ...attention, arrays: 1 } }, net.build(), 'base', 1);
    const two = costModel({ ...chip(big, { ...small, rows: 4, columns: 4 }), attention }, net.build(), 'base', 1);
    expect(two.layers[0]?.array).toBe('Big');
    expect(two.layers[0]?.computeCycles).toBe(one.layers[0]?.computeCycles);
  });
});
