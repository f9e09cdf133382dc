import { describe, expect, test } from 'vitest';
import type { KeptOperand, LayerCost, Npu } from '../../../design/index.ts';
import { compile } from '../../../language/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { testHost } from '../../language/host.ts';
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

describe('tiles of one layer', () => {
  const uri = 'file:///tiles.npu';
  const compiled = (
    tiles: string,
    net = 'layers { a: dense { outputs: 384, bias: no } b: dense { outputs: 384, bias: no } }',
    chip = 'Own',
  ) => {
    const text = `import "stimpack/tpuv4i"
    model Net { input: 512 x 1024  ${net} }
    npu Own extends TPUv4i { ${tiles} }`;
    const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
    const npu = design.npus.find(({ name }) => name === chip);
    const model = design.models.find(({ name }) => name === 'Net');
    const cycles = npu && model ? costModel(npu, model, 'base', 1).layers.map((layer) => layer.cycles) : [];
    return {
      cycles,
      messages: diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    };
  };
  const small = '{ rows: 64, reduction: 64, outputs: 64 }';

  test('change only this layer, and replace the tiles of the chip', () => {
    const [searchedA, searchedB] = compiled('').cycles;
    const [statedA, statedB] = compiled(`tiles ${small}`).cycles;
    const [ownA, otherB] = compiled(`tiles a ${small}`).cycles;
    expect(ownA).toBe(statedA);
    expect(ownA).toBeGreaterThan(2 * (searchedA ?? Number.NaN));
    expect(otherB).toBe(searchedB);
    const both = compiled(`tiles ${small} tiles b { rows: 512, reduction: 1024, outputs: 384 }`).cycles;
    expect(both[0]).toBe(statedA);
    expect(both[1]).toBeLessThan(statedB ?? Number.NaN);
    const removed = `tiles ${small} tiles a ${small} } npu Other extends Own { tiles: none`;
    expect(compiled(removed, undefined, 'Other').cycles).toEqual([searchedA, searchedB]);
  });

  test.each([
    ['tiles c { rows: 64, reduction: 64, outputs: 64 }', "tiles for the layer 'c', but no network"],
    ['tiles constructor { rows: 64, reduction: 64, outputs: 64 }', "tiles for the layer 'constructor'"],
    ['tiles a { rows: 64 }', "Add 'reduction' and 'outputs'"],
    ['tiles a { share: 50 % }', "Add 'rows', 'reduction' and 'outputs'"],
    ['tiles a { rows: 1000000, reduction: 64, outputs: 64 }', 'Use a smaller tile'],
    ['tiles "a" { rows: 64, reduction: 64, outputs: 64 }', 'is not the name of a layer'],
  ])('%s is an error', (tiles, message) => {
    expect(compiled(tiles).messages.join()).toContain(message);
  });
});

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
