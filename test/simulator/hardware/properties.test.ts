import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataflow, LayerCost, Mode, Model, Npu, Packing, QuantizedSource } from '../../../design/index.ts';
import { bytesPerElement, elementsOf, storedAs } from '../../../design/index.ts';
import { buildServiceTable, costModel, planResidency } from '../../../simulator/hardware/index.ts';
import { cellIndex, weightStates } from '../../../simulator/service-table.ts';
import { series } from '../../series.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/** Properties of all inputs. Chips and networks are drawn at random; a failure prints the smallest example. */
const modes: readonly Mode[] = ['base', 'burst'];

const bandwidth = fc.double({ min: 1e9, max: 2e13, noNaN: true });

const chips: fc.Arbitrary<Npu> = fc
  .record({
    rows: fc.integer({ min: 1, max: 130 }),
    columns: fc.integer({ min: 1, max: 130 }),
    count: fc.integer({ min: 1, max: 5 }),
    dataflow: fc.constantFrom<Dataflow>('weight-stationary', 'output-stationary', 'input-stationary'),
    preload: fc.constantFrom('hidden', 'exposed'),
    convolution: fc.constantFrom('im2col', 'direct'),
    issue: fc.option(
      fc.record({ blockRows: fc.integer({ min: 1, max: 32 }), minimumCycles: fc.integer({ min: 1, max: 12 }) }),
    ),
    packing: fc.constantFrom<Packing>('none', 'reduction', 'columns'),
    source: fc.constantFrom<QuantizedSource>('on-chip', 'off-chip', 'stored'),
    elementsPerCycle: fc.oneof(fc.double({ min: 0.5, max: 4096, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
    residency: fc.constantFrom('pinned', 'lru'),
    clockHertz: fc.double({ min: 1e8, max: 3e9, noNaN: true }),
    lanes: fc.integer({ min: 1, max: 4096 }),
    vmemBytes: fc.integer({ min: 2 ** 12, max: 2 ** 25 }),
    cmemBytes: fc.option(fc.integer({ min: 0, max: 2 ** 26 })),
    vmemRate: bandwidth,
    cmemRate: bandwidth,
    hbmRate: bandwidth,
  })
  .map((draw) => ({
    ...stimpack,
    clockHertz: draw.clockHertz,
    array: {
      rows: draw.rows,
      columns: draw.columns,
      count: draw.count,
      dataflow: draw.dataflow,
      preload: draw.preload as 'hidden' | 'exposed',
      convolution: draw.convolution as 'im2col' | 'direct',
      ...(draw.issue === null ? {} : { issue: draw.issue }),
    },
    vectorUnit: { operationsPerCycle: draw.lanes },
    vmem: { capacityBytes: draw.vmemBytes, bandwidthBytesPerSecond: draw.vmemRate },
    cmem: draw.cmemBytes === null ? null : { capacityBytes: draw.cmemBytes, bandwidthBytesPerSecond: draw.cmemRate },
    hbm: { capacityBytes: 8e9, bandwidthBytesPerSecond: draw.hbmRate },
    burst: { precision: 'int8' as const, packing: draw.packing },
    quantizer: { source: draw.source, elementsPerCycle: draw.elementsPerCycle },
    residency: draw.residency as 'pinned' | 'lru',
  }));

interface Step {
  readonly kind: 'conv' | 'depthwise' | 'residual' | 'pool' | 'norm' | 'softmax';
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('conv', 'conv', 'depthwise', 'residual', 'pool', 'norm', 'softmax'),
    filters: fc.integer({ min: 1, max: 300 }),
    kernel: fc.constantFrom(1, 3, 5),
    stride: fc.constantFrom(1, 2),
  }),
  { minLength: 1, maxLength: 6 },
);

const images: fc.Arbitrary<Model> = fc
  .record({
    size: fc.integer({ min: 1, max: 60 }),
    channels: fc.integer({ min: 1, max: 64 }),
    steps,
    outputs: fc.integer({ min: 1, max: 1000 }),
    quantization: fc.constantFrom('static', 'dynamic', 'weight-only'),
  })
  .map((draw) => {
    const net = new ModelBuilder(
      'random',
      [draw.size, draw.size, draw.channels],
      draw.quantization as Model['quantization'],
    );
    net.conv(draw.channels, 3, { input: -1 });
    for (const step of draw.steps) {
      const last = net.layers.length - 1;
      const channels = net.shapeOf(last).at(-1) ?? 1;
      if (step.kind === 'conv') {
        net.conv(step.filters, step.kernel, { stride: step.stride });
        net.relu();
      } else if (step.kind === 'depthwise') net.conv(channels, step.kernel, { groups: channels, stride: step.stride });
      else if (step.kind === 'residual') {
        net.relu(net.conv(channels, step.kernel));
        net.plus(last, net.conv(channels, 1));
      } else if (step.kind === 'pool') net.pool('max', 1, step.stride);
      else if (step.kind === 'norm')
        net.add({ kind: 'normalization', normalization: 'layer', folded: false }, net.shapeOf(last));
      else net.add({ kind: 'softmax' }, net.shapeOf(last));
    }
    net.add({ kind: 'reshape', copies: false }, [elementsOf(net.shapeOf(net.layers.length - 1))]);
    net.dense(draw.outputs);
    return net.build();
  });

const sequences: fc.Arbitrary<Model> = fc
  .record({
    steps: fc.integer({ min: 1, max: 80 }),
    heads: fc.constantFrom(1, 2, 4),
    sharing: fc.constantFrom(1, 2),
    headSize: fc.integer({ min: 1, max: 64 }),
    cached: fc.integer({ min: 0, max: 50 }),
    hidden: fc.integer({ min: 1, max: 200 }),
    cell: fc.constantFrom('lstm' as const, 'gru' as const, 'rnn' as const),
    directions: fc.constantFrom(1, 2),
    quantization: fc.constantFrom('static', 'dynamic', 'weight-only'),
  })
  .map((draw) => {
    const { steps: length, hidden } = draw;
    const net = new ModelBuilder('sequence', [length], draw.quantization as Model['quantization']);
    net.add({ kind: 'embedding', rows: 5000, width: hidden, lookups: length, pooled: false }, [length, hidden]);
    const attention = net.add(
      {
        kind: 'attention',
        heads: draw.heads * draw.sharing,
        keyValueHeads: draw.heads,
        headSize: draw.headSize,
        contextLength: length + draw.cached,
        causal: true,
        bias: true,
      },
      [length, hidden],
    );
    net.plus(0, attention);
    net.add(
      {
        kind: 'recurrent',
        cell: draw.cell,
        hidden,
        directions: draw.directions as 1 | 2,
        bias: true,
      },
      [length, hidden * draw.directions],
    );
    net.dense(100);
    net.add({ kind: 'softmax' }, [length, 100]);
    return net.build();
  });

const models = fc.oneof(images, sequences);
const batches = fc.integer({ min: 1, max: 9 });
const runs = { numRuns: series(60, 150), seed: 20 };

/** A time may differ by the rounding of sums. */
function atMost(value: number, limit: number): void {
  expect(value).toBeLessThanOrEqual(limit * (1 + 1e-9));
}

const seconds = (npu: Npu, model: Model, mode: Mode, batch = 1) => costModel(npu, model, mode, batch).seconds;

describe('lower bounds', () => {
  test('cycles >= MACs / peak, and >= bytes / bandwidth of each memory', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        for (const mode of modes) {
          const packs = mode === 'burst' && npu.burst?.packing !== 'none' && model.quantization !== 'weight-only';
          const peak = npu.array.rows * npu.array.columns * npu.array.count * (packs ? 2 : 1);
          const cost = costModel(npu, model, mode, batch);
          const sum = (of: (layer: LayerCost) => number) => cost.layers.reduce((total, layer) => total + of(layer), 0);
          // Weights may arrive before their layer starts, so HBM bounds the network rather than each layer.
          atMost(sum((layer) => layer.hbmBytes) / npu.hbm.bandwidthBytesPerSecond, cost.seconds);
          for (const layer of cost.layers) {
            const before = layer.prefetchedBytes;
            atMost(layer.macs / peak, layer.computeCycles);
            atMost(layer.computeCycles, layer.cycles);
            atMost(layer.vectorCycles, layer.cycles);
            atMost(((layer.hbmBytes - before) / npu.hbm.bandwidthBytesPerSecond) * npu.clockHertz, layer.cycles);
            atMost((layer.vmemBytes / npu.vmem.bandwidthBytesPerSecond) * npu.clockHertz, layer.cycles);
            if (npu.cmem !== null)
              atMost((layer.cmemBytes / npu.cmem.bandwidthBytesPerSecond) * npu.clockHertz, layer.cycles);
            expect(layer.utilization).toBeLessThanOrEqual(1);
            expect(layer.explanation).not.toMatch(/NaN|Infinity|undefined/);
          }
        }
      }),
      runs,
    );
  });

  test('HBM bytes >= compulsory: input, output and weights that are not resident move at least once', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        for (const mode of modes) {
          const cost = costModel(npu, model, mode, batch);
          const quantized = mode === 'burst' && model.quantization !== 'weight-only';
          const activation = bytesPerElement(storedAs(quantized ? 'int8' : 'bf16'));
          const ends = elementsOf(model.inputShape) + elementsOf(model.layers.at(-1)?.outputShape ?? []);
          const streamed = cost.layers.reduce(
            (sum, layer) => sum + (layer.kind === 'embedding' ? 0 : (1 - layer.residentShare) * layer.weightBytes),
            0,
          );
          const moved = cost.layers.reduce((sum, layer) => sum + layer.hbmBytes, 0);
          atMost(ends * activation * batch + streamed, moved);
        }
      }),
      runs,
    );
  });
});

