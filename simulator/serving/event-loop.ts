import { BUCKETS, SLOT_BUCKETS } from './buckets.ts';
import { armTimers, dispatch, enterIdle, finishBatch, goesBefore, leaveIdle, preempt } from './dispatch.ts';
import { checkWorkConserving } from './invariants.ts';
import { isReady, startedUrgency } from './order.ts';
import { idleReturnSeconds, modeAtBorder, onArrival, planAfterStart } from './policy.ts';
import { CHIP_COMPUTING, CHIP_IDLE, CHIP_SWITCHING, LONGEST_QUEUE, type Simulation } from './simulation.ts';
import { beginSpan, beginSwitch, bookSwitch, endSpan, layerAfter, stopBefore } from './spans.ts';

/** When a run ends. The first of them that comes. */
export interface Ending {
  readonly horizonSeconds: number;
  /** No request comes after this time or beyond this number; the run goes on until all are done. */
  readonly lastArrivalSeconds: number;
  readonly mostArrivals: number;
  /** The run ends at once, with requests inside, when this many have come. */
  readonly budgetArrivals: number;
}

/** Clock over the buckets; the run's statistics look at it when the budget of buckets is full. */
export interface BucketClock {
  widthSeconds: number;
  bucket: number;
}

const POLL_EVENTS = 16384;

/**
 * Runs until the ending and returns true, or false where it was cancelled. `onFull` is asked whenever the bucket budget is full; true ends the run there.
 */
export function runEvents(
  sim: Simulation,
  clock: BucketClock,
  ending: Ending,
  onFull: () => boolean,
  poll: (now: number) => boolean,
): boolean {
  const { events, firstArrivalSlot, firstTimerSlot } = sim;
  const keys = events.seconds;
  const { winners } = events;
  const { horizonSeconds, lastArrivalSeconds } = ending;
  let bucketEnd = (clock.bucket + 1) * clock.widthSeconds;
  let untilPoll = POLL_EVENTS;
  for (;;) {
    const slot = winners[1] as number;
    const now = keys[slot] as number;
    if (now >= bucketEnd) {
      if (now === Number.POSITIVE_INFINITY) return true;
      if (bucketEnd >= horizonSeconds) {
        sim.now = horizonSeconds;
        return true;
      }
      enterBucket(sim, clock, bucketEnd);
      if (clock.bucket === BUCKETS) {
        if (onFull()) return true;
        fold(sim, clock);
      }
      bucketEnd = (clock.bucket + 1) * clock.widthSeconds;
      continue;
    }
    if (now >= horizonSeconds) {
      sim.now = horizonSeconds;
      return true;
    }
    sim.now = now;
    if (slot < firstArrivalSlot) {
      onChip(sim, slot, now);
    } else if (slot < firstTimerSlot) {
      if (now > lastArrivalSeconds || sim.totalArrived >= ending.mostArrivals) {
        for (let s = firstArrivalSlot; s < firstTimerSlot; s++) events.set(s, Number.POSITIVE_INFINITY);
        continue;
      }
      onArrivalEvent(sim, slot - firstArrivalSlot, slot, now);
      if (sim.totalArrived >= ending.budgetArrivals) return true;
    } else {
      onTimer(sim, slot, now);
    }
    if (--untilPoll === 0) {
      untilPoll = POLL_EVENTS;
      if (poll(now)) return false;
    }
  }
}

function enterBucket(sim: Simulation, clock: BucketClock, at: number): void {
  sim.now = at;
  checkWorkConserving(sim, at);
  clock.bucket++;
  const slot = Math.floor(clock.bucket / SLOT_BUCKETS);
  for (const recorder of sim.recorders) recorder.enter(clock.bucket, slot, at);
}

function fold(sim: Simulation, clock: BucketClock): void {
  for (const recorder of sim.recorders) recorder.fold();
  sim.timeline.fold();
  clock.bucket = BUCKETS / 2;
  clock.widthSeconds *= 2;
}

