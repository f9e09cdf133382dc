import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ratesOf } from '../../../simulator/hardware/chip-rates.ts';
import { emptyCost } from '../../../simulator/hardware/tile-cost.ts';
import { emptyDemand } from '../../../simulator/hardware/tile-demand.ts';
import { tile } from '../../../simulator/hardware/tiler.ts';
import { stimpack } from './fixtures.ts';

/**
 * A second witness: the tile pipeline scheduled tile by tile. Each stage works on one tile at a time, in order; a stage may run one
 * tile ahead of the next (double buffers), no more. Returns when the last tile is stored.
 */
function schedule(tiles: number, stages: readonly number[]): number {
  const ends = stages.map(() => new Float64Array(tiles));
  for (let at = 0; at < tiles; at++) {
    let ready = 0;
    for (const [stage, seconds] of stages.entries()) {
      const own = ends[stage] ?? new Float64Array(0);
      const next = ends[stage + 1];
      const free = at === 0 ? 0 : (own[at - 1] ?? 0);
      // One of the two buffers is free after the next stage has finished the tile before the last one.
      const room = at < 2 || next === undefined ? 0 : (next[at - 2] ?? 0);
      own[at] = Math.max(ready, free, room) + seconds;
      ready = own[at] ?? 0;
    }
  }
  return ends.at(-1)?.at(-1) ?? 0;
}

test('the closed form is the schedule of a double-buffered pipeline, to within a tile', () => {
  const time = fc.double({ min: 0, max: 1e-4, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      time,
      time,
      time,
      time,
      time,
      (tiles, load, quantize, compute, vector, store) => {
        const demand = emptyDemand();
        // Weights from CMEM, results to HBM: separate channels, so that the stages share nothing.
        const cmemRate = stimpack.cmem?.bandwidthBytesPerSecond ?? 0;
        Object.assign(demand, {
          computeSeconds: compute,
          vectorSeconds: vector,
          quantizeSeconds: quantize,
          weightCmemBytes: load * cmemRate,
          outputHbmBytes: store * stimpack.hbm.bandwidthBytesPerSecond,
          outputFolds: tiles,
        });
        const cost = emptyCost();
        const roomy = {
          ...stimpack,
          vmem: { capacityBytes: 2 ** 40, bandwidthBytesPerSecond: Number.POSITIVE_INFINITY },
        };
        tile(demand, ratesOf(roomy), roomy.vmem.capacityBytes, cost);
        const stages = [load, quantize, compute, vector, store].map((seconds) => seconds / tiles);
        const witness = schedule(tiles, stages);
        expect(Math.abs(cost.seconds - witness)).toBeLessThanOrEqual(Math.max(...stages) * (1 + 1e-9));
      },
    ),
    { numRuns: 500, seed: 6 },
  );
});
