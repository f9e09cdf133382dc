import { bounds } from '../../design/index.ts';
import { checkCausality } from './invariants.ts';
import { isReady, nextParked, nextServe, startedUrgency, urgency } from './order.ts';
import { modeForBatch, planAfterStart } from './policy.ts';
import { BATCHES, BURST, JOULES, LATE_SERVICE, LATE_SWITCHING, SERVICE, SWITCHING } from './serve-recorder.ts';
import { CHIP_IDLE, type Simulation } from './simulation.ts';
import { beginSpan, beginSwitch } from './spans.ts';

/** Gives an idle chip its next batch; false where none may start. */
export function dispatch(sim: Simulation, chip: number, now: number): boolean {
  const serve = nextServe(sim, now);
  const parked = sim.parked.length > 0 ? nextParked(sim) : -1;
  if (parked >= 0 && (serve < 0 || !goesBefore(sim, serve, sim.parked[parked] as number))) {
    resume(sim, chip, parked, now);
    return true;
  }
  if (serve < 0) return false;
  startBatch(sim, chip, serve, now);
  return true;
}

/** Whether a batch made of a serve's queue now is more urgent than one that was begun. */
export function goesBefore(sim: Simulation, serve: number, slot: number): boolean {
  const queue = sim.queues[serve] as Simulation['queues'][number];
  const size = Math.min(queue.length, sim.maxBatch[serve] as number);
  return urgency(sim, serve, size, queue.arrivalAt(0)) < startedUrgency(sim, slot);
}

/** Takes the chip out of idleness or puts it there. */
export function leaveIdle(sim: Simulation, now: number): void {
  if (--sim.idleChips === 0) sim.idleClock += now - sim.idleSince;
}

export function enterIdle(sim: Simulation, chip: number, now: number): void {
  sim.phase[chip] = CHIP_IDLE;
  sim.batch[chip] = -1;
  sim.events.set(chip, Number.POSITIVE_INFINITY);
  if (sim.idleChips++ === 0) sim.idleSince = now;
}

function startBatch(sim: Simulation, chip: number, serve: number, now: number): void {
  const { batches } = sim;
  const queue = sim.queues[serve] as Simulation['queues'][number];
  const size = Math.min(queue.length, sim.maxBatch[serve] as number);
  if (sim.phase[chip] === CHIP_IDLE) leaveIdle(sim, now);
  const slot = batches.take(serve, size, now, sim.nextScale(serve));
  const row = slot * batches.stride;
  const { requests, idleClocks } = batches;
  if (sim.usesTimers) {
    const clock = sim.idleClockNow(now);
    for (let i = 0; i < size; i++) {
      requests[row + i] = queue.arrivalAt(i);
      idleClocks[row + i] = clock - queue.idleClockAt(i);
    }
    const timer = sim.firstTimerSlot + serve;
    if ((sim.events.seconds[timer] as number) < Number.POSITIVE_INFINITY) {
      sim.events.set(timer, Number.POSITIVE_INFINITY);
    }
  } else {
    for (let i = 0; i < size; i++) requests[row + i] = queue.arrivalAt(i);
  }
  queue.drop(size);
  sim.totalQueued -= size;
  (sim.recorders[serve] as Simulation['recorders'][number]).leaveQueue(size, now);
  sim.batch[chip] = slot;
  run(sim, chip, 0, now);
}

function resume(sim: Simulation, chip: number, place: number, now: number): void {
  const slot = sim.parked[place] as number;
  sim.parked.splice(place, 1);
  if (sim.phase[chip] === CHIP_IDLE) leaveIdle(sim, now);
  sim.batch[chip] = slot;
  run(sim, chip, activationSeconds(sim, slot), now);
}

