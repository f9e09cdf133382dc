import { bounds } from '../../../design/index.ts';
import { goesBefore, isReady, nextParked, nextServe } from '../policy/order.ts';
import { burstForBatch, planAfterStart } from '../policy/policy.ts';
import { BURST, JOULES, LATE_SERVICE, LATE_SWITCHING, SERVICE, SWITCHING } from '../record/serve-recorder.ts';
import type { Batch } from '../state/batch.ts';
import { type Chip, IDLE_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { ALWAYS, type Simulation } from '../state/simulation.ts';
import { batchOf, beginSpan, beginSwitch } from '../state/spans.ts';
import { checkCausality } from './invariants.ts';

/** Starts or resumes the next batch on a chip that has none. Returns false if no batch can start. */
export function dispatch(sim: Simulation, chip: Chip): boolean {
  const serve = nextServe(sim);
  if (sim.parked.length !== 0) {
    const place = nextParked(sim);
    if (serve === null || !goesBefore(sim, serve, sim.parked[place] as Batch)) {
      resume(sim, chip, place);
      return true;
    }
  }
  if (serve === null) return false;
  startBatch(sim, chip, serve);
  return true;
}

/** Counts one idle chip less, and updates the idle clock. */
export function leaveIdle(sim: Simulation): void {
  if (--sim.idleChips === 0) sim.idleClock += sim.clock.now - sim.idleSince;
}

/** Makes a chip idle, and updates the idle clock. */
export function enterIdle(sim: Simulation, chip: Chip): void {
  chip.phase = IDLE_CHIP;
  sim.events.clear(chip.slot);
  if (sim.idleChips++ === 0) sim.idleSince = sim.clock.now;
}

function startBatch(sim: Simulation, chip: Chip, serve: ServeState): void {
  const { queue } = serve;
  const size = Math.min(queue.length, serve.maxBatch);
  if (chip.phase === IDLE_CHIP) leaveIdle(sim);
  const batch = sim.batches.take(serve, size);
  batch.startSeconds = sim.clock.now;
  batch.scale = serve.hasScales ? serve.nextScale() : 1;
  const { requests } = batch;
  for (let i = 0; i < size; i++) requests[i] = queue.arrivalAt(i);
  if (sim.usesTimers) storeWaits(sim, batch);
  queue.drop(size);
  sim.totalQueued -= size;
  serve.recorder.leaveQueue(size);
  chip.batch = batch;
  run(sim, chip, batch, false);
}

/**
 * Stores how long each request of a starting batch waited for the batch to fill. This is the time since its arrival in
 * which at least one chip was idle.
 */
function storeWaits(sim: Simulation, batch: Batch): void {
  const { serve } = batch;
  const clock = sim.idleClockNow();
  for (let i = 0; i < batch.size; i++) batch.waits[i] = clock - serve.queue.idleClockAt(i);
  sim.events.clear(sim.firstTimerSlot + serve.index);
}

function resume(sim: Simulation, chip: Chip, place: number): void {
  const batch = sim.parked[place] as Batch;
  sim.parked.splice(place, 1);
  if (chip.phase === IDLE_CHIP) leaveIdle(sim);
  chip.batch = batch;
  run(sim, chip, batch, true);
}

/**
 * Runs the batch on the chip in the mode that the policy selects. A switch or the transfer of activations comes first.
 */
function run(sim: Simulation, chip: Chip, batch: Batch, resumed: boolean): void {
  if (sim.policy > ALWAYS || resumed) {
    const burst = burstForBatch(sim, chip);
    if (beginSwitch(sim, chip, burst, resumed ? activationSeconds(sim, batch) : 0)) return;
  }
  beginSpan(sim, chip);
  if (chip.burst) planAfterStart(sim, chip);
}

/** Seconds to move the activations of a batch that its next layers need to or from HBM. */
function activationSeconds(sim: Simulation, batch: Batch): number {
  return (sim.input.serves[batch.serve.index]?.borderSeconds?.[batch.layer] ?? 0) * batch.size;
}

/**
 * Interrupts the batch of the chip at the current layer border if a waiting batch is more urgent. Returns whether it did.
 * Writing the activations delays the next batch. Reading them back delays the interrupted batch when it resumes.
 */
export function preempt(sim: Simulation, chip: Chip): boolean {
  const batch = batchOf(chip);
  const serve = nextServe(sim);
  if (serve === null || !goesBefore(sim, serve, batch)) return false;
  sim.parked.push(batch);
  chip.batch = null;
  if (!beginSwitch(sim, chip, chip.burst, activationSeconds(sim, batch))) startBatch(sim, chip, serve);
  return true;
}

/** Sets the timers of the serves whose batches are not full. Called when a chip becomes idle. */
export function armTimers(sim: Simulation): void {
  if (!sim.usesTimers) return;
  for (const serve of sim.serves) {
    if (serve.queue.length === 0 || isReady(sim, serve)) continue;
    sim.events.set(sim.firstTimerSlot + serve.index, serve.queue.arrivalAt(0) + serve.timeoutSeconds);
  }
}

/** Counts a finished batch and returns it to the pool. */
export function finishBatch(sim: Simulation, chip: Chip): void {
  const batch = batchOf(chip);
  const { recorder } = batch.serve;
  checkCausality(sim, batch);
  const leftOut = recorder.leftOut(batch);
  const counted = batch.size - leftOut;
  const late = recorder.finish(batch, leftOut);
  if (sim.usesTimers) recorder.countWaits(batch, leftOut);
  if (batch.switchSeconds !== 0) {
    recorder.add(SWITCHING, batch.switchSeconds * counted);
    recorder.add(LATE_SWITCHING, batch.switchSeconds * late);
  }
  if (sim.timeline.detailed) sim.timeline.requests.finish(batch, chip.index, sim.clock.now, sim.usesTimers);
  if (batch.burst) recorder.add(BURST, counted);
  if (batch.profile >= 0) recorder.countProfile(batch.profile, counted, late);
  else countService(batch, counted, late);
  if (sim.hasLoops) sim.answer(batch.serve, batch.size);
  sim.batches.release(batch);
  chip.batch = null;
}

function countService(batch: Batch, counted: number, late: number): void {
  const { recorder } = batch.serve;
  for (let bound = 0; bound < bounds.length; bound++) {
    const seconds = batch.service[bound] as number;
    if (seconds === 0) continue;
    recorder.add(SERVICE + bound, seconds * counted);
    recorder.add(LATE_SERVICE + bound, seconds * late);
  }
  recorder.add(JOULES, (batch.joules * counted) / batch.size);
}
