import { nextServe } from '../policy/order.ts';
import { restSeconds } from '../policy/prediction.ts';
import { type Chip, IDLE_CHIP } from '../state/chip.ts';
import type { Simulation } from '../state/simulation.ts';

/*
 * Which idle chip gets the next batch. Among chips of several kinds, it is the one that completes the batch soonest; of two with the same time, the
 * one whose kind comes first in the file. A batch never waits for a faster chip that is busy.
 */

/**
 * The idle chip on which the next batch ends first: its time is that of the mode in which the chip is, with the weights that it has. At least one
 * chip must be idle. If no batch is ready, any idle chip.
 */
export function soonestChip(sim: Simulation): Chip {
  const serve = nextServe(sim);
  let best: Chip | null = null;
  let least = 0;
  for (const chip of sim.chips) {
    if (chip.phase !== IDLE_CHIP) continue;
    const size = serve === null ? 0 : Math.min(serve.queue.length, serve.maxBatch);
    const seconds = serve === null ? 0 : restSeconds(sim, chip, serve, size, 0, chip.burst);
    if (best !== null && seconds >= least) continue;
    best = chip;
    least = seconds;
  }
  if (best === null) throw new Error('simulator bug: no chip is idle');
  return best;
}
