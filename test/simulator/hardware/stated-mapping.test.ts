import { describe, expect, test } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import { costOfMapping, type StatedMapping } from '../../../simulator/hardware/index.ts';
import { plainTpu } from './fixtures.ts';

/** 16 x 16 in int8 at 1 GHz; off-chip memory moves 1 B per cycle. */
const npu: Npu = {
  ...plainTpu,
  clockHertz: 1e9,
  array: { rows: 16, columns: 16, count: 1, dataflow: 'weight-stationary', preload: 'hidden' },
  base: { precision: 'int8', packing: 'none' },
  hbm: { capacityBytes: 1e9, bandwidthBytesPerSecond: 1e9 },
};
const one = { total: 1, tile: 1 };
const whole = (total: number) => ({ total, tile: total });
const point = { size: one, stride: 1, padding: 0 };
/** 32 x 64 times 64 x 48, in one tile. */
const product: StatedMapping = {
  images: one,
  height: one,
  width: whole(32),
  channels: whole(64),
  filters: whole(48),
  kernelHeight: point,
  kernelWidth: point,
  overlap: 1,
};
const conv = (side: number, tile: number, kernel: number, stride: number, padding: number): StatedMapping => {
  const axis = { size: whole(kernel), stride, padding };
  const output = { total: side, tile };
  return {
    ...product,
    height: output,
    width: output,
    channels: whole(1),
    filters: whole(1),
    kernelHeight: axis,
    kernelWidth: axis,
  };
};

describe('bytes of a stated mapping', () => {
  test.each<[string, StatedMapping, number]>([
    ['one tile: each operand once', product, 32 * 64 + 64 * 48 + 32 * 48],
    [
      'two tiles of filters load the inputs twice',
      { ...product, filters: { total: 48, tile: 24 } },
      2 * 32 * 64 + 64 * 48 + 32 * 48,
    ],
    [
      'two tiles of rows load the weights twice',
      { ...product, width: { total: 32, tile: 20 } },
      32 * 64 + 2 * 64 * 48 + 32 * 48,
    ],
    [
      'tiles of channels load nothing twice',
      { ...product, channels: { total: 64, tile: 20 } },
      32 * 64 + 64 * 48 + 32 * 48,
    ],
    ['padding is not loaded', conv(8, 8, 3, 1, 1), 8 * 8 + 9 + 64],
    ['neighbouring tiles load their border twice', conv(8, 4, 3, 1, 1), 10 * 10 + 4 * 9 + 64],
    ['a stride skips no pixels: 1 x 1 with stride 2', conv(4, 4, 1, 2, 0), 7 * 7 + 1 + 16],
  ])('%s', (_, mapping, bytes) => {
    expect(costOfMapping(npu, mapping).bytes).toBe(bytes);
  });

  test('each row of an operand needs whole accesses', () => {
    const access = { ...npu, hbm: { ...npu.hbm, accessBytes: 64 } };
    expect(costOfMapping(access, product).bytes).toBe(64 * (32 + 64 + 32));
    expect(costOfMapping(access, { ...product, channels: whole(65) }).bytes).toBe(64 * (2 * 32 + 65 + 32));
  });
});

describe('time of a stated mapping', () => {
  // 4 x 3 folds of 32 rows, the first load of 16 rows and the skew of 30.
  const arrays = 12 * 32 + 16 + 30;
  const bytes = 32 * 64 + 64 * 48 + 32 * 48;
  const cycles = (mapping: Partial<StatedMapping>, hbm: Partial<Npu['hbm']> = {}): number =>
    costOfMapping({ ...npu, hbm: { ...npu.hbm, ...hbm } }, { ...product, ...mapping }).seconds * 1e9;

  test.each<[string, number, number]>([
    ['full overlap: the longer of the two, transfers', cycles({}), bytes],
    ['full overlap: the longer of the two, arrays', cycles({}, { bandwidthBytesPerSecond: 1e12 }), arrays],
    ['no overlap: the sum', cycles({ overlap: 0 }), bytes + arrays],
    ['half of the time of the arrays hides transfers', cycles({ overlap: 0.5 }), bytes + arrays / 2],
    ['the efficiency of the memory', cycles({}, { efficiency: 0.5 }), 2 * bytes],
    ['each image in a separate tile', cycles({ images: { total: 3, tile: 1 }, overlap: 0 }), 3 * arrays + 3 * bytes],
  ])('%s', (_, found, expected) => {
    expect(found).toBeCloseTo(expected, 6);
  });
});
