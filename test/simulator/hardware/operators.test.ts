import { describe, expect, test } from 'vitest';
import type { Npu, Operation, Shape } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';

/**
 * Every operator in a network of one layer, compared with figures that were computed by hand. The chip has one weight-stationary array of 128 x 128
 * with hidden preload, 2048 lanes and no CMEM. With bf16 and batch 1, HBM moves the input, the output and the parameters once, with two bytes for each
 * element.
 */
const npu: Npu = { ...plainTpu, array: { ...plainTpu.array, count: 1 }, cmem: null };

/** The cycles of `count` folds with `rows` each: the first load of 128, then max(rows, 128) for each fold but the last, which has a skew of 254 (docs/hardware.md, 2). */
const folds = (count: number, rows: number): number => 128 + (count - 1) * Math.max(rows, 128) + rows + 254;

interface Expected {
  readonly macs: number;
  readonly compute: number;
  /** Elementary operations of the vector unit. */
  readonly vector: number;
  readonly parameters: number;
  /** Elements of the inputs and outputs, without parameters. */
  readonly moved: number;
}

function check(net: ModelBuilder, expected: Expected): void {
  const [layer] = costModel(npu, net.build(), 'base', 1).layers;
  expect({
    macs: layer?.macs,
    compute: layer?.computeCycles,
    vector: layer?.vectorCycles,
    parameters: layer?.parameters,
    hbm: layer?.hbmBytes,
  }).toEqual({
    macs: expected.macs,
    compute: expected.compute,
    vector: Math.ceil(expected.vector / 2048),
    parameters: expected.parameters,
    hbm: 2 * (expected.moved + expected.parameters),
  });
}

const net = (...shape: number[]) => new ModelBuilder('net', shape);
const one = (input: Shape, operation: Operation, output: Shape, inputs: readonly number[] = [-1]): ModelBuilder => {
  const builder = net(...input);
  builder.add(operation, output, inputs);
  return builder;
};
const conv = (input: Shape, filters: number, kernel: number, options: Parameters<ModelBuilder['conv']>[2] = {}) => {
  const builder = net(...input);
  builder.conv(filters, kernel, options);
  return builder;
};

describe('products', () => {
  test('convolution: 14 x 14 rows, 3 x 3 x 256 of reduction in 18 folds, 512 filters in 4', () => {
    const macs = 196 * 2304 * 512;
    check(conv([14, 14, 256], 512, 3), {
      macs,
      compute: folds(18 * 4, 196),
      vector: 0,
      parameters: 2304 * 512 + 512,
      moved: 196 * 256 + 196 * 512,
    });
  });

  test('strided: a quarter of the rows', () => {
    check(conv([224, 224, 3], 64, 7, { stride: 2, padding: 3, bias: false }), {
      macs: 12544 * 147 * 64,
      compute: folds(2, 12544),
      vector: 0,
      parameters: 147 * 64,
      moved: 224 * 224 * 3 + 12544 * 64,
    });
  });

  test('dilated: the same products, from further apart', () => {
    check(conv([28, 28, 64], 128, 3, { dilation: 2, padding: 2, bias: false }), {
      macs: 784 * 576 * 128,
      compute: folds(5, 784),
      vector: 0,
      parameters: 576 * 128,
      moved: 784 * 64 + 784 * 128,
    });
  });

  test('grouped: each group has its own reduction (9 x 16, 2 folds) and filters', () => {
    check(conv([28, 28, 64], 128, 3, { groups: 4, bias: false }), {
      macs: 784 * 144 * 32 * 4,
      compute: folds(4 * 2, 784),
      vector: 0,
      parameters: 144 * 128,
      moved: 784 * 64 + 784 * 128,
    });
  });

  test('depthwise: a reduction of 9 for each of 64 channels, eight of them side by side in a fold', () => {
    check(conv([56, 56, 64], 64, 3, { groups: 64, bias: false }), {
      macs: 3136 * 9 * 64,
      compute: folds(64 / 8, 3136),
      vector: 0,
      parameters: 9 * 64,
      moved: 2 * 3136 * 64,
    });
  });

  test('dense: one row of work for each leading element', () => {
    check(one([384, 1024], { kind: 'dense', outputs: 4096, bias: true }, [384, 4096]), {
      macs: 384 * 1024 * 4096,
      compute: folds(8 * 32, 384),
      vector: 0,
      parameters: 1024 * 4096 + 4096,
      moved: 384 * 1024 + 384 * 4096,
    });
  });

  test('a product of activations, batched: 12 of 64 x 32 x 64, two side by side in a fold', () => {
    check(one([12, 64, 32], { kind: 'matmul', transposed: true }, [12, 64, 64], [-1, -1]), {
      macs: 12 * 64 * 32 * 64,
      compute: folds(6, 64),
      vector: 0,
      parameters: 0,
      moved: 2 * 12 * 64 * 32 + 12 * 64 * 64,
    });
  });

  const attention = { kind: 'attention', heads: 4, headSize: 64, causal: false, bias: false } as const;

  test('attention: projections, scores, softmax, context', () => {
    const operation: Operation = { ...attention, keyValueHeads: 4, contextLength: 128 };
    check(one([128, 256], operation, [128, 256]), {
      macs: 4 * 128 * 256 * 256 + 2 * 4 * 128 * 128 * 64,
      // Queries and the output: 2 x 2 folds; keys and values together 2 x 4; scores and context one for each head.
      compute: 2 * folds(4, 128) + folds(8, 128) + 2 * folds(4, 128),
      vector: 7 * 4 * 128 * 128,
      parameters: 4 * 256 * 256,
      moved: 2 * 128 * 256,
    });
  });

  test('attention of one new step over a cache of 1023: rows are few, the cache is read', () => {
    const operation: Operation = { ...attention, keyValueHeads: 2, contextLength: 1024 };
    check(one([1, 256], operation, [1, 256]), {
      macs: 256 * 256 * 2 + 256 * 256 + 2 * 4 * 1024 * 64,
      // Two query heads share each key-value head: two rows; 1024 keys are 8 folds of columns, then 8 of the reduction.
      compute: 2 * folds(4, 1) + folds(4, 1) + folds(2 * 8, 2) + folds(2 * 8, 2),
      vector: 7 * 4 * 1024,
      parameters: 3 * 256 * 256,
      moved: 2 * 256 + 2 * 1023 * 128,
    });
  });

  test.each([
    ['lstm', 4, 30],
    ['gru', 3, 21],
    ['rnn', 1, 6],
  ] as const)('%s: the inputs of ten steps at once, then the state, ten times', (cell, gates, operations) => {
    const width = gates * 128;
    check(one([10, 64], { kind: 'recurrent', cell, hidden: 128, directions: 1, bias: false }, [10, 128]), {
      macs: 10 * width * (64 + 128),
      compute: folds(gates, 10) + 10 * folds(gates, 1),
      vector: operations * 10 * 128,
      parameters: width * (64 + 128),
      moved: 10 * 64 + 10 * 128,
    });
  });
});