describe('modes', () => {
  test('burst mode computes at most twice as fast as base mode, with the same MACs', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        const base = costModel(npu, model, 'base', batch);
        const burst = costModel(npu, model, 'burst', batch);
        if (base.parts.join() !== burst.parts.join()) return;
        for (const [index, layer] of burst.layers.entries()) {
          expect(2 * layer.computeCycles).toBeGreaterThanOrEqual(base.layers[index]?.computeCycles ?? Number.NaN);
          expect(layer.computeCycles).toBeLessThanOrEqual(base.layers[index]?.computeCycles ?? Number.NaN);
          expect(layer.macs).toBe(base.layers[index]?.macs);
        }
        expect(burst.parameters).toBe(base.parameters);
      }),
      runs,
    );
  });

  test('MACs do not depend on dataflow, preload, convolution, array or memory', () => {
    fc.assert(
      fc.property(chips, chips, models, batches, (one, other, model, batch) => {
        expect(costModel(one, model, 'base', batch).macs).toBe(costModel(other, model, 'burst', batch).macs);
        expect(costModel(one, model, 'base', batch).macs).toBe(costModel(one, model, 'base', 1).macs * batch);
      }),
      runs,
    );
  });

  test('an infinitely fast quantization unit equals stored copies, wherever the weights are resident', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        const free = { ...npu, cmem: npu.cmem ?? stimpack.cmem };
        const onChip: Npu = { ...free, quantizer: { source: 'on-chip', elementsPerCycle: Number.POSITIVE_INFINITY } };
        const stored: Npu = { ...free, quantizer: { source: 'stored', elementsPerCycle: 1 } };
        const converting = buildServiceTable(onChip, model, batch);
        const kept = buildServiceTable(stored, model, batch);
        for (let layer = 0; layer < model.layers.length; layer++) {
          const convert = converting.seconds[cellIndex(layer, 'burst', 'convert')] ?? Number.NaN;
          const resident = kept.seconds[cellIndex(layer, 'burst', 'resident')] ?? Number.NaN;
          // With stored copies, the chip can read the int8 weights from HBM instead of a slow scratchpad.
          if ((npu.cmem?.bandwidthBytesPerSecond ?? 2.4e12) >= npu.hbm.bandwidthBytesPerSecond)
            expect(convert).toBe(resident);
          else atMost(resident, convert);
        }
      }),
      runs,
    );
  });
});

