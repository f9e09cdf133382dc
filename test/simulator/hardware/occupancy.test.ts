import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyPlaces, inCmem, inVmem, placeActivations } from '../../../simulator/hardware/activation-places.ts';
import { ratesOf } from '../../../simulator/hardware/chip-rates.ts';
import { graphOf } from '../../../simulator/hardware/graph.ts';
import { emptyCost } from '../../../simulator/hardware/tile-cost.ts';
import { emptyDemand } from '../../../simulator/hardware/tile-demand.ts';
import { smallestTileBytes, tile } from '../../../simulator/hardware/tiler.ts';
import { ModelBuilder, resnet50, stimpack } from './fixtures.ts';

/** An invariant that no output shows: scratchpads are not filled beyond their size. */
test('tiles fit into the available space if the smallest tiles fit', () => {
  const size = fc.integer({ min: 0, max: 1e7 });
  const count = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(
      size,
      size,
      size,
      count,
      count,
      count,
      fc.integer({ min: 4096, max: 2 ** 24 }),
      (weights, inputs, results, outputFolds, rows, reductionFolds, capacity) => {
        const demand = emptyDemand();
        Object.assign(demand, { weightVmemBytes: weights, weightCmemBytes: weights });
        Object.assign(demand, { inputHbmBytes: inputs, outputHbmBytes: results, partialBytes: 2 * results });
        Object.assign(demand, { outputFolds, rows, reductionFolds, loadRows: 16, computeSeconds: 1e-5 });
        const cost = emptyCost();
        tile(demand, ratesOf(stimpack), capacity, cost);
        expect(cost.tileBytes).toBeLessThanOrEqual(Math.max(capacity, smallestTileBytes(demand)) * (1 + 1e-12));
      },
    ),
    { numRuns: 500, seed: 3 },
  );
});

/** At every layer, the tensors that are still needed fit into their memory. */
function checkPlaces(model: ReturnType<typeof resnet50>, bytes: number, vmem: number, cmem: number): void {
  const graph = graphOf(model);
  const all = emptyPlaces(model.layers.length, vmem);
  placeActivations(graph, all, bytes, cmem, { price: () => ({ seconds: 0, hbmBytes: 0 }), smallestTileBytes: () => 0 });
  const { places, freeBytes } = all;
  for (let at = 0; at < model.layers.length; at++) {
    const held = [0, 0, 0];
    for (const tensor of graph.bySpaceBenefit) {
      const last = graph.readers[tensor]?.at(-1) ?? tensor;
      const place = places[tensor] ?? 2;
      if (tensor <= at && at <= last) held[place] = (held[place] ?? 0) + (graph.outputElements[tensor] ?? 0) * bytes;
    }
    expect(held[inVmem]).toBeLessThanOrEqual(vmem);
    expect(freeBytes[at]).toBe(vmem - (held[inVmem] ?? 0));
    expect(held[inCmem]).toBeLessThanOrEqual(cmem);
  }
}

test('activations that are needed at the same time fit into their places', () => {
  const net = resnet50();
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 0, max: 2 ** 24 }),
      fc.integer({ min: 0, max: 2 ** 27 }),
      (batch, vmem, cmem) => checkPlaces(net, 2 * batch, vmem, cmem),
    ),
    { numRuns: 200, seed: 4 },
  );
  const branches = new ModelBuilder('branches', [28, 28, 16]);
  const first = branches.conv(32, 3);
  const left = branches.conv(64, 3, { input: first });
  const right = branches.conv(64, 1, { input: first });
  const far = branches.conv(64, 5, { input: right });
  branches.add({ kind: 'concat', axis: -1 }, [28, 28, 192], [left, right, far]);
  branches.conv(8, 1);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 400_000 }), (vmem, cmem) =>
      checkPlaces(branches.build(), 2, vmem, cmem),
    ),
    { numRuns: 200, seed: 5 },
  );
});