describe('vector work and data', () => {
  const element = (input: Shape, operation: Operation, vector: number, output = input, inputs: number[] = [-1]) => {
    const size = (shape: Shape) => shape.reduce((product, each) => product * each, 1);
    const moved = inputs.length * size(input) + size(output);
    check(one(input, operation, output, inputs), { macs: 0, compute: 0, vector, parameters: 0, moved });
  };

  test('a table: the looked-up rows and the indices are moved, the rest of the table is not', () => {
    const table: Operation = { kind: 'embedding', rows: 100_000, width: 64, lookups: 26, pooled: true };
    const [layer] = costModel(npu, one([26], table, [64]).build(), 'base', 1).layers;
    expect([layer?.macs, layer?.vectorCycles, layer?.parameters]).toEqual([0, 1, 6_400_000]);
    expect(layer?.hbmBytes).toBe(2 * (26 + 26 * 64 + 64));
  });

  const window = {
    kernel: { height: 3, width: 3 },
    stride: { height: 2, width: 2 },
    padding: { top: 1, bottom: 1, left: 1, right: 1 },
  };
  const n = 128 * 256;
  test('pooling', () => {
    element([56, 56, 64], { kind: 'pool', operation: 'max', ...window }, 9 * 784 * 64, [28, 28, 64]);
    element([56, 56, 64], { kind: 'pool', operation: 'average', ...window }, 10 * 784 * 64, [28, 28, 64]);
  });
  test('softmax', () => element([4, 128, 128], { kind: 'softmax' }, 6 * 4 * 128 * 128));
  test('activation', () => {
    element([128, 256], { kind: 'activation', function: 'relu' }, n);
    element([128, 256], { kind: 'activation', function: 'gelu' }, 12 * n);
  });
  test('element by element', () => {
    element([128, 256], { kind: 'elementwise', operation: 'add' }, n, [128, 256], [-1, -1]);
    element([128, 256], { kind: 'elementwise', operation: 'divide' }, 2 * n, [128, 256], [-1, -1]);
  });
  test('concatenation and reordering move bytes, nothing else', () => {
    element([128, 256], { kind: 'concat', axis: -1 }, 0, [128, 512], [-1, -1]);
    element([128, 256], { kind: 'reshape', copies: true }, 0, [256, 128]);
  });
  test('enlargement', () =>
    element([14, 14, 64], { kind: 'upsample', factor: { height: 2, width: 2 } }, 3 * 784 * 64, [28, 28, 64]));

  test.each([
    ['batch', 2, 2],
    ['layer', 7, 2],
    ['group', 7, 2],
    ['rms', 4, 1],
    ['local-response', 10, 0],
  ] as const)('%s normalization', (normalization, operations, scales) => {
    check(one([128, 256], { kind: 'normalization', normalization, folded: false }, [128, 256]), {
      macs: 0,
      compute: 0,
      vector: operations * n,
      parameters: scales * 256,
      moved: 2 * n,
    });
  });
});

test('a residual block with branches: every product counts, and no intermediate result goes to HBM', () => {
  const block = net(28, 28, 64);
  const first = block.conv(64, 3, { bias: false });
  const left = block.conv(64, 3, { bias: false, input: first });
  const right = block.conv(64, 1, { bias: false, input: first });
  block.plus(left, right);
  block.relu();
  const cost = costModel(npu, block.build(), 'base', 1);
  expect(cost.macs).toBe(784 * 64 * (576 + 576 + 64));
  expect(cost.layers.map((layer) => layer.computeCycles)).toEqual([folds(5, 784), folds(5, 784), folds(1, 784), 0, 0]);
  expect(cost.layers.map((layer) => layer.vectorCycles)).toEqual([0, 0, Math.ceil((2 * 784 * 64) / 2048), 0, 0]);
  const moved = cost.layers.reduce((sum, layer) => sum + layer.hbmBytes, 0);
  expect(moved).toBe(2 * (784 * 64 + cost.parameters + 784 * 64));
});
