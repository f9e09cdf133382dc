import { type Chip, COMPUTING_CHIP, IDLE_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from '../state/service-profiles.ts';
import { FIFO, type Simulation } from '../state/simulation.ts';
import { borderSeconds, layerAfter } from '../state/spans.ts';
import { predictDeepQueue } from './deep-queue.ts';
import { urgency } from './order.ts';

/**
 * The largest number of batches that a prediction plans one by one. Our assumption: it limits the cost of a decision.
 * `predictDeepQueue` estimates the ends of the batches behind them.
 */
const PREDICTED_BATCHES = 64;

/**
 * Seconds of a batch from layer `from` to its end, in a mode, with the weights as they are on the chip. If only some of the
 * weights are resident, it assumes that none are. The profiles of a chip
 * without a burst mode are those of base mode.
 */
export function restSeconds(
  sim: Simulation,
  chip: Chip,
  serve: ServeState,
  size: number,
  from: number,
  burst: boolean,
): number {
  const { profiles } = sim;
  const isResident = sim.weights.isResident(chip.index, serve.model, burst);
  const kind = burst ? (isResident ? BURST_STEADY : BURST_ENTRY) : isResident ? BASE_STEADY : BASE_RETURN;
  const profile = serve.profileOn(chip, size, kind);
  const whole = profiles.seconds[profile] as number;
  return from === 0 ? whole : whole - (profiles.prefix[(profiles.offsets[profile] as number) + from] as number);
}

/**
 * Predicts when each chip finishes its current batch, in the base plan (base mode from the next border on) and in the burst
 * plan (burst mode from the next border on). `starting`: a chip at a border, for which the policy is selecting the mode.
 */
function predictChips(sim: Simulation, starting: Chip | null): void {
  const { slack } = sim;
  const { now } = sim.clock;
  for (let c = 0; c < sim.chips.length; c++) {
    const chip = sim.chips[c] as Chip;
    const { batch } = chip;
    const toBase = chip.burst ? chip.switchSeconds : 0;
    const toBurst = chip.burst || !chip.canBurst ? 0 : chip.switchSeconds;
    if (batch === null) {
      const free = chip.phase === IDLE_CHIP ? now : chip.spanEnd;
      slack.baseFree[c] = free + toBase;
      slack.burstFree[c] = free + toBurst;
      continue;
    }
    const { serve, size } = batch;
    let at = now;
    let { layer } = batch;
    if (chip !== starting) {
      at = chip.spanEnd;
      if (chip.phase === COMPUTING_CHIP) {
        layer = sim.atLayers ? layerAfter(sim, chip, now) : serve.layers;
        if (layer < serve.layers) at = borderSeconds(sim, chip, layer);
      }
    }
    let base = at + toBase;
    let fast = at + toBurst;
    if (layer < serve.layers) {
      base += restSeconds(sim, chip, serve, size, layer, false);
      fast += restSeconds(sim, chip, serve, size, layer, true);
    }
    slack.baseFree[c] = base;
    slack.burstFree[c] = fast;
    addBatch(sim, c, serve, size, batch.requests[0] as number, batch.waits[0] as number, base, fast);
  }
}

/**
 * Adds the predicted ends of one batch to the prediction: whether it needs burst mode, and its margin to the deadline.
 * `head`: the arrival of its oldest request. `filling`: how long it waits, or waited, to fill. `base`, `fast`: its end in
 * the base plan and in the burst plan.
 */
function addBatch(
  sim: Simulation,
  chip: number,
  serve: ServeState,
  size: number,
  head: number,
  filling: number,
  base: number,
  fast: number,
): void {
  const { slack } = sim;
  const limit = serve.deadlineSeconds;
  const guarded = limit * (1 - sim.guardFraction);
  let margin = head + guarded - base;
  if (margin < 0) {
    // Burst mode would not end earlier, so it does not help.
    if (fast >= base) return;
    // If burst mode meets the deadline, the batch needs burst mode. If the deadline is missed because of the queue, it
    // still
    // needs burst mode, because later requests wait for this batch. If the batch misses its deadline even without a queue
    // and in burst mode, it does not need burst mode: a faster mode does not shorten the wait to fill.
    const alone = filling + (sim.profiles.seconds[serve.profileOn(sim.chip(chip), size, BURST_STEADY)] as number);
    if (fast > head + limit && alone > limit) return;
    if (alone > guarded && base <= head + limit) {
      // No mode ends before the guard time, but base mode meets the limit. The guard time is a reserve for later
      // arrivals,
      // not for the time of the batch itself. So base mode is good enough.
      margin = head + limit - base;
    } else {
      slack.needed[chip] = 1;
      const shortfall = Math.min(-margin, base - fast);
      if (shortfall > (slack.shortfallSeconds[chip] as number)) slack.shortfallSeconds[chip] = shortfall;
    }
  }
  if (margin < slack.marginSeconds) slack.marginSeconds = margin;
}

/**
 * A sufficient test in O(serves): if all waiting requests end before the earliest deadline in any order, the base plan
 * meets all deadlines.
 */
function surelyHolds(sim: Simulation): boolean {
  const { slack, profiles } = sim;
  let end = 0;
  for (let c = 0; c < sim.chips.length; c++) end = Math.max(end, slack.baseFree[c] as number);
  let earliest = Number.POSITIVE_INFINITY;
  let work = 0;
  let longest = 0;
  for (let s = 0; s < sim.serves.length; s++) {
    const serve = sim.serves[s] as ServeState;
    const waiting = serve.queue.length;
    if (waiting === 0) continue;
    const most = serve.maxBatch;
    const full = Math.floor(waiting / most);
    const left = waiting - full * most;
    if (full > 0) work += full * (profiles.mostSeconds[serve.profile(most, BASE_STEADY)] as number);
    if (left > 0) work += profiles.mostSeconds[serve.profile(left, BASE_STEADY)] as number;
    const size = full > 0 ? most : left;
    const steady = profiles.mostSeconds[serve.profile(size, BASE_STEADY)] as number;
    // If a chip has the weights in int8, a return to base mode fetches the base weights again.
    work += largestReturn(sim, serve, size) - steady;
    longest = Math.max(longest, steady);
    const head = serve.queue.arrivalAt(0);
    if (full === 0) end = Math.max(end, head + serve.timeoutSeconds);
    earliest = Math.min(earliest, head + serve.deadlineSeconds * (1 - sim.guardFraction));
  }
  slack.endSeconds = sim.chips.length === 1 ? end + work : end + work / sim.chips.length + longest;
  const margin = earliest - slack.endSeconds;
  if (margin < 0) return false;
  if (margin < slack.marginSeconds) slack.marginSeconds = margin;
  return true;
}

function largestReturn(sim: Simulation, serve: ServeState, size: number): number {
  let largest = 0;
  for (let c = 0; c < sim.chips.length; c++) {
    largest = Math.max(largest, restSeconds(sim, sim.chips[c] as Chip, serve, size, 0, false));
  }
  return largest;
}

/**
 * Predicts the service of the queue: the first batches one by one, each on the chip that is free first, and the others from
 * the sum of their work.
 */
function predictQueue(sim: Simulation, untilNeeded: boolean): void {
  const { slack, profiles, serves } = sim;
  const { taken, returned, baseFree, burstFree } = slack;
  taken.fill(0);
  returned.fill(0);
  for (let step = 0; step < PREDICTED_BATCHES; step++) {
    if (untilNeeded && slack.needed[0] === 1) return;
    let serve: ServeState | null = null;
    let best = 0;
    for (let s = 0; s < serves.length; s++) {
      const candidate = serves[s] as ServeState;
      const left = candidate.queue.length - (taken[s] as number);
      if (left <= 0) continue;
      const head = candidate.queue.arrivalAt(taken[s] as number);
      const key = urgency(sim, candidate, Math.min(left, candidate.maxBatch), head);
      if (serve === null || key < best) {
        serve = candidate;
        best = key;
      }
    }
    if (serve === null) return;
    const place = taken[serve.index] as number;
    const left = serve.queue.length - place;
    const size = Math.min(left, serve.maxBatch);
    const head = serve.queue.arrivalAt(place);
    const filling = left >= serve.maxBatch ? 0 : serve.timeoutSeconds;
    const ready = head + filling;
    taken[serve.index] = place + size;
    let c = 0;
    for (let other = 1; other < sim.chips.length; other++) {
      if ((baseFree[other] as number) < (baseFree[c] as number)) c = other;
    }
    if (sim.isMixed) c = soonestFrom(sim, serve, size, Math.max(baseFree[c] as number, ready));
    // Only the first batch of a serve on a chip can find the weights in the other format.
    const mark = c * serves.length + serve.index;
    const first = returned[mark] === 0;
    returned[mark] = 1;
    const chip = sim.chips[c] as Chip;
    const steady = serve.profileOn(chip, size, BASE_STEADY);
    const baseSeconds = first ? restSeconds(sim, chip, serve, size, 0, false) : (profiles.seconds[steady] as number);
    const burstSeconds = first
      ? restSeconds(sim, chip, serve, size, 0, true)
      : (profiles.seconds[steady + BURST_STEADY - BASE_STEADY] as number);
    const base = Math.max(baseFree[c] as number, ready) + baseSeconds;
    const fast = Math.max(burstFree[c] as number, ready) + burstSeconds;
    baseFree[c] = base;
    burstFree[c] = fast;
    addBatch(sim, c, serve, size, head, filling, base, fast);
  }
  slack.plannedStarts = PREDICTED_BATCHES;
  predictDeepQueue(sim, addToEachChip);
}

/**
 * The chip on which a batch ends first in the base plan, among the chips of several kinds that are free when it can start. Weights in another
 * format count only for the first batch of a serve on a chip.
 */
function soonestFrom(sim: Simulation, serve: ServeState, size: number, startSeconds: number): number {
  const { baseFree, returned } = sim.slack;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < sim.chips.length; c++) {
    if ((baseFree[c] as number) > startSeconds) continue;
    const chip = sim.chip(c);
    const seconds =
      returned[c * sim.serves.length + serve.index] === 0
        ? restSeconds(sim, chip, serve, size, 0, false)
        : (sim.profiles.seconds[serve.profileOn(chip, size, BASE_STEADY)] as number);
    if (seconds < least) {
      least = seconds;
      best = c;
    }
  }
  return best;
}

