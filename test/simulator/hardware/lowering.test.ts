import { describe, expect, test } from 'vitest';
import type { Model } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { bertLarge, ModelBuilder, plainTpu, resnet50 } from './fixtures.ts';

/** [m, k, n, groups] of the layer's largest product, its MACs and parameters, batch 1 unless stated. */
function check(net: ModelBuilder, expected: readonly [readonly number[], number, number], batch = 1, layer = -1): void {
  const cost = costModel(plainTpu, net.build(), 'base', batch).layers.at(layer);
  expect([[cost?.m, cost?.k, cost?.n, cost?.groups], cost?.macs, cost?.parameters]).toEqual(expected);
}

const start = (...shape: number[]) => new ModelBuilder('net', shape);

describe('products', () => {
  test('convolutions', () => {
    const plain = start(224, 224, 3);
    plain.conv(64, 7, { stride: 2, padding: 3 });
    check(plain, [[12544, 147, 64, 1], 118013952, 9472]);
    check(plain, [[8 * 12544, 147, 64, 1], 8 * 118013952, 9472], 8);
    const dilated = start(32, 32, 16);
    dilated.conv(8, 3, { dilation: 2, padding: 2, bias: false });
    check(dilated, [[1024, 144, 8, 1], 1024 * 144 * 8, 144 * 8]);
    const grouped = start(14, 14, 240);
    grouped.conv(480, 1, { groups: 3, bias: false });
    check(grouped, [[196, 80, 160, 3], 196 * 80 * 480, 80 * 480]);
    const depthwise = start(112, 112, 32);
    depthwise.conv(32, 3, { groups: 32, bias: false });
    check(depthwise, [[12544, 9, 1, 32], 12544 * 9 * 32, 288]);
  });

  test('a dense layer has a row for each element of its leading dimensions', () => {
    const vector = start(2048);
    vector.dense(1000);
    check(vector, [[1, 2048, 1000, 1], 2048000, 2049000]);
    const sequence = start(384, 1024);
    sequence.dense(4096, { bias: false });
    check(sequence, [[2 * 384, 1024, 4096, 1], 2 * 384 * 1024 * 4096, 1024 * 4096], 2);
  });

  test('products of activations are batched, and have no parameters', () => {
    const net = start(12, 64, 32);
    net.add({ kind: 'matmul', transposed: true }, [12, 64, 64], [-1, -1]);
    check(net, [[64, 32, 64, 12 * 4], 4 * 12 * 64 * 32 * 64, 0], 4);
  });

  test.each([
    ['left', [1, 3, 4], [6, 4, 5]],
    ['right', [6, 3, 4], [1, 4, 5]],
    ['both', [1, 6, 3, 4], [2, 1, 4, 5]],
  ])('a product whose %s side is broadcast is computed for each leading position of the result', (_, left, right) => {
    const net = start(...left);
    net.add({ kind: 'reshape', copies: false }, right);
    const outer = left.length === 4 ? [2, 6] : [6];
    net.add({ kind: 'matmul', transposed: false }, [...outer, 3, 5], [-1, 0]);
    const count = outer.reduce((product, each) => product * each, 1);
    check(net, [[3, 4, 5, count], count * 3 * 4 * 5, 0]);
  });

  test('attention: projections, scores and context', () => {
    const attention = { kind: 'attention', heads: 16, headSize: 64, contextLength: 384, causal: false } as const;
    const net = start(384, 1024);
    net.add({ ...attention, keyValueHeads: 16, bias: true }, [384, 1024]);
    const projections = 4 * 384 * 1024 * 1024;
    const scores = 2 * 16 * 384 * 384 * 64;
    check(net, [[384, 1024, 2048, 1], projections + scores, 4 * 1024 * 1024 + 4 * 1024]);
    // Four query heads share each key-value head: smaller projections of keys and values, the same scores.
    const grouped = start(384, 1024);
    grouped.add({ ...attention, keyValueHeads: 4, bias: false }, [384, 1024]);
    check(grouped, [
      [384, 1024, 1024, 1],
      2 * 384 * 1024 * 1024 + 2 * 384 * 1024 * 256 + scores,
      2 * 1024 * 1024 + 2 * 1024 * 256,
    ]);
    // One new token against a cache of 4095: the cache is read, and nothing of it is projected again.
    const decoding = start(1, 1024);
    decoding.add({ ...attention, keyValueHeads: 16, contextLength: 4096, bias: false }, [1, 1024]);
    check(decoding, [[1, 64, 4096, 16], 4 * 1024 * 1024 + 2 * 16 * 4096 * 64, 4 * 1024 * 1024]);
    const cache = costModel(plainTpu, decoding.build(), 'base', 1).layers[0]?.hbmBytes ?? 0;
    expect(cache).toBe(2 * (2 * 4095 * 1024 + 1024 + 1024));
  });

  test('LSTM and GRU: the input for all steps at once, the state step after step', () => {
    const lstm = start(25, 512);
    lstm.add({ kind: 'recurrent', cell: 'lstm', hidden: 1024, directions: 1, bias: true }, [25, 1024]);
    const weights = 4 * 1024 * (512 + 1024);
    check(lstm, [[1, 1024, 4096, 1], 25 * weights, weights + 2 * 4 * 1024]);
    const gru = start(10, 64);
    gru.add({ kind: 'recurrent', cell: 'gru', hidden: 32, directions: 2, bias: false }, [10, 64]);
    check(gru, [[3 * 10, 64, 192, 1], 3 * 10 * 2 * 96 * (64 + 32), 2 * 96 * (64 + 32)], 3);
  });

  test('several sequences advance together, and a sequential layer computes nothing in advance', () => {
    const beams = start(25, 10, 512);
    beams.add({ kind: 'recurrent', cell: 'lstm', hidden: 1024, directions: 1, bias: false }, [25, 10, 1024]);
    const weights = 4 * 1024 * (512 + 1024);
    check(beams, [[10, 1024, 4096, 1], 250 * weights, weights]);
    const dense = (sequential: boolean) => {
      const net = start(25, 10, 1024);
      net.add({ kind: 'dense', outputs: 1000, bias: false, ...(sequential ? { sequential } : {}) }, [25, 10, 1000]);
      return net;
    };
    check(dense(false), [[250, 1024, 1000, 1], 250 * 1024000, 1024000]);
    check(dense(true), [[10, 1024, 1000, 1], 250 * 1024000, 1024000]);
    check(dense(true), [[20, 1024, 1000, 1], 500 * 1024000, 1024000], 2);
    const compute = (net: ModelBuilder) => costModel(plainTpu, net.build(), 'base', 1).layers[0]?.computeCycles ?? 0;
    expect(compute(dense(true))).toBeGreaterThan(5 * compute(dense(false)));
  });

  test('each dependent step costs its latency', () => {
    const cycles = (steps: number) => {
      const net = start(steps, 128);
      net.add({ kind: 'recurrent', cell: 'lstm', hidden: 128, directions: 1, bias: false }, [steps, 128]);
      return costModel(plainTpu, net.build(), 'base', 1).layers[0]?.computeCycles ?? 0;
    };
    // 512 outputs over 4 arrays: one fold each; 128 to load, 1 row, 254 to fill and drain.
    expect(cycles(11) - cycles(1)).toBe(10 * (128 + 1 + 254) + 10);
  });
});

