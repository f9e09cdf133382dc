import { type MeasuredPart, slotSums, total } from '../judge/measured-part.ts';
import { totalStaticWatts } from '../kinds.ts';
import { FINISHED, JOULES } from '../record/serve-recorder.ts';
import type { ServeState } from '../state/serve-state.ts';
import type { Simulation } from '../state/simulation.ts';

/** The dynamic energy in joules of the requests of a serve in the measured part. */
export function dynamicJoules(sim: Simulation, serve: number, part: MeasuredPart): number {
  const state = sim.serves[serve] as ServeState;
  const { recorder } = state;
  const first = sim.profiles.profile(serve, 1, 0);
  let joules = total(slotSums(recorder, part, JOULES));
  for (let profile = 0; profile < recorder.profiles; profile++) {
    let requests = 0;
    for (let slot = part.firstSlot; slot < part.endSlot; slot++) {
      requests += recorder.profileRequests[slot * recorder.profiles + profile] as number;
    }
    joules += (requests / state.sizeOfProfile(profile)) * (sim.profiles.joules[first + profile] as number);
  }
  return joules;
}

/** Energy per request. The finished requests of all serves share the static energy equally (our assumption). */
export function joulesPerRequest(sim: Simulation, serve: number, part: MeasuredPart, finished: number): number | null {
  const staticWatts = totalStaticWatts(sim.input);
  if (staticWatts === null || !sim.profiles.hasEnergy || finished === 0) return null;
  let all = 0;
  for (const other of sim.serves) all += total(slotSums(other.recorder, part, FINISHED));
  const staticJoules = staticWatts * (part.endSeconds - part.warmupSeconds);
  return dynamicJoules(sim, serve, part) / finished + staticJoules / all;
}
