import type { Chip } from '../state/chip.ts';
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
  const { slack, serves } = sim;
  const counts = slack.counts;
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
      counts[s] = before;
      for (let o = 0; o < serves.length; o++) {
        if (o !== s) counts[o] = requestsBefore(sim, serves[o] as ServeState, serve, head);
      }
      const filling = size < serve.maxBatch ? serve.timeoutSeconds : 0;
      let base = Math.max(baseFree + sharedSeconds(sim, s, counts, BASE_STEADY), head + filling);
      let fast = Math.max(burstFree + sharedSeconds(sim, s, counts, BURST_STEADY), head + filling);
      // Which chip runs the batch is not known, so it is the slowest one.
      base += sim.profiles.mostSeconds[serve.profile(size, BASE_STEADY)] as number;
      fast += sim.profiles.mostSeconds[serve.profile(size, BURST_STEADY)] as number;
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

/**
 * Seconds until all chips together have computed `counts` requests of each serve, if none of them is ever idle. Chips of several kinds divide the
 * work in proportion to their speeds. `first`: the serve that is summed first.
 */
function sharedSeconds(sim: Simulation, first: number, counts: Int32Array, kind: number): number {
  if (!sim.isMixed) return chipSeconds(sim, sim.chip(0), first, counts, kind) / sim.chips.length;
  let perSecond = 0;
  for (let c = 0; c < sim.chips.length; c++) {
    const alone = chipSeconds(sim, sim.chip(c), first, counts, kind);
    if (alone === 0) return 0;
    perSecond += 1 / alone;
  }
  return 1 / perSecond;
}

/** Seconds of a chip alone for `counts` requests of each serve. */
function chipSeconds(sim: Simulation, chip: Chip, first: number, counts: Int32Array, kind: number): number {
  let seconds = workSeconds(sim, chip, sim.serves[first] as ServeState, counts[first] as number, kind);
  for (let s = 0; s < sim.serves.length; s++) {
    if (s !== first) seconds += workSeconds(sim, chip, sim.serves[s] as ServeState, counts[s] as number, kind);
  }
  return seconds;
}

/** Seconds of one chip for `count` requests in the largest batches, with resident weights. */
function workSeconds({ profiles }: Simulation, chip: Chip, serve: ServeState, count: number, kind: number): number {
  const full = Math.floor(count / serve.maxBatch);
  const left = count - full * serve.maxBatch;
  let seconds = full === 0 ? 0 : full * (profiles.seconds[serve.profileOn(chip, serve.maxBatch, kind)] as number);
  if (left > 0) seconds += profiles.seconds[serve.profileOn(chip, left, kind)] as number;
  return seconds;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
