import type { SlotColumn } from '../../../design/index.ts';
import type { MeasuredPart } from '../judge/measured-part.ts';
import { SLOT_BUCKETS } from '../record/buckets.ts';
import { BURST, FINISHED, JOULES, type ServeRecorder, SUMS } from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';

/*
 * Columns over time from the sums of each slot. The recorder keeps these sums anyway, so the event loop does not get
 * slower.
 */

/** The served accuracy in each slot, including the warm-up, because a plot shows the whole run. */
export function accuracySlots(
  { sums }: ServeRecorder,
  part: MeasuredPart,
  bucketSeconds: number,
  base: number,
  burst: number,
): SlotColumn {
  const values = Float64Array.from({ length: part.endSlot }, (_, slot) => {
    const finished = sums[slot * SUMS + FINISHED] as number;
    return finished === 0 ? Number.NaN : base + (burst - base) * ((sums[slot * SUMS + BURST] as number) / finished);
  });
  return { slotSeconds: bucketSeconds * SLOT_BUCKETS, values };
}

/** The power of all chips in each slot, in watts. `staticWatts`: the static power of all chips. */
export function wattsSlots(
  sim: Simulation,
  part: MeasuredPart,
  bucketSeconds: number,
  staticWatts: number,
): SlotColumn {
  const slotSeconds = bucketSeconds * SLOT_BUCKETS;
  const values = Float64Array.from({ length: part.endSlot }, (_, slot) => {
    const seconds = Math.min(slotSeconds, part.endSeconds - slot * slotSeconds);
    let joules = 0;
    for (let serve = 0; serve < sim.serves.length; serve++) joules += slotJoules(sim, serve, slot);
    return staticWatts + joules / seconds;
  });
  return { slotSeconds, values };
}

/** The dynamic energy in joules of the requests of a serve that finished in one slot. */
function slotJoules(sim: Simulation, serve: number, slot: number): number {
  const state = sim.serves[serve] as ServeState;
  const { recorder } = state;
  const first = sim.profiles.profile(serve, 1, 0);
  let joules = recorder.sums[slot * SUMS + JOULES] as number;
  for (let profile = 0; profile < recorder.profiles; profile++) {
    const requests = recorder.profileRequests[slot * recorder.profiles + profile] as number;
    if (requests !== 0)
      joules += (requests / state.sizeOfProfile(profile)) * (sim.profiles.joules[first + profile] as number);
  }
  return joules;
}