describe('the source of the weights at a mode change', () => {
  test('on-chip conversion is faster than fetching int8 if the unit is faster than HBM and nothing else is slower', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 1e8, max: 3e9, noNaN: true }),
        fc.double({ min: 4, max: 400, noNaN: true }),
        fc.constantFrom<Packing>('reduction', 'columns', 'none'),
        fc.constantFrom<Dataflow>('weight-stationary', 'output-stationary'),
        (features, outputs, clockHertz, bytesPerCycle, packing, dataflow) => {
          const net = new ModelBuilder('dense', [1024 * features]);
          net.dense(2048 * outputs, { bias: false });
          const model = net.build();
          const chip = (source: QuantizedSource, elementsPerCycle: number): Npu => ({
            ...stimpack,
            clockHertz,
            array: { ...stimpack.array, dataflow, count: 4 },
            vmem: { ...stimpack.vmem, bandwidthBytesPerSecond: 1e6 * clockHertz },
            cmem: { capacityBytes: 2 ** 27, bandwidthBytesPerSecond: 1e6 * clockHertz },
            hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: bytesPerCycle * clockHertz },
            burst: { precision: 'int8', packing },
            quantizer: { source, elementsPerCycle },
          });
          const fetched = buildServiceTable(chip('off-chip', 1), model, 1).seconds[cellIndex(0, 'burst', 'fetch')] ?? 0;
          const converted = (rate: number) =>
            buildServiceTable(chip('on-chip', rate), model, 1).seconds[cellIndex(0, 'burst', 'convert')] ?? 0;
          // One element of int8 is one byte. One per cent is for the activations, which HBM moves in both cases.
          // A slower unit is not used: HBM has the int8 weights too.
          expect(converted(0.98 * bytesPerCycle)).toBe(fetched);
          expect(converted(1.02 * bytesPerCycle)).toBeLessThan(fetched);
        },
      ),
      runs,
    );
  });
});