describe('vector work and data', () => {
  test('look-ups read rows, not the table', () => {
    const net = start(26);
    net.add({ kind: 'embedding', rows: 1e6, width: 128, lookups: 26, pooled: true }, [128]);
    const cost = costModel({ ...plainTpu, cmem: null }, net.build(), 'base', 2).layers[0];
    expect(cost?.parameters).toBe(128e6);
    expect(cost?.hbmBytes).toBe(2 * 2 * (26 * 128 + 26 + 128));
    expect(cost?.vectorCycles).toBe(Math.ceil((2 * 26 * 128) / 2048));
  });

  test.each([
    ['max pooling: a comparison per element of the window', 'max', 9],
    ['average pooling: one more to divide', 'average', 10],
  ] as const)('%s', (_, operation, perElement) => {
    const net = start(112, 112, 64);
    net.pool(operation, 3, 2, 1);
    expect(costModel(plainTpu, net.build(), 'base', 1).layers[0]?.vectorCycles).toBe(
      Math.ceil((56 * 56 * 64 * perElement) / 2048),
    );
  });

  test('an elementwise layer runs in the pipeline of its producer if it is the only reader', () => {
    const net = start(56, 56, 64);
    const a = net.conv(64, 3);
    net.relu(a);
    const b = net.conv(64, 3);
    net.plus(b, a + 1);
    net.relu();
    net.conv(64, 1);
    const layers = costModel(plainTpu, net.build(), 'base', 1).layers;
    expect(layers.map((layer) => layer.cycles > 0)).toEqual([true, false, true, false, false, true]);
    expect(layers.map((layer) => layer.vectorCycles)).toEqual([98, 0, 196, 0, 0, 0]);
    expect(layers[3]?.explanation).toBe('Runs in the tile pipeline of conv2.');
  });

  test('a tensor that two layers read is stored, and the next layer runs separately', () => {
    const net = start(56, 56, 64);
    const a = net.conv(64, 3);
    net.relu(a);
    net.plus(net.conv(64, 1, { input: a + 1 }), a);
    expect(costModel(plainTpu, net.build(), 'base', 1).layers.map((layer) => layer.cycles > 0)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('other names for a tensor cost nothing', () => {
    const net = start(7, 7, 512);
    net.add({ kind: 'reshape', copies: false }, [25088]);
    net.dense(10);
    net.add({ kind: 'normalization', normalization: 'batch', folded: true }, [10]);
    const layers = costModel(plainTpu, net.build(), 'base', 1).layers;
    expect(layers.map((layer) => layer.cycles > 0)).toEqual([false, true, false]);
    expect(layers[2]?.parameters).toBe(0);
  });
});

/** 13 depthwise separable blocks (Howard et al., 2017). */
function mobilenet(): Model {
  const net = start(224, 224, 3);
  net.conv(32, 3, { stride: 2, padding: 1 });
  const blocks = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [1024, 2],
    [1024, 1],
  ] as const;
  for (const [filters, stride] of blocks) {
    const channels = net.shapeOf(net.layers.length - 1).at(-1) ?? 1;
    net.conv(channels, 3, { groups: channels, stride, padding: 1 });
    net.conv(filters, 1);
  }
  net.pool('average', 7, 7);
  net.add({ kind: 'reshape', copies: false }, [1024]);
  net.dense(1000);
  return net.build();
}

describe('the counts equal published counts', () => {
  test.each([
    ['ResNet-50 v1.5', resnet50(), 4.09e9, 25.56e6],
    ['MobileNet-v1', mobilenet(), 0.569e9, 4.23e6],
    // 340 M is the paper's round figure; positions, types and the pooler are not in this encoder.
    ['BERT-large', bertLarge(), 123.2e9, 335e6],
  ])('%s', (_, model, macs, parameters) => {
    const cost = costModel(plainTpu, model, 'base', 1);
    expect(Math.abs(cost.macs / macs - 1)).toBeLessThan(0.005);
    expect(Math.abs(cost.parameters / parameters - 1)).toBeLessThan(0.006);
  });
});
