import { type Chip, COMPUTING_CHIP, IDLE_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from '../state/service-profiles.ts';
import { FIFO, type Simulation } from '../state/simulation.ts';
import { borderSeconds, layerAfter } from '../state/spans.ts';
import { urgency } from './order.ts';

/** Batches that one prediction looks at, at most: it bounds a decision's cost. Those behind come into view as the queue moves. */
const PREDICTED_BATCHES = 64;

/** Seconds of layers `from` .. end of a batch, by mode and by where the chip has the weights: some in place counts as none. */
export function restSeconds(
  sim: Simulation,
  chip: Chip,
  serve: ServeState,
  size: number,
  from: number,
  burst: boolean,
): number {
  const { profiles } = sim;
  const stands = sim.weights.stands(chip.index, serve.model, burst);
  const kind = burst ? (stands ? BURST_STEADY : BURST_ENTRY) : stands ? BASE_STEADY : BASE_RETURN;
  const profile = serve.profile(size, kind);
  const whole = profiles.seconds[profile] as number;
  return from === 0 ? whole : whole - (profiles.prefix[(profiles.offsets[profile] as number) + from] as number);
}

/**
 * When each chip would be free of what it runs, in the base plan (base from the next border on) and in the burst plan (burst from
 * the next border on). `starting` is a chip at a border, about to go on with its batch in a mode yet to be chosen.
 */
function predictChips(sim: Simulation, starting: Chip | null): void {
  const { slack } = sim;
  const { now } = sim.clock;
  for (let c = 0; c < sim.chips.length; c++) {
    const chip = sim.chips[c] as Chip;
    const { batch } = chip;
    const toBase = chip.burst ? sim.switchSeconds : 0;
    const toBurst = chip.burst ? 0 : sim.switchSeconds;
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
    note(sim, c, serve, size, batch.requests[0] as number, batch.waits[0] as number, base, fast);
  }
}

/**
 * Takes one batch's predicted ends into account: whether it asks for burst, and how much room it leaves. `filling` is how long it waits, or
 * has waited, to fill up.
 */
function note(
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
    // Where burst gains nothing there is nothing to ask for.
    if (fast >= base) return;
    // A deadline is reachable if burst makes it. One that the queue has already cost still asks for burst: what comes next waits behind
    // it. One that the model cannot make even alone and in burst mode, once its batch has filled, asks for nothing: no speed undoes a timeout.
    const alone = filling + (sim.profiles.seconds[serve.profile(size, BURST_STEADY)] as number);
    if (fast > head + limit && alone > limit) return;
    if (alone > guarded && base <= head + limit) {
      // No mode keeps the guard, and base keeps the limit: the guard is there for what may still come, not for what the batch takes by itself.
      margin = head + limit - base;
    } else {
      slack.needed[chip] = 1;
      const shortfall = Math.min(-margin, base - fast);
      if (shortfall > (slack.shortfallSeconds[chip] as number)) slack.shortfallSeconds[chip] = shortfall;
    }
  }
  if (margin < slack.marginSeconds) slack.marginSeconds = margin;
}

/** A bound in O(serves): if all that waits, done in any order, ends before the earliest deadline, no plan is needed. */
function holdsAtOnce(sim: Simulation): boolean {
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
    if (full > 0) work += full * (profiles.seconds[serve.profile(most, BASE_STEADY)] as number);
    if (left > 0) work += profiles.seconds[serve.profile(left, BASE_STEADY)] as number;
    const size = full > 0 ? most : left;
    const steady = profiles.seconds[serve.profile(size, BASE_STEADY)] as number;
    // Weights that stand in int8 on some chip are fetched once more on the way back.
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

/** Serves the queue in thought, batch by batch, each by the chip that is free first. */
function sweepQueue(sim: Simulation): void {
  const { slack, profiles, serves } = sim;
  const { taken, returned, baseFree, burstFree } = slack;
  taken.fill(0);
  returned.fill(0);
  for (let step = 0; step < PREDICTED_BATCHES; step++) {
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
    if (serve === null) break;
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
    // Only a serve's first batch on a chip meets weights in the other format.
    const mark = c * serves.length + serve.index;
    const first = returned[mark] === 0;
    returned[mark] = 1;
    const chip = sim.chips[c] as Chip;
    const steady = serve.profile(size, BASE_STEADY);
    const baseSeconds = first ? restSeconds(sim, chip, serve, size, 0, false) : (profiles.seconds[steady] as number);
    const burstSeconds = first
      ? restSeconds(sim, chip, serve, size, 0, true)
      : (profiles.seconds[steady + BURST_STEADY - BASE_STEADY] as number);
    const base = Math.max(baseFree[c] as number, ready) + baseSeconds;
    const fast = Math.max(burstFree[c] as number, ready) + burstSeconds;
    baseFree[c] = base;
    burstFree[c] = fast;
    note(sim, c, serve, size, head, filling, base, fast);
  }
}

/**
 * Predicts every finish from what runs and what waits, and nothing else: sets `needed` and `shortfallSeconds` per chip, and the
 * margin and end that cheap tests at the next arrivals go on from.
 */
export function predict(sim: Simulation, starting: Chip | null): void {
  const { slack } = sim;
  for (let c = 0; c < sim.chips.length; c++) {
    slack.needed[c] = 0;
    slack.shortfallSeconds[c] = 0;
  }
  slack.marginSeconds = Number.POSITIVE_INFINITY;
  predictChips(sim, starting);
  if (!holdsAtOnce(sim)) sweepQueue(sim);
}

/**
 * Takes a new arrival of a serve, already queued, into the prediction in O(1): it moves its own batch's end, and whoever may come behind that.
 * False where that is not enough to say that the base plan still holds.
 */
export function holdsWith(sim: Simulation, serve: ServeState): boolean {
  const { slack, profiles } = sim;
  const { now } = sim.clock;
  const { queue } = serve;
  const place = (queue.length - 1) % serve.maxBatch;
  let added = profiles.seconds[serve.profile(place + 1, BASE_STEADY)] as number;
  if (place > 0) added -= profiles.seconds[serve.profile(place, BASE_STEADY)] as number;
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
 * Whether the last prediction, with what came since (`holdsWith`), already says that the base plan holds for a chip in base mode that goes on
 * with its batch: while things go by the plan it stays true, and predicting anew would say the same. Only where every arrival is counted and none
 * overtakes by growing: one chip, no timers, no preemption, no shortest-job-first.
 */
export function stillHolds(sim: Simulation, chip: Chip): boolean {
  if (!sim.followsPlan) return false;
  const { slack } = sim;
  if (sim.totalQueued > 0) return slack.marginSeconds >= 0;
  const { batch } = chip;
  if (batch === null) return false;
  const { serve } = batch;
  const end = sim.clock.now + restSeconds(sim, chip, serve, batch.size, batch.layer, false);
  slack.endSeconds = end;
  slack.marginSeconds = (batch.requests[0] as number) + serve.deadlineSeconds * (1 - sim.guardFraction) - end;
  return slack.marginSeconds >= 0;
}