function onArrivalEvent(sim: Simulation, serve: number, slot: number, now: number): void {
  sim.advanceArrival(serve, slot);
  sim.totalArrived++;
  const queue = sim.queues[serve] as Simulation['queues'][number];
  const recorder = sim.recorders[serve] as Simulation['recorders'][number];
  if (queue.length >= LONGEST_QUEUE) {
    recorder.drop();
    return;
  }
  recorder.arrive(now);
  sim.inSystemSeconds += sim.inSystem * (now - sim.inSystemSince);
  sim.inSystemSince = now;
  sim.inSystem++;
  queue.push(now, sim.usesTimers ? sim.idleClockNow(now) : 0);
  sim.totalQueued++;
  if (sim.idleChips > 0) {
    if (isReady(sim, serve, now)) {
      dispatch(sim, idleChip(sim), now);
    } else if (queue.length === 1) {
      sim.events.set(sim.firstTimerSlot + serve, now + (sim.timeoutSeconds[serve] as number));
    }
    return;
  }
  if (sim.policy >= 2) onArrival(sim, serve, now);
  if (sim.preempts && isReady(sim, serve, now)) askForPreemption(sim, serve, now);
}

function idleChip(sim: Simulation): number {
  let chip = 0;
  while (sim.phase[chip] !== CHIP_IDLE) chip++;
  return chip;
}

/** Stops the least urgent of the running batches at its next border, if a batch of `serve` would go before it. */
function askForPreemption(sim: Simulation, serve: number, now: number): void {
  let victim = -1;
  let least = 0;
  for (let chip = 0; chip < sim.chips; chip++) {
    if (sim.phase[chip] !== CHIP_COMPUTING || sim.pendingPreemption[chip] === 1) continue;
    const slot = sim.batch[chip] as number;
    if (!goesBefore(sim, serve, slot)) continue;
    const key = startedUrgency(sim, slot);
    if (victim < 0 || key > least) {
      victim = chip;
      least = key;
    }
  }
  if (victim < 0) return;
  const layer = layerAfter(sim, victim, now);
  const running = sim.batches.serve[sim.batch[victim] as number] as number;
  if (layer >= (sim.profiles.layerCounts[running] as number)) return;
  sim.pendingPreemption[victim] = 1;
  stopBefore(sim, victim, layer);
}

function onTimer(sim: Simulation, slot: number, now: number): void {
  sim.events.set(slot, Number.POSITIVE_INFINITY);
  if (sim.idleChips > 0) dispatch(sim, idleChip(sim), now);
}

function onChip(sim: Simulation, chip: number, now: number): void {
  switch (sim.phase[chip]) {
    case CHIP_COMPUTING: {
      const stop = sim.spanStop[chip] as number;
      const slot = sim.batch[chip] as number;
      endSpan(sim, chip, stop, now);
      if (stop === (sim.profiles.layerCounts[sim.batches.serve[slot] as number] as number)) {
        finishBatch(sim, chip, now);
        takeNext(sim, chip, now);
        return;
      }
      if (sim.pendingPreemption[chip] === 1 && preempt(sim, chip, now)) return;
      const mode = modeAtBorder(sim, chip, now);
      if (beginSwitch(sim, chip, mode, 0, now)) return;
      beginSpan(sim, chip, now);
      planAfterStart(sim, chip, now);
      return;
    }
    case CHIP_SWITCHING:
      bookSwitch(sim, chip, now);
      if ((sim.batch[chip] as number) >= 0) {
        beginSpan(sim, chip, now);
        planAfterStart(sim, chip, now);
      } else takeNext(sim, chip, now);
      return;
    default:
      // An idle chip whose time to go back to base has come.
      if (beginSwitch(sim, chip, 0, 0, now)) leaveIdle(sim, now);
      else sim.events.set(chip, Number.POSITIVE_INFINITY);
  }
}

/** The chip has nothing in hand: the next batch, or idleness. */
function takeNext(sim: Simulation, chip: number, now: number): void {
  if (dispatch(sim, chip, now)) return;
  enterIdle(sim, chip, now);
  armTimers(sim, now);
  const back = idleReturnSeconds(sim, chip, now);
  if (back < Number.POSITIVE_INFINITY) sim.events.set(chip, back);
}