/** A batch deep in the queue can run on any chip, and each chip can save time for it. */
function addToEachChip(
  sim: Simulation,
  serve: ServeState,
  size: number,
  head: number,
  filling: number,
  base: number,
  fast: number,
): void {
  for (let c = 0; c < sim.chips.length; c++) addBatch(sim, c, serve, size, head, filling, base, fast);
}

/**
 * Predicts the end of each running and waiting batch, without knowledge of future arrivals. Sets `needed` and
 * `shortfallSeconds` for each chip. Also sets `marginSeconds` and `endSeconds`, from which the cheap tests at later
 * arrivals continue.
 *
 * `untilNeeded`: only `needed` will be read before the next prediction. With one chip, the prediction then ends at the first batch that needs burst
 * mode.
 */
export function predict(sim: Simulation, starting: Chip | null, untilNeeded = false): void {
  const { slack } = sim;
  for (let c = 0; c < sim.chips.length; c++) {
    slack.needed[c] = 0;
    slack.shortfallSeconds[c] = 0;
  }
  slack.marginSeconds = Number.POSITIVE_INFINITY;
  slack.plannedStarts = Number.POSITIVE_INFINITY;
  predictChips(sim, starting);
  if (!surelyHolds(sim)) predictQueue(sim, untilNeeded && sim.chips.length === 1);
}

