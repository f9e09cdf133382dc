import { nextServe } from '../policy/order.ts';
import { restSeconds } from '../policy/prediction.ts';
import { type Chip, IDLE_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';

/*
 * Which idle chip gets the next batch. Equal chips are taken in the order of their numbers. Among chips of several kinds, it is the one that
 * completes the batch soonest; of two with the same time, the one whose kind comes first in the file. A batch never waits for a faster chip that is
 * busy.
 */

/** The idle chip that starts the next batch. At least one chip must be idle. */
export function chipFor(sim: Simulation): Chip {
  if (sim.isMixed) {
    const serve = nextServe(sim);
    if (serve !== null) return soonestIdle(sim, serve);
  }
  let c = 0;
  while (sim.chip(c).phase !== IDLE_CHIP) c++;
  return sim.chip(c);
}

/** The time of a batch on a chip is that of the mode in which the chip is, with the weights that it has. */
function soonestIdle(sim: Simulation, serve: ServeState): Chip {
  const size = Math.min(serve.queue.length, serve.maxBatch);
  let best: Chip | null = null;
  let least = 0;
  for (const chip of sim.chips) {
    if (chip.phase !== IDLE_CHIP) continue;
    const seconds = restSeconds(sim, chip, serve, size, 0, chip.burst);
    if (best !== null && seconds >= least) continue;
    best = chip;
    least = seconds;
  }
  if (best === null) throw new Error('simulator bug: no chip is idle');
  return best;
}
