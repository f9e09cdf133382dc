import { describe, expect, test } from 'vitest';
import type { KeptOperand, LayerCost, Npu } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';

/** One product of 512 x 1024 x 384 in bf16 on one array of 128 x 128, whose operands come from HBM. */
const [rows, reduction, outputs] = [512, 1024, 384];
const [left, right, result] = [2 * rows * reduction, 2 * reduction * outputs, 2 * rows * outputs];
const chip: Npu = { ...plainTpu, cmem: null, array: { ...plainTpu.array, count: 1 } };

function product(npu: Npu): LayerCost {
  const net = new ModelBuilder('Product', [rows, reduction]);
  net.dense(outputs, { input: -1, bias: false });
  const [layer] = costModel(npu, net.build(), 'base', 1).layers;
  if (layer === undefined) throw new Error('no layer');
  return layer;
}

function tiled(tile: readonly [number, number, number], keep: KeptOperand, share = 1): Npu {
  return { ...chip, tiles: { share, stated: { rows: tile[0], reduction: tile[1], outputs: tile[2], keep } } };
}

describe('stated tiles', () => {
  const sums = 4 * rows * outputs;
  test.each([
    // Two tiles of rows, four slices, three of outputs.
    [[256, 256, 128], 'sums', 3 * left + 2 * right + result],
    [[256, 256, 128], 'weights', 3 * left + right + result + 2 * 3 * sums],
    [[256, 256, 128], 'inputs', left + 2 * right + result + 2 * 3 * sums],
    // All of K in a tile: nothing is spilled, and inputs stay while the outputs change.
    [[256, 1024, 128], 'sums', left + 2 * right + result],
    [[256, 1024, 128], 'weights', 3 * left + right + result],
    [[256, 1024, 128], 'inputs', left + 2 * right + result],
    // One tile of rows: its sums stay, and weights load once.
    [[512, 256, 128], 'weights', 3 * left + right + result],
    [[512, 256, 384], 'sums', left + right + result],
    // Larger than the product: everything loads once.
    [[4096, 4096, 4096], 'sums', left + right + result],
  ] as const)('%j, keep %s, moves %i bytes', (tile, keep, bytes) => {
    expect(product(tiled(tile, keep)).hbmBytes).toBe(bytes);
  });

  test('are never faster than the searched ones', () => {
    const best = product(chip);
    for (const keep of ['sums', 'weights', 'inputs'] as const) {
      for (const size of [64, 128, 512]) {
        const own = product(tiled([size, size, size], keep));
        expect(own.cycles, `${keep} ${size}`).toBeGreaterThanOrEqual(best.cycles);
      }
    }
  });

  test('use the array badly if they are smaller than it or cut its folds', () => {
    // Tiles of 64 outputs: six folds instead of three. A reduction of 192: six tiles of two folds, of which the last has one.
    const full = product(tiled([512, 128, 128], 'sums')).explanation;
    expect(product(tiled([512, 128, 64], 'sums')).cycles).toBeGreaterThan(
      1.9 * product(tiled([512, 128, 128], 'sums')).cycles,
    );
    expect(full).not.toContain('because of the stated tiles');
    expect(product(tiled([512, 192, 128], 'sums')).explanation).toContain('because of the stated tiles');
  });

  test('a share limits the searched tiles, and a share of all changes nothing', () => {
    const small: Npu = { ...chip, vmem: { ...chip.vmem, capacityBytes: 512 * 1024 } };
    const whole = product({ ...small, tiles: { share: 1 } });
    expect(whole).toEqual(product(small));
    const half = product({ ...small, tiles: { share: 0.25 } });
    const halfChip = product({ ...small, vmem: { ...small.vmem, capacityBytes: 128 * 1024 } });
    expect(half.hbmBytes).toBe(halfChip.hbmBytes);
    expect(half.hbmBytes).toBeGreaterThan(whole.hbmBytes);
  });
});