describe('monotone', () => {
  const more = fc.double({ min: 1, max: 16, noNaN: true });

  test.each([
    ['HBM bandwidth', (npu: Npu, by: number) => ({ ...npu, hbm: faster(npu.hbm, by) })],
    ['VMEM bandwidth', (npu: Npu, by: number) => ({ ...npu, vmem: faster(npu.vmem, by) })],
    ['CMEM bandwidth', (npu: Npu, by: number) => ({ ...npu, cmem: npu.cmem && faster(npu.cmem, by) })],
    ['VMEM capacity', (npu: Npu, by: number) => ({ ...npu, vmem: larger(npu.vmem, by) })],
    ['CMEM capacity', (npu: Npu, by: number) => ({ ...npu, cmem: npu.cmem && larger(npu.cmem, by) })],
    ['a CMEM at all', (npu: Npu, by: number) => ({ ...npu, cmem: npu.cmem ?? larger(npu.vmem, by) })],
    ['frequency', (npu: Npu, by: number) => ({ ...npu, clockHertz: npu.clockHertz * by })],
    ['arrays', (npu: Npu, by: number) => ({ ...npu, array: { ...npu.array, count: Math.ceil(npu.array.count * by) } })],
    [
      'vector lanes',
      (npu: Npu, by: number) => ({
        ...npu,
        vectorUnit: { operationsPerCycle: Math.ceil(npu.vectorUnit.operationsPerCycle * by) },
      }),
    ],
    [
      'quantization rate',
      (npu: Npu, by: number) => ({
        ...npu,
        quantizer: { ...npu.quantizer, elementsPerCycle: npu.quantizer.elementsPerCycle * by },
      }),
    ],
  ])('more %s is never slower', (_, improve) => {
    fc.assert(
      fc.property(chips, models, batches, more, (drawn, model, batch, by) => {
        // Where the large scratchpad is slower than HBM, a layer that reads the copy in HBM leaves less time of HBM for the prefetch of the next layer.
        const rate = Math.max(drawn.hbm.bandwidthBytesPerSecond, drawn.cmem?.bandwidthBytesPerSecond ?? 0);
        const npu = { ...drawn, cmem: drawn.cmem && { ...drawn.cmem, bandwidthBytesPerSecond: rate } };
        const better = improve(npu, by);
        // A layer that gets faster leaves less time for prefetch, which may cost the next one a little more than it gained.
        const slack = 1 + 1e-4;
        for (const mode of modes) atMost(seconds(better, model, mode, batch), slack * seconds(npu, model, mode, batch));
      }),
      runs,
    );
  });

  test('twice the frequency and twice all bandwidths halve the time, exactly', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        const twice: Npu = {
          ...npu,
          clockHertz: 2 * npu.clockHertz,
          vmem: faster(npu.vmem, 2),
          cmem: npu.cmem && faster(npu.cmem, 2),
          hbm: faster(npu.hbm, 2),
        };
        for (const mode of modes) expect(2 * seconds(twice, model, mode, batch)).toBe(seconds(npu, model, mode, batch));
      }),
      runs,
    );
  });

  test('a larger batch takes longer, but never longer than its halves one after the other', () => {
    fc.assert(
      fc.property(chips, models, fc.integer({ min: 1, max: 5 }), (npu, model, batch) => {
        // All activations fit on the chip, because a larger batch that spills may need more time for each request.
        const roomy: Npu = { ...npu, vmem: { ...npu.vmem, capacityBytes: 2 ** 33 } };
        // A larger batch has more and smaller tiles, and only the vector work and the store of the last tile are exposed. So half of the batch may expose more.
        const draining: Npu = {
          ...roomy,
          vectorUnit: { operationsPerCycle: 2 ** 40 },
          hbm: faster(roomy.hbm, 2 ** 40),
          cmem: roomy.cmem && faster(roomy.cmem, 2 ** 40),
        };
        for (const mode of modes) {
          atMost(seconds(roomy, model, mode, 2 * batch), 2 * seconds(roomy, model, mode, batch));
          // Vector cycles are whole numbers, so rounding can add one cycle to the last tile of each layer.
          const slack = model.layers.length / npu.clockHertz;
          atMost(seconds(draining, model, mode, batch), seconds(draining, model, mode, 2 * batch) + slack);
        }
      }),
      runs,
    );
  });
});

