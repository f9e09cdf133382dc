import { urgency } from './order.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from './service-profiles.ts';
import { CHIP_COMPUTING, CHIP_IDLE, type Simulation } from './simulation.ts';
import { borderSeconds, layerAfter } from './spans.ts';

/** Batches that one prediction looks at, at most: it bounds a decision's cost. Those behind come into view as the queue moves. */
export const PREDICTED_BATCHES = 64;

/** Seconds of layers `from` .. end of a batch, in a mode, by where the chip has the weights: a part in place counts as none. */
function rest(sim: Simulation, chip: number, serve: number, size: number, from: number, burst: boolean): number {
  const { profiles, weights } = sim;
  const copies = weights.common[chip * weights.models + (sim.model[serve] as number)] as number;
  const kind = burst
    ? (copies & 2) !== 0
      ? BURST_STEADY
      : BURST_ENTRY
    : (copies & 1) !== 0
      ? BASE_STEADY
      : BASE_RETURN;
  const profile = profiles.profile(serve, size, kind);
  const whole = profiles.seconds[profile] as number;
  return from === 0 ? whole : whole - (profiles.prefix[(profiles.offsets[profile] as number) + from] as number);
}

/**
 * When each chip would be free of what it runs, in the base plan (base from the next border on) and in the burst plan (burst from
 * the next border on). `starting` is a chip at a border, about to go on with its batch in a mode yet to be chosen.
 */
function predictChips(sim: Simulation, now: number, starting: number): void {
  const { slack, batches, profiles } = sim;
  for (let chip = 0; chip < sim.chips; chip++) {
    const slot = sim.batch[chip] as number;
    const burst = sim.mode[chip] === 1;
    const toBase = burst ? sim.switchSeconds : 0;
    const toBurst = burst ? 0 : sim.switchSeconds;
    let base: number;
    let fast: number;
    if (slot < 0) {
      const free = sim.phase[chip] === CHIP_IDLE ? now : (sim.spanEnd[chip] as number);
      base = free + toBase;
      fast = free + toBurst;
    } else {
      const serve = batches.serve[slot] as number;
      const size = batches.size[slot] as number;
      const layers = profiles.layerCounts[serve] as number;
      let at = now;
      let layer = batches.layer[slot] as number;
      if (chip !== starting) {
        if (sim.phase[chip] === CHIP_COMPUTING) {
          layer = sim.atLayers ? layerAfter(sim, chip, now) : layers;
          at = layer >= layers ? (sim.spanEnd[chip] as number) : borderSeconds(sim, chip, layer);
        } else at = sim.spanEnd[chip] as number;
      }
      if (layer >= layers) {
        base = at + toBase;
        fast = at + toBurst;
      } else {
        base = at + toBase + rest(sim, chip, serve, size, layer, false);
        fast = at + toBurst + rest(sim, chip, serve, size, layer, true);
      }
      const head = batches.requests[slot * batches.stride] as number;
      note(sim, chip, serve, size, head, base, fast);
    }
    slack.baseFree[chip] = base;
    slack.burstFree[chip] = fast;
  }
}

/** Takes one batch's predicted ends into account: whether it asks for burst, and how much room it leaves. */
function note(
  sim: Simulation,
  chip: number,
  serve: number,
  size: number,
  head: number,
  base: number,
  fast: number,
): void {
  const { slack } = sim;
  const limit = sim.deadlineSeconds[serve] as number;
  if (limit === Number.POSITIVE_INFINITY) return;
  const margin = head + limit * (1 - sim.guardFraction) - base;
  if (margin < 0) {
    // A deadline is reachable if burst makes it. One that is lost to the queue before it still asks for burst: what comes next waits
    // behind it. One that the model cannot make even alone in burst mode asks for nothing.
    const alone = sim.profiles.seconds[sim.profiles.profile(serve, size, BURST_STEADY)] as number;
    if (fast > head + limit && alone > limit) return;
    if (fast >= base) return;
    slack.needed[chip] = 1;
    const shortfall = Math.min(-margin, base - fast);
    if (shortfall > (slack.shortfallSeconds[chip] as number)) slack.shortfallSeconds[chip] = shortfall;
  }
  if (margin < slack.marginSeconds) slack.marginSeconds = margin;
}

