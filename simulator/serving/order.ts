import { BASE_STEADY } from './service-profiles.ts';
import { EDF, FIFO, PRIORITY, type Simulation } from './simulation.ts';

/*
 * Who goes first. A serve's own requests keep their order under every rule (they share deadline, priority and length), so a choice is one
 * among the oldest requests of the serves. Two keys: smaller first, ties to the older request, then to the serve written first.
 */

/** First key of a batch of `size` of a serve whose oldest request came at `arrivalSeconds`. */
export function urgency(sim: Simulation, serve: number, size: number, arrivalSeconds: number): number {
  switch (sim.order) {
    case FIFO:
      return arrivalSeconds;
    case EDF:
      return arrivalSeconds + (sim.deadlineSeconds[serve] as number);
    case PRIORITY:
      return -(sim.priority[serve] as number);
    default:
      return sim.profiles.seconds[sim.profiles.profile(serve, size, BASE_STEADY)] as number;
  }
}

/** Whether a batch may be made now: full, or its oldest request has waited for the timeout. */
export function isReady(sim: Simulation, serve: number, now: number): boolean {
  const queue = sim.queues[serve] as Simulation['queues'][number];
  if (queue.length === 0) return false;
  if (queue.length >= (sim.maxBatch[serve] as number)) return true;
  const timeout = sim.timeoutSeconds[serve] as number;
  return timeout === 0 || now >= queue.arrivalAt(0) + timeout;
}

/** The ready serve that goes first, or -1. */
export function nextServe(sim: Simulation, now: number): number {
  if (sim.totalQueued === 0) return -1;
  if (sim.serves === 1) return isReady(sim, 0, now) ? 0 : -1;
  let best = -1;
  let bestKey = 0;
  let bestArrival = 0;
  for (let serve = 0; serve < sim.serves; serve++) {
    if (!isReady(sim, serve, now)) continue;
    const queue = sim.queues[serve] as Simulation['queues'][number];
    const arrival = queue.arrivalAt(0);
    const size = Math.min(queue.length, sim.maxBatch[serve] as number);
    const key = urgency(sim, serve, size, arrival);
    if (best < 0 || key < bestKey || (key === bestKey && arrival < bestArrival)) {
      best = serve;
      bestKey = key;
      bestArrival = arrival;
    }
  }
  return best;
}

/** First key of a batch that was begun; for shortest-job-first what is left of it counts. */
export function startedUrgency(sim: Simulation, slot: number): number {
  const { batches, profiles } = sim;
  const serve = batches.serve[slot] as number;
  const size = batches.size[slot] as number;
  const arrival = batches.requests[slot * batches.stride] as number;
  const key = urgency(sim, serve, size, arrival);
  if (sim.order === FIFO || sim.order === EDF || sim.order === PRIORITY) return key;
  const offset = profiles.offsets[profiles.profile(serve, size, BASE_STEADY)] as number;
  return key - (profiles.prefix[offset + (batches.layer[slot] as number)] as number);
}

/** Place in `parked` of the interrupted batch that goes first, or -1. */
export function nextParked(sim: Simulation): number {
  let best = -1;
  let bestKey = 0;
  for (let place = 0; place < sim.parked.length; place++) {
    const key = startedUrgency(sim, sim.parked[place] as number);
    if (best < 0 || key < bestKey) {
      best = place;
      bestKey = key;
    }
  }
  return best;
}
