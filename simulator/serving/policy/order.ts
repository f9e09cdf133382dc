import type { Batch } from '../state/batch.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_STEADY } from '../state/service-profiles.ts';
import { EDF, FIFO, PRIORITY, type Simulation, SJF } from '../state/simulation.ts';

/*
 * The order of the batches. The requests of one serve have the same deadline, priority and service time, so they never
 * overtake each other. It is enough to compare the oldest requests of the serves. The one with the smaller key is first. If
 * the keys are equal, the older request is first, then the request of the serve that comes first in the file.
 */

/** The key of a batch of `size` requests of a serve. The oldest of them arrived at `arrivalSeconds`. */
export function urgency(sim: Simulation, serve: ServeState, size: number, arrivalSeconds: number): number {
  switch (sim.order) {
    case FIFO:
      return arrivalSeconds;
    case EDF:
      return arrivalSeconds + serve.deadlineSeconds;
    case PRIORITY:
      return -serve.priority;
    default:
      return sim.profiles.leastSeconds[serve.profile(size, BASE_STEADY)] as number;
  }
}

/** Whether a batch can start now: it is full, or its oldest request has waited for the timeout. */
export function isReady(sim: Simulation, serve: ServeState): boolean {
  const { length } = serve.queue;
  if (length === 0) return false;
  if (serve.timeoutSeconds === 0 || length >= serve.maxBatch) return true;
  return sim.clock.now >= serve.queue.arrivalAt(0) + serve.timeoutSeconds;
}

/** The serve whose batch starts next. null: no batch is ready. */
export function nextServe(sim: Simulation): ServeState | null {
  if (sim.totalQueued === 0) return null;
  const { serves } = sim;
  if (serves.length === 1) {
    const only = serves[0] as ServeState;
    return isReady(sim, only) ? only : null;
  }
  let best: ServeState | null = null;
  let bestKey = 0;
  let bestArrival = 0;
  for (let s = 0; s < serves.length; s++) {
    const serve = serves[s] as ServeState;
    if (!isReady(sim, serve)) continue;
    const arrival = serve.queue.arrivalAt(0);
    const key = urgency(sim, serve, Math.min(serve.queue.length, serve.maxBatch), arrival);
    if (best === null || key < bestKey || (key === bestKey && arrival < bestArrival)) {
      best = serve;
      bestKey = key;
      bestArrival = arrival;
    }
  }
  return best;
}

/** The key of a started batch. With `sjf`, only its remaining layers count. */
export function startedUrgency(sim: Simulation, batch: Batch): number {
  const { profiles } = sim;
  const key = urgency(sim, batch.serve, batch.size, batch.requests[0] as number);
  if (sim.order !== SJF) return key;
  const offset = profiles.offsets[batch.serve.profile(batch.size, BASE_STEADY)] as number;
  return key - (profiles.prefix[offset + batch.layer] as number);
}

/** Whether a new batch from the queue of a serve is more urgent than a started batch. */
export function goesBefore(sim: Simulation, serve: ServeState, batch: Batch): boolean {
  const size = Math.min(serve.queue.length, serve.maxBatch);
  return urgency(sim, serve, size, serve.queue.arrivalAt(0)) < startedUrgency(sim, batch);
}

/** The index in `parked` of the interrupted batch that resumes first. `parked` must not be empty. */
export function nextParked(sim: Simulation): number {
  let best = 0;
  let bestKey = Number.POSITIVE_INFINITY;
  for (let place = 0; place < sim.parked.length; place++) {
    const key = startedUrgency(sim, sim.parked[place] as Batch);
    if (key < bestKey) {
      best = place;
      bestKey = key;
    }
  }
  return best;
}
