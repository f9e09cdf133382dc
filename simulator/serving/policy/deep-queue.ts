import type { ServeState } from '../state/serve-state.ts';
import { BASE_STEADY, BURST_STEADY } from '../state/service-profiles.ts';
import { EDF, FIFO, type Simulation } from '../state/simulation.ts';
import { urgency } from './order.ts';

/*
 * The waiting batches behind those that a prediction plans one by one. Their ends follow from the sum of the work before
 * them, which the chips share equally. So the cost of a prediction does not grow with the queue, and it includes the last
 * waiting request.
 */

/**
 * How many batches are checked. The serves have equal shares, and at least the last batch of each is checked. The checked
 * batches of a serve are at equal distances. Our assumption: between two of them, the reserve changes little, because a queue
 * of hundreds of batches consists of many arrivals.
 */
const CHECKED_BATCHES = 6;

/**
 * Receives a checked batch. `head`: the arrival of its oldest request. `filling`: how long it waits to fill. `base`, `fast`:
 * its end in the base plan and in the burst plan.
 */
type AddBatch = (
  sim: Simulation,
  serve: ServeState,
  size: number,
  head: number,
  filling: number,
  base: number,
  fast: number,
) => void;

/**
 * Adds the batches after the first `slack.taken` requests of each serve to the prediction. The chips finish these requests at
 * `slack.baseFree` and `slack.burstFree`. The time to bring back the weights of a serve that is not among those requests is
 * left out: it occurs once, and at least a whole plan is before it.
 */
export function predictDeepQueue(sim: Simulation, add: AddBatch): void {
  const { slack, serves, chips } = sim;
  const most = Math.max(1, Math.floor(CHECKED_BATCHES / serves.length));
  const baseFree = mean(slack.baseFree);
  const burstFree = mean(slack.burstFree);
  for (let s = 0; s < serves.length; s++) {
    const serve = serves[s] as ServeState;
    const from = slack.taken[s] as number;
    const left = serve.queue.length - from;
    if (left <= 0) continue;
    const batches = Math.ceil(left / serve.maxBatch);
    const checks = Math.min(batches, most);
    for (let n = 1; n <= checks; n++) {
      const before = (Math.ceil((batches * n) / checks) - 1) * serve.maxBatch;
      const size = Math.min(left - before, serve.maxBatch);
      const head = serve.queue.arrivalAt(from + before);
      let base = workSeconds(sim, serve, before, BASE_STEADY);
      let fast = workSeconds(sim, serve, before, BURST_STEADY);
      for (let o = 0; o < serves.length; o++) {
        if (o === s) continue;
        const other = serves[o] as ServeState;
        const count = requestsBefore(sim, other, serve, head);
        base += workSeconds(sim, other, count, BASE_STEADY);
        fast += workSeconds(sim, other, count, BURST_STEADY);
      }
      const filling = size < serve.maxBatch ? serve.timeoutSeconds : 0;
      base = Math.max(baseFree + base / chips.length, head + filling);
      fast = Math.max(burstFree + fast / chips.length, head + filling);
      base += workSeconds(sim, serve, size, BASE_STEADY);
      fast += workSeconds(sim, serve, size, BURST_STEADY);
      add(sim, serve, size, head, filling, base, fast);
    }
  }
}

/**
 * The number of waiting requests of `other` that are computed before a batch of `serve` whose oldest request arrived at
 * `head`. Requests that are already planned are not counted.
 */
function requestsBefore(sim: Simulation, other: ServeState, serve: ServeState, head: number): number {
  const from = sim.slack.taken[other.index] as number;
  const left = other.queue.length - from;
  if (left <= 0) return 0;
  let latest = head;
  if (sim.order === EDF) {
    latest += serve.deadlineSeconds - other.deadlineSeconds;
  } else if (sim.order !== FIFO) {
    const own = urgency(sim, serve, Math.min(serve.queue.length, serve.maxBatch), head);
    const theirs = urgency(sim, other, Math.min(left, other.maxBatch), head);
    if (theirs !== own) return theirs < own ? left : 0;
  }
  // A batch starts when its oldest request is the most urgent one, and takes later requests with it.
  const isFirst = other.index < serve.index;
  let low = 0;
  let high = Math.ceil(left / other.maxBatch);
  while (low < high) {
    const middle = (low + high) >> 1;
    const arrival = other.queue.arrivalAt(from + middle * other.maxBatch);
    if (arrival < latest || (isFirst && arrival === latest)) low = middle + 1;
    else high = middle;
  }
  return Math.min(left, low * other.maxBatch);
}

/** Seconds of one chip for `count` requests in the largest batches, with resident weights. */
function workSeconds({ profiles }: Simulation, serve: ServeState, count: number, kind: number): number {
  const full = Math.floor(count / serve.maxBatch);
  const left = count - full * serve.maxBatch;
  let seconds = full === 0 ? 0 : full * (profiles.seconds[serve.profile(serve.maxBatch, kind)] as number);
  if (left > 0) seconds += profiles.seconds[serve.profile(left, kind)] as number;
  return seconds;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
