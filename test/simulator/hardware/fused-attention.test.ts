import { describe, expect, test } from 'vitest';
import type { AttentionUnit, Npu } from '../../../design/index.ts';
import { type AttentionCore, costModel, fusedAttentionSeconds } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';

const unit: AttentionUnit = { arrays: 1, queriesPerPass: 32, passSeconds: 0, launchSeconds: 0 };

/** One cycle per second of work counts, and off-chip memory never waits. */
function chip(attention: Partial<AttentionUnit> = {}, npu: Partial<Npu> = {}): Npu {
  const array = { ...plainTpu.array, rows: 256, columns: 256, count: 4 };
  const hbm = { capacityBytes: 1e12, bandwidthBytesPerSecond: 1e30 };
  return { ...plainTpu, clockHertz: 1e9, array, hbm, ...npu, attention: { ...unit, ...attention } };
}

/** Attention of Llama-3.1-8B: 8 key-value heads of 128, each shared by 4 query heads. */
const llama: AttentionCore = {
  sequences: 1,
  queries: 1,
  keys: 1024,
  heads: 32,
  keyValueHeads: 8,
  headSize: 128,
  causal: true,
};

const cycles = (npu: Npu, core: Partial<AttentionCore> = {}): number =>
  Math.round(fusedAttentionSeconds(npu, { ...llama, ...core }) * npu.clockHertz);

describe('fused attention', () => {
  test.each([
    ['one query: a key and a value per cycle and key-value head', {}, {}, 2 * 8 * 1024],
    ['a part of a fold takes a part of the time', {}, { keys: 1000 }, 2 * 8 * 1000],
    ['every sequence has its own keys', {}, { sequences: 3 }, 3 * 2 * 8 * 1024],
    ['32 queries x 4 heads still wait for the 256 keys of a fold', {}, { queries: 32 }, 2 * 8 * 1024],
    ['64 queries run in two passes; the first ends at key 992', {}, { queries: 64 }, 2 * 8 * (992 + 1024)],
    ['no mask: each pass reads all keys', {}, { queries: 64, causal: false }, 2 * 8 * 2 * 1024],
    ['33 queries without a mask: the second pass has one', {}, { queries: 33, causal: false }, 2 * 8 * 2 * 1024],
    [
      '128 queries per pass: 512 rows stream past each fold',
      { queriesPerPass: 128 },
      { queries: 128 },
      2 * 8 * 4 * 512,
    ],
    ['a head of 512 needs two folds for each key', {}, { headSize: 512 }, 2 * 2 * 8 * 1024],
    ['two arrays divide the key-value heads', { arrays: 2 }, {}, 2 * 4 * 1024],
    ['three arrays: the busiest has three heads', { arrays: 3 }, {}, 2 * 3 * 1024],
    ['more arrays than heads', { arrays: 4 }, { keyValueHeads: 2 }, 2 * 1024],
    ['a launch per call', { launchSeconds: 6e-6 }, { sequences: 2 }, 2 * 2 * 8 * 1024 + 6000],
    [
      'a fixed time per pass and sequence',
      { passSeconds: 2e-6 },
      { sequences: 3, queries: 33, causal: false },
      3 * (2 * 2 * 8 * 1024 + 2 * 2000),
    ],
  ] as const)('%s', (_, attention, core, expected) => {
    expect(cycles(chip(attention), core)).toBe(expected);
  });

  test('reads keys and values from off-chip memory once', () => {
    const slow = chip({}, { hbm: { capacityBytes: 1e12, bandwidthBytesPerSecond: 1e9 } });
    // 1024 keys and values of 8 heads with 128 elements of 2 bytes.
    expect(fusedAttentionSeconds(slow, llama)).toBeCloseTo((2 * 1024 * 8 * 128 * 2) / 1e9, 12);
  });

  test('grouped passes change the time by at most 0.1 %, so a billion queries can be priced', () => {
    const many = 2 ** 20;
    const passes = many / 32;
    const exact = 2 * 8 * 32 * ((passes * (passes + 1)) / 2);
    expect(cycles(chip(), { queries: many, keys: many }) / exact).toBeCloseTo(1, 3);
    expect(cycles(chip({ queriesPerPass: 1 }), { queries: 2 ** 30, keys: 2 ** 30 })).toBeGreaterThan(0);
  });
});

describe('an attention layer on a chip with fused attention', () => {
  const attention = {
    kind: 'attention',
    heads: 32,
    keyValueHeads: 8,
    headSize: 128,
    contextLength: 4096,
    causal: true,
    bias: false,
  } as const;
  const net = new ModelBuilder('decode', [1, 4096]);
  net.add(attention, [1, 4096]);
  const model = net.build();
  const cost = (npu: Npu, batch = 1) => {
    const [layer] = costModel(npu, model, 'base', batch).layers;
    if (layer === undefined) throw new Error('no layer');
    return layer;
  };

  test('adds the call to the projections, and counts the same work', () => {
    const { attention: _, ...plain } = chip();
    const [fused, launched, ordinary] = [cost(chip(), 4), cost(chip({ launchSeconds: 1e-6 }), 4), cost(plain, 4)];
    expect(launched.computeCycles - fused.computeCycles).toBe(1000);
    expect(fused.macs).toBe(ordinary.macs);
    // The call uses one array, ordinary products use four.
    expect(fused.computeCycles).toBeGreaterThan(4 * 2 * 8 * 4096);
    expect(fused.computeCycles).toBeGreaterThan(ordinary.computeCycles);
  });

  test('the sustained fraction of the peak does not apply to the call', () => {
    const npu = chip({ launchSeconds: 1 });
    const half = { ...npu, array: { ...npu.array, sustainedFraction: 0.5 } };
    expect(costModel(half, model, 'base', 1).seconds).toBeLessThan(1.01 * costModel(npu, model, 'base', 1).seconds);
  });

  test('a stated rate of softmax replaces the vector operations', () => {
    const scores = 32 * 4096;
    expect(cost(chip()).vectorCycles).toBe((7 * scores) / 2048);
    expect(cost(chip({ softmaxPerCycle: 16 })).vectorCycles).toBe(scores / 16);
  });
});

test('products take 1 / sustained times as long', () => {
  const net = new ModelBuilder('dense', [4096, 4096]);
  net.dense(4096, { bias: false });
  const npu: Npu = { ...plainTpu, hbm: { capacityBytes: 1e12, bandwidthBytesPerSecond: 1e18 } };
  const seconds = (sustainedFraction: number): number =>
    costModel({ ...npu, array: { ...npu.array, sustainedFraction } }, net.build(), 'base', 1).seconds;
  expect(seconds(0.5) / seconds(1)).toBeCloseTo(2, 2);
});