/** A bound in O(serves): if all that waits, done in any order, ends before the earliest deadline, no plan is needed. */
function holdsAtOnce(sim: Simulation): boolean {
  const { slack, profiles, weights } = sim;
  let end = 0;
  let chipBurst = false;
  for (let chip = 0; chip < sim.chips; chip++) {
    end = Math.max(end, slack.baseFree[chip] as number);
    if (sim.mode[chip] === 1) chipBurst = true;
  }
  let earliest = Number.POSITIVE_INFINITY;
  let work = 0;
  let longest = 0;
  for (let serve = 0; serve < sim.serves; serve++) {
    const queue = sim.queues[serve] as Simulation['queues'][number];
    const waiting = queue.length;
    if (waiting === 0) continue;
    const most = sim.maxBatch[serve] as number;
    const full = Math.floor(waiting / most);
    const left = waiting - full * most;
    const whole = profiles.seconds[profiles.profile(serve, most, BASE_STEADY)] as number;
    if (full > 0) work += full * whole;
    if (left > 0) work += profiles.seconds[profiles.profile(serve, left, BASE_STEADY)] as number;
    if (chipBurst || ((weights.common[sim.model[serve] as number] as number) & 1) === 0) {
      const size = Math.min(waiting, most);
      work +=
        (profiles.seconds[profiles.profile(serve, size, BASE_RETURN)] as number) -
        (profiles.seconds[profiles.profile(serve, size, BASE_STEADY)] as number);
    }
    longest = Math.max(longest, whole);
    const head = queue.arrivalAt(0);
    if (full === 0) end = Math.max(end, head + (sim.timeoutSeconds[serve] as number));
    earliest = Math.min(earliest, head + (sim.deadlineSeconds[serve] as number) * (1 - sim.guardFraction));
  }
  slack.endSeconds = sim.chips === 1 ? end + work : end + work / sim.chips + longest;
  const margin = earliest - slack.endSeconds;
  if (margin < 0) return false;
  if (margin < slack.marginSeconds) slack.marginSeconds = margin;
  return true;
}

/** Serves the queue in thought, batch by batch, each by the chip that is free first. */
function sweepQueue(sim: Simulation): void {
  const { slack, profiles } = sim;
  const { taken, returned, baseFree, burstFree } = slack;
  taken.fill(0);
  returned.fill(0);
  for (let step = 0; step < PREDICTED_BATCHES; step++) {
    let serve = -1;
    let best = 0;
    for (let s = 0; s < sim.serves; s++) {
      const queue = sim.queues[s] as Simulation['queues'][number];
      const left = queue.length - (taken[s] as number);
      if (left <= 0) continue;
      const key = urgency(sim, s, Math.min(left, sim.maxBatch[s] as number), queue.arrivalAt(taken[s] as number));
      if (serve < 0 || key < best) {
        serve = s;
        best = key;
      }
    }
    if (serve < 0) break;
    const queue = sim.queues[serve] as Simulation['queues'][number];
    const place = taken[serve] as number;
    const left = queue.length - place;
    const most = sim.maxBatch[serve] as number;
    const size = Math.min(left, most);
    const head = queue.arrivalAt(place);
    const ready = left >= most ? 0 : head + (sim.timeoutSeconds[serve] as number);
    taken[serve] = place + size;
    let chip = 0;
    for (let c = 1; c < sim.chips; c++) {
      if ((baseFree[c] as number) < (baseFree[chip] as number)) chip = c;
    }
    // Only a serve's first batch on a chip meets weights in the other format.
    const first = returned[chip * sim.serves + serve] === 0;
    returned[chip * sim.serves + serve] = 1;
    const steady = profiles.profile(serve, size, BASE_STEADY);
    const baseSeconds = first ? rest(sim, chip, serve, size, 0, false) : (profiles.seconds[steady] as number);
    const burstSeconds = first
      ? rest(sim, chip, serve, size, 0, true)
      : (profiles.seconds[steady + BURST_STEADY - BASE_STEADY] as number);
    const base = Math.max(baseFree[chip] as number, ready) + baseSeconds;
    const fast = Math.max(burstFree[chip] as number, ready) + burstSeconds;
    baseFree[chip] = base;
    burstFree[chip] = fast;
    note(sim, chip, serve, size, head, base, fast);
  }
  let end = 0;
  for (let chip = 0; chip < sim.chips; chip++) end = Math.max(end, baseFree[chip] as number);
  slack.endSeconds = Math.max(end, slack.endSeconds);
}

/**
 * Predicts every finish from what runs and what waits, and nothing else: sets `needed` and `shortfallSeconds` per chip, and the
 * margin and end that cheap tests at the next arrivals go on from.
 */
export function predict(sim: Simulation, now: number, starting: number): void {
  const { slack } = sim;
  slack.needed.fill(0);
  slack.shortfallSeconds.fill(0);
  slack.marginSeconds = Number.POSITIVE_INFINITY;
  predictChips(sim, now, starting);
  if (holdsAtOnce(sim)) return;
  slack.endSeconds = 0;
  sweepQueue(sim);
}

/**
 * Takes a new arrival of a serve, already queued, into the prediction in O(1): whoever may come behind it moves back by the time
 * it adds. False where that is not enough to say that the base plan still holds.
 */
export function holdsWith(sim: Simulation, serve: number, now: number): boolean {
  const { slack, profiles } = sim;
  const most = sim.maxBatch[serve] as number;
  const waiting = (sim.queues[serve] as Simulation['queues'][number]).length;
  const place = (waiting - 1) % most;
  const size = place + 1;
  let added = profiles.seconds[profiles.profile(serve, size, BASE_STEADY)] as number;
  if (place > 0) added -= profiles.seconds[profiles.profile(serve, place, BASE_STEADY)] as number;
  let end = Math.max(slack.endSeconds, now);
  if (place === 0) end = Math.max(end, now + (sim.timeoutSeconds[serve] as number));
  end += added;
  slack.endSeconds = end;
  const limit = sim.deadlineSeconds[serve] as number;
  let margin = slack.marginSeconds - added;
  margin = Math.min(margin, now + limit * (1 - sim.guardFraction) - end);
  slack.marginSeconds = margin;
  return margin >= 0;
}
