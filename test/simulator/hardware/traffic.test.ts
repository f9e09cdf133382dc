import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type Model, type Npu, storedAs } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/** HBM traffic of single layers over the capacity of the working scratchpad, with weights that stream. */

const dimension = fc.integer({ min: 64, max: 4096 });
const side = fc.constantFrom(8, 16, 32, 64, 128);
/** From eight folds of the array to 64 MiB. */
const capacity = fc.double({ min: 0, max: 1, noNaN: true });

interface Chip {
  readonly npu: Npu;
  readonly bytes: number;
}

const chips: fc.Arbitrary<Chip> = fc
  .record({ rows: side, columns: side, share: capacity, int8: fc.boolean() })
  .map(({ rows, columns, share, int8 }) => {
    const element = bytesPerElement(storedAs(int8 ? 'int8' : 'bf16'));
    const least = 8 * rows * columns * element;
    const bytes = Math.floor(least * (2 ** 26 / least) ** share);
    return { npu: chipOf(rows, columns, bytes, int8), bytes };
  });

function chipOf(rows: number, columns: number, bytes: number, int8: boolean): Npu {
  return {
    ...stimpack,
    array: { ...stimpack.array, rows, columns, count: 1 },
    vmem: { capacityBytes: bytes, bandwidthBytesPerSecond: 1e15 },
    cmem: null,
    hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: 1e9 },
    base: { precision: int8 ? 'int8' : 'bf16', packing: 'none' },
    burst: null,
  };
}

function dense(m: number, k: number, n: number): Model {
  const net = new ModelBuilder('dense', [m, k]);
  net.dense(n, { bias: false });
  return net.build();
}

const products = fc.tuple(dimension, dimension, dimension).map(([m, k, n]) => ({ m, k, n, model: dense(m, k, n) }));

const convolutions: fc.Arbitrary<Model> = fc
  .record({
    size: fc.integer({ min: 7, max: 112 }),
    channels: fc.integer({ min: 3, max: 512 }),
    filters: fc.integer({ min: 8, max: 512 }),
    kernel: fc.constantFrom(1, 3, 5),
    stride: fc.constantFrom(1, 2),
  })
  .map(({ size, channels, filters, kernel, stride }) => {
    const net = new ModelBuilder('conv', [size, size, channels]);
    net.conv(filters, kernel, { stride, input: -1 });
    return net.build();
  });

const layers = fc.oneof(
  products.map(({ model }) => model),
  convolutions,
);

const hbmBytes = (npu: Npu, model: Model) => costModel(npu, model, 'base', 1).layers[0]?.hbmBytes ?? Number.NaN;
const resized = (npu: Npu, by: number): Npu => ({
  ...npu,
  vmem: { ...npu.vmem, capacityBytes: Math.floor(npu.vmem.capacityBytes * by) },
});
const runs = { numRuns: 400, seed: 7 };

describe('HBM traffic of a layer', () => {
  test('never grows with the capacity of the working scratchpad', () => {
    fc.assert(
      fc.property(chips, layers, fc.double({ min: 1, max: 8, noNaN: true }), ({ npu }, model, by) => {
        expect(hbmBytes(resized(npu, by), model)).toBeLessThanOrEqual(hbmBytes(npu, model) * (1 + 1e-9));
      }),
      runs,
    );
  });

  test('grows at most three times if the working scratchpad is halved', () => {
    fc.assert(
      fc.property(chips, layers, ({ npu }, model) => {
        expect(hbmBytes(resized(npu, 0.5), model)).toBeLessThanOrEqual(3 * hbmBytes(npu, model));
      }),
      runs,
    );
  });

  // With int8, a partial sum is four times as large as an element, so less of the buffer is left for reuse than the bound assumes. Rounding to whole tiles adds the rest.
  test('of a product stays within 2.5 times (int8: 2.75) the larger of its operands and 2 M N K / sqrt(S)', () => {
    fc.assert(
      fc.property(chips, products, ({ npu, bytes }, { m, k, n, model }) => {
        const element = bytesPerElement(storedAs(npu.base.precision));
        const operands = m * k + k * n + m * n;
        const bound = (2 * m * n * k) / Math.sqrt(bytes / element);
        expect(hbmBytes(npu, model) / element / Math.max(operands, bound)).toBeLessThanOrEqual(
          element === 1 ? 2.75 : 2.5,
        );
      }),
      runs,
    );
  });
});