describe('residency', () => {
  test('a plan fills the scratchpad, and a larger one only adds weights if activations need no space', () => {
    fc.assert(
      fc.property(chips, fc.array(models, { minLength: 1, maxLength: 3 }), (npu, several) => {
        // All activations fit the working scratchpad.
        const roomy = { ...npu, vmem: { ...npu.vmem, capacityBytes: 2 ** 40 } };
        const plan = planResidency(roomy, several);
        expect(plan.usedBytes).toBeLessThanOrEqual(plan.capacityBytes);
        let used = 0;
        for (const [model, row] of plan.shares.entries())
          for (const [layer, share] of row.entries()) {
            const base = plan.baseBytes[model]?.[layer] ?? 0;
            const burst = plan.burstBytes[model]?.[layer] ?? 0;
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
            const twice =
              npu.quantizer.source === 'stored' &&
              several[model]?.layers[layer]?.operation.kind !== 'embedding' &&
              several[model]?.layers[layer]?.operation.kind !== 'normalization';
            used += share * (twice ? base + burst : Math.max(base, burst));
          }
        expect(Math.abs(used - plan.usedBytes)).toBeLessThanOrEqual(1e-6);
        const larger3 = planResidency({ ...roomy, cmem: npu.cmem && larger(npu.cmem, 3) }, several);
        for (const [model, row] of plan.shares.entries())
          for (const [layer, share] of row.entries())
            expect(larger3.shares[model]?.[layer]).toBeGreaterThanOrEqual(share);
      }),
      runs,
    );
  });

  test('no state of the weights is faster than resident, and all times are finite', () => {
    fc.assert(
      fc.property(chips, models, batches, (npu, model, batch) => {
        const table = buildServiceTable(npu, model, batch);
        for (const mode of modes) {
          const sums = weightStates.map((state) => {
            let sum = 0;
            for (let layer = 0; layer < model.layers.length; layer++) {
              const value = table.seconds[cellIndex(layer, mode, state)] ?? Number.NaN;
              expect(Number.isFinite(value) && value >= 0).toBe(true);
              sum += value;
            }
            return sum;
          });
          const [resident = 0, ...others] = sums;
          if (npu.cmem === null || npu.cmem.bandwidthBytesPerSecond < npu.hbm.bandwidthBytesPerSecond) continue;
          for (const other of others) atMost(resident, other);
        }
      }),
      runs,
    );
  });
});

function faster<T extends { readonly bandwidthBytesPerSecond: number }>(memory: T, by: number): T {
  return { ...memory, bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond * by };
}

function larger<T extends { readonly capacityBytes: number }>(memory: T, by: number): T {
  return { ...memory, capacityBytes: Math.floor(memory.capacityBytes * by) };
}
