import { goesBefore, isReady, startedUrgency } from '../policy/order.ts';
import { burstAtBorder, idleReturnSeconds, onArrival, planAfterStart } from '../policy/policy.ts';
import { BUCKETS } from '../record/buckets.ts';
import { type Chip, COMPUTING_CHIP, IDLE_CHIP, SWITCHING_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { LONGEST_QUEUE, QUEUE, type Simulation } from '../state/simulation.ts';
import { batchOf, beginSpan, beginSwitch, bookSwitch, endSpan, layerAfter, stopBefore } from '../state/spans.ts';
import { soonestChip } from './chip-choice.ts';
import { armTimers, dispatch, enterIdle, finishBatch, leaveIdle, preempt } from './dispatch.ts';
import type { Ending } from './ending.ts';
import { checkWorkConserving } from './invariants.ts';

/*
 * The only event loop. We removed two faster loops for simple cases: one network with batch size 1, and one chip that stays
 * in its mode. They made whole commands less than 20 % faster. `capacity` of examples/rush.npu took 2.22 s of processor
 * time with them and 2.47 s without. `explore` of examples/explore.npu took 15.1 s and 16.3 s. Each rule had to be written
 * and tested three times. bench/serving.bench.ts measures the loop alone.
 */

/** The current bucket of time, and the width of all buckets. */
export interface BucketClock {
  widthSeconds: number;
  bucket: number;
}

const POLL_EVENTS = 16384;

/**
 * Runs until `ending`. Returns false if `poll` cancelled the run, otherwise true. Calls `onFull` each time all buckets are
 * used. If `onFull` returns true, the run ends.
 */
export function runEvents(
  sim: Simulation,
  buckets: BucketClock,
  ending: Ending,
  onFull: () => boolean,
  poll: () => boolean,
): boolean {
  const { events, clock, firstChipSlot, firstTimerSlot } = sim;
  const { horizonSeconds, lastArrivalSeconds, mostArrivals, budgetArrivals } = ending;
  const keys = events.seconds;
  let bucketEnd = Math.min(horizonSeconds, (buckets.bucket + 1) * buckets.widthSeconds);
  let untilPoll = POLL_EVENTS;
  for (let s = 0; s < firstChipSlot; s++) if ((keys[s] as number) > lastArrivalSeconds) events.clear(s);
  for (;;) {
    const slot = events.earliest();
    const now = keys[slot] as number;
    if (now >= bucketEnd) {
      if (bucketEnd >= horizonSeconds) {
        clock.now = horizonSeconds;
        return true;
      }
      if (now === Number.POSITIVE_INFINITY) return true;
      clock.now = bucketEnd;
      if (nextBucket(sim, buckets, onFull)) return true;
      bucketEnd = Math.min(horizonSeconds, (buckets.bucket + 1) * buckets.widthSeconds);
      continue;
    }
    clock.now = now;
    if (slot < firstChipSlot) {
      onArrivalEvent(sim, sim.serves[slot] as ServeState);
      if ((keys[slot] as number) > lastArrivalSeconds) events.clear(slot);
      if (sim.totalArrived >= budgetArrivals) return true;
      if (sim.totalArrived >= mostArrivals) endArrivals(sim);
      if (sim.idleChips > 0 && !moreArriveNow(sim)) startReady(sim);
    } else if (slot < firstTimerSlot) {
      onChip(sim, sim.chips[slot - firstChipSlot] as Chip);
    } else {
      events.clear(slot);
      if (sim.idleChips > 0) dispatch(sim, idleChip(sim));
    }
    if (--untilPoll === 0) {
      untilPoll = POLL_EVENTS;
      if (poll()) return false;
    }
  }
}

function endArrivals(sim: Simulation): void {
  sim.loopsGoOn = false;
  for (let s = 0; s < sim.firstChipSlot; s++) sim.events.clear(s);
}

/** Ends the current bucket. Returns whether the run ends with it. */
function nextBucket(sim: Simulation, buckets: BucketClock, onFull: () => boolean): boolean {
  checkWorkConserving(sim);
  for (const serve of sim.serves) serve.recorder.flush();
  sim.timeline.flush();
  buckets.bucket++;
  if (buckets.bucket === BUCKETS) {
    if (onFull()) return true;
    for (const serve of sim.serves) serve.recorder.fold();
    sim.timeline.fold();
    buckets.bucket = BUCKETS / 2;
    buckets.widthSeconds *= 2;
  }
  for (const serve of sim.serves) serve.recorder.enter(buckets.bucket);
  sim.timeline.enter(buckets.bucket);
  return false;
}

function onArrivalEvent(sim: Simulation, serve: ServeState): void {
  sim.advanceArrival(serve);
  sim.totalArrived++;
  sim.clock.lastArrival = sim.clock.now;
  const { queue, recorder } = serve;
  if (queue.length >= LONGEST_QUEUE) {
    recorder.drop();
    return;
  }
  recorder.arrive();
  const at = queue.push();
  queue.arrivals[at] = sim.clock.now;
  if (sim.usesTimers) queue.idleClocks[at] = sim.idleClockNow();
  sim.totalQueued++;
  if (sim.idleChips > 0) {
    if (sim.usesTimers && queue.length === 1 && !isReady(sim, serve)) {
      sim.events.set(sim.firstTimerSlot + serve.index, sim.clock.now + serve.timeoutSeconds);
    }
    return;
  }
  if (sim.policy >= QUEUE) onArrival(sim, serve);
  if (sim.preempts && isReady(sim, serve)) requestPreemption(sim, serve);
}

/** Whether another request arrives at exactly this time. A batch starts only when all of them are in their queues. */
function moreArriveNow(sim: Simulation): boolean {
  const next = sim.events.earliest();
  return next < sim.firstChipSlot && sim.events.seconds[next] === sim.clock.now;
}

/** Starts the batches that are ready on the idle chips. */
function startReady(sim: Simulation): void {
  while (sim.idleChips > 0 && dispatch(sim, idleChip(sim)));
}

/** The idle chip that starts the next batch. Equal chips are taken in the order of their numbers. */
function idleChip(sim: Simulation): Chip {
  if (sim.isMixed) return soonestChip(sim);
  let c = 0;
  while (sim.chip(c).phase !== IDLE_CHIP) c++;
  return sim.chip(c);
}

/**
 * If a batch of `serve` is more urgent than a running batch: stops the least urgent running batch at its next layer
 * border.
 */
function requestPreemption(sim: Simulation, serve: ServeState): void {
  let victim: Chip | null = null;
  let least = 0;
  for (const chip of sim.chips) {
    if (chip.phase !== COMPUTING_CHIP || chip.wantsPreemption) continue;
    const batch = batchOf(chip);
    if (!goesBefore(sim, serve, batch)) continue;
    const key = startedUrgency(sim, batch);
    if (victim === null || key > least) {
      victim = chip;
      least = key;
    }
  }
  if (victim === null) return;
  const layer = layerAfter(sim, victim, sim.clock.now);
  if (layer >= batchOf(victim).serve.layers) return;
  victim.wantsPreemption = true;
  stopBefore(sim, victim, layer);
}

function onChip(sim: Simulation, chip: Chip): void {
  if (chip.phase === COMPUTING_CHIP) {
    endSpan(sim, chip);
    if (chip.spanStop === batchOf(chip).serve.layers) {
      finishBatch(sim, chip);
      takeNext(sim, chip);
    } else atBorder(sim, chip);
    return;
  }
  if (chip.phase === SWITCHING_CHIP) {
    bookSwitch(sim, chip);
    if (chip.batch === null) takeNext(sim, chip);
    else continueBatch(sim, chip);
    return;
  }
  // An idle chip returns to base mode at this time.
  if (beginSwitch(sim, chip, false, 0)) leaveIdle(sim);
  else sim.events.clear(chip.slot);
}

/** Handles a stop inside a batch: another batch can replace it, or the chip can switch its mode. */
function atBorder(sim: Simulation, chip: Chip): void {
  if (chip.wantsPreemption && preempt(sim, chip)) return;
  if (beginSwitch(sim, chip, burstAtBorder(sim, chip), 0)) return;
  continueBatch(sim, chip);
}

function continueBatch(sim: Simulation, chip: Chip): void {
  beginSpan(sim, chip);
  planAfterStart(sim, chip);
}

/** Gives a chip without a batch the next one. If no batch can start, the chip becomes idle. */
function takeNext(sim: Simulation, chip: Chip): void {
  // In a closed loop without think time, the next requests arrive immediately and can join the next batch.
  const waits = sim.hasLoops && moreArriveNow(sim);
  if (!waits && dispatch(sim, chip)) return;
  enterIdle(sim, chip);
  armTimers(sim);
  const back = idleReturnSeconds(sim, chip);
  if (back < Number.POSITIVE_INFINITY) sim.events.set(chip.slot, back);
}