/** Sets the chip to its batch, in the mode that the policy wants, after what has to come before. */
function run(sim: Simulation, chip: number, extraSeconds: number, now: number): void {
  const mode = modeForBatch(sim, chip, now);
  if (!beginSwitch(sim, chip, mode, extraSeconds, now)) {
    beginSpan(sim, chip, now);
    planAfterStart(sim, chip, now);
  }
}

/** Seconds in which a batch's live activations cross to or from HBM at the layer where it stands. */
function activationSeconds(sim: Simulation, slot: number): number {
  const { batches } = sim;
  const perRequest = sim.input.serves[batches.serve[slot] as number]?.borderSeconds?.[batches.layer[slot] as number];
  return (perRequest ?? 0) * (batches.size[slot] as number);
}

/**
 * Interrupts the chip's batch at the border where it stands, if what waits is more urgent; true if it did. Writing its activations out holds
 * the next batch up, reading them back holds its own resumption.
 */
export function preempt(sim: Simulation, chip: number, now: number): boolean {
  const slot = sim.batch[chip] as number;
  const serve = nextServe(sim, now);
  if (serve < 0 || !goesBefore(sim, serve, slot)) return false;
  const saving = activationSeconds(sim, slot);
  sim.parked.push(slot);
  sim.batch[chip] = -1;
  if (saving > 0) {
    beginSwitch(sim, chip, sim.mode[chip] as number, saving, now);
    return true;
  }
  startBatch(sim, chip, serve, now);
  return true;
}

/** Sets timers for the serves whose batches are not full: called when a chip is left idle. */
export function armTimers(sim: Simulation, now: number): void {
  if (!sim.usesTimers) return;
  for (let serve = 0; serve < sim.serves; serve++) {
    const queue = sim.queues[serve] as Simulation['queues'][number];
    if (queue.length === 0 || isReady(sim, serve, now)) continue;
    sim.events.set(sim.firstTimerSlot + serve, queue.arrivalAt(0) + (sim.timeoutSeconds[serve] as number));
  }
}

/** Counts a finished batch and frees its slot. */
export function finishBatch(sim: Simulation, chip: number, now: number): void {
  const { batches } = sim;
  const slot = sim.batch[chip] as number;
  const serve = batches.serve[slot] as number;
  const size = batches.size[slot] as number;
  const recorder = sim.recorders[serve] as Simulation['recorders'][number];
  const row = slot * batches.stride;
  const { requests, idleClocks } = batches;
  let late = 0;
  let sum = 0;
  if (sim.usesTimers) {
    for (let i = 0; i < size; i++) {
      const latency = now - (requests[row + i] as number);
      sum += latency;
      if (recorder.finish(latency, idleClocks[row + i] as number)) late++;
    }
  } else {
    for (let i = 0; i < size; i++) {
      const latency = now - (requests[row + i] as number);
      sum += latency;
      if (recorder.finish(latency, 0)) late++;
    }
  }
  sim.latencySum += sum;
  sim.inSystemSeconds += sim.inSystem * (now - sim.inSystemSince);
  sim.inSystemSince = now;
  sim.inSystem -= size;
  recorder.add(BATCHES, 1);
  const switching = batches.switchSeconds[slot] as number;
  if (switching !== 0) {
    recorder.add(SWITCHING, switching * size);
    recorder.add(LATE_SWITCHING, switching * late);
  }
  if (batches.burst[slot] === 1) recorder.add(BURST, size);
  const profile = batches.profile[slot] as number;
  if (profile >= 0) {
    recorder.countProfile(profile, size, late);
  } else {
    for (let bound = 0; bound < bounds.length; bound++) {
      const seconds = batches.service[slot * bounds.length + bound] as number;
      if (seconds === 0) continue;
      recorder.add(SERVICE + bound, seconds * size);
      recorder.add(LATE_SERVICE + bound, seconds * late);
    }
    recorder.add(JOULES, batches.joules[slot] as number);
  }
  checkCausality(sim, slot, now);
  batches.release(slot);
  sim.batch[chip] = -1;
}
