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

/** Gives a chip that has nothing in hand its next batch; false where none may start. */
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

export function leaveIdle(sim: Simulation): void {
  if (--sim.idleChips === 0) sim.idleClock += sim.clock.now - sim.idleSince;
}

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
  if (sim.usesTimers) noteWaits(sim, batch);
  queue.drop(size);
  sim.totalQueued -= size;
  serve.recorder.leaveQueue(size);
  chip.batch = batch;
  run(sim, chip, batch, false);
}

/** How long each request of a batch that starts waited for it to fill: the time since its arrival in which a chip was idle. */
function noteWaits(sim: Simulation, batch: Batch): void {
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

/** Sets the chip to its batch, in the mode that the policy wants, after what has to come before. */
function run(sim: Simulation, chip: Chip, batch: Batch, resumed: boolean): void {
  if (sim.policy > ALWAYS || resumed) {
    const burst = burstForBatch(sim, chip);
    if (beginSwitch(sim, chip, burst, resumed ? activationSeconds(sim, batch) : 0)) return;
  }
  beginSpan(sim, chip);
  if (chip.burst) planAfterStart(sim, chip);
}

/** Seconds in which a batch's live activations cross to or from HBM at the layer where it stands. */
function activationSeconds(sim: Simulation, batch: Batch): number {
  return (sim.input.serves[batch.serve.index]?.borderSeconds?.[batch.layer] ?? 0) * batch.size;
}

/**
 * Interrupts the chip's batch at the border where it stands, if what waits is more urgent; true if it did. Writing its activations
 * out holds the next batch up, reading them back holds its own resumption.
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

/** Sets timers for the serves whose batches are not full: called when a chip is left idle. */
export function armTimers(sim: Simulation): void {
  if (!sim.usesTimers) return;
  for (const serve of sim.serves) {
    if (serve.queue.length === 0 || isReady(sim, serve)) continue;
    sim.events.set(sim.firstTimerSlot + serve.index, serve.queue.arrivalAt(0) + serve.timeoutSeconds);
  }
}

/** Counts a finished batch and gives it back to the pool. */
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