/**
 * Adds a new arrival of a serve, which is already in its queue, to the prediction in O(1). The arrival delays its own batch
 * and the batches that can come after it. Returns false if this estimate does not prove that the base plan still meets all
 * deadlines.
 */
export function holdsWith(sim: Simulation, serve: ServeState): boolean {
  const { slack, profiles } = sim;
  const { now } = sim.clock;
  const { queue } = serve;
  const place = (queue.length - 1) % serve.maxBatch;
  let added = profiles.mostSeconds[serve.profile(place + 1, BASE_STEADY)] as number;
  if (place > 0) added -= profiles.mostSeconds[serve.profile(place, BASE_STEADY)] as number;
  let end = Math.max(slack.endSeconds, now);
  if (place === 0) end = Math.max(end, now + serve.timeoutSeconds);
  end += added;
  slack.endSeconds = end;
  const own = queue.arrivalAt(queue.length - 1 - place) + serve.deadlineSeconds * (1 - sim.guardFraction) - end;
  const comesLast = sim.serves.length === 1 || (sim.order === FIFO && place === 0);
  slack.marginSeconds = Math.min(comesLast ? slack.marginSeconds : slack.marginSeconds - added, own);
  return slack.marginSeconds >= 0;
}

/**
 * Whether the last prediction, updated by `holdsWith`, proves that the base plan meets all deadlines if a chip in base mode
 * continues with its batch. A new prediction would give the same answer, because the run has followed the plan. This is
 * valid only if every arrival was added and no batch overtakes another when it grows: one chip, no timers, no preemption,
 * no `sjf` (`Simulation.followsPlan`). Behind the planned batches, only some were checked, so the proof ends there.
 */
export function stillHolds(sim: Simulation, chip: Chip): boolean {
  if (!sim.followsPlan) return false;
  const { slack } = sim;
  if (--slack.plannedStarts < 0) return false;
  if (sim.totalQueued > 0) return slack.marginSeconds >= 0;
  const { batch } = chip;
  if (batch === null) return false;
  const { serve } = batch;
  const end = sim.clock.now + restSeconds(sim, chip, serve, batch.size, batch.layer, false);
  slack.endSeconds = end;
  slack.marginSeconds = (batch.requests[0] as number) + serve.deadlineSeconds * (1 - sim.guardFraction) - end;
  return slack.marginSeconds >= 0;
}
