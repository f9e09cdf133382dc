import { isReady } from './order.ts';
import type { Simulation } from './simulation.ts';

/*
 * What must hold on every run. They are cheap enough to stay on; a broken one is a bug of ours, reported with what it takes to see
 * it again, and never a plot.
 */

/** Relative room for sums of millions of rounded terms. */
const ROUNDING = 1e-6;

function broken(sim: Simulation, law: string, facts: string): never {
  const { input } = sim;
  const serves = input.serves
    .map(
      (serve) =>
        `${serve.name} ${serve.arrivals.kind} batch ${serve.batch.maxSize}/${serve.batch.timeoutSeconds} s, ${serve.tables[0]?.layerCount ?? 0} layers`,
    )
    .join('; ');
  throw new Error(
    `simulator bug: ${law} does not hold: ${facts} (run "${input.label}", seed ${input.seed}, at ${sim.now} s, chips ${input.chips}, ` +
      `order ${input.order}, burst ${input.burst.kind}, switch at ${input.switchAt}, preemption ${input.preemption}; ${serves})`,
  );
}

/** arrival <= start <= finish. A batch's last request is its youngest. */
export function checkCausality(sim: Simulation, slot: number, now: number): void {
  const { batches } = sim;
  const youngest = batches.requests[slot * batches.stride + (batches.size[slot] as number) - 1] as number;
  const start = batches.startSeconds[slot] as number;
  if (youngest <= start && start <= now) return;
  broken(sim, 'arrival <= start <= finish', `${youngest}, ${start}, ${now}`);
}

/** No chip is idle while a batch could start. Holds at any moment between events; looked at once a bucket. */
export function checkWorkConserving(sim: Simulation, now: number): void {
  if (sim.idleChips === 0) return;
  if (sim.parked.length > 0) broken(sim, 'work conservation', 'an interrupted batch waits for an idle chip');
  for (let serve = 0; serve < sim.serves; serve++) {
    const queue = sim.queues[serve] as Simulation['queues'][number];
    // A timer that is due at this very moment has not fired yet.
    if (queue.length === 0 || !isReady(sim, serve, now)) continue;
    if (
      queue.length < (sim.maxBatch[serve] as number) &&
      (sim.events.seconds[sim.firstTimerSlot + serve] as number) >= now
    ) {
      continue;
    }
    broken(sim, 'work conservation', `${queue.length} requests of serve ${serve} wait beside an idle chip`);
  }
}

/** Conservation, Little's law, busy time and scratchpad capacity, at the end of a run. */
export function checkRun(sim: Simulation, endSeconds: number): void {
  const running = new Float64Array(sim.serves);
  let inside = 0;
  let ages = 0;
  const count = (slot: number) => {
    const { batches } = sim;
    const size = batches.size[slot] as number;
    const serve = batches.serve[slot] as number;
    running[serve] = (running[serve] as number) + size;
    inside += size;
    for (let i = 0; i < size; i++) ages += endSeconds - (batches.requests[slot * batches.stride + i] as number);
  };
  for (let chip = 0; chip < sim.chips; chip++) {
    if ((sim.batch[chip] as number) >= 0) count(sim.batch[chip] as number);
  }
  for (const slot of sim.parked) count(slot);
  for (let serve = 0; serve < sim.serves; serve++) {
    const recorder = sim.recorders[serve] as Simulation['recorders'][number];
    const queue = sim.queues[serve] as Simulation['queues'][number];
    inside += queue.length;
    for (let place = 0; place < queue.length; place++) ages += endSeconds - queue.arrivalAt(place);
    const accounted = recorder.totalFinished + queue.length + (running[serve] as number) + recorder.totalDropped;
    if (recorder.totalArrived !== accounted || queue.length !== recorder.queued) {
      broken(
        sim,
        'requests in = done + queued + running + dropped',
        `serve ${serve}: ${recorder.totalArrived} in, ${recorder.totalFinished} done, ${queue.length} queued ` +
          `(${recorder.queued} counted), ${running[serve]} running, ${recorder.totalDropped} dropped`,
      );
    }
  }
  // Little's law, exactly: the time integral of the number inside is the sum of what all requests spent inside so far.
  const integral = sim.inSystemSeconds + sim.inSystem * (endSeconds - sim.inSystemSince);
  const spent = sim.latencySum + ages;
  if (inside !== sim.inSystem || Math.abs(integral - spent) > ROUNDING * Math.max(integral, spent, 1e-9)) {
    broken(sim, "Little's law", `integral of the number inside ${integral} s, time spent inside ${spent} s`);
  }
  for (let chip = 0; chip < sim.chips; chip++) {
    let busy = 0;
    for (let kind = 0; kind < 5; kind++) busy += sim.timeline.totals[chip * 5 + kind] as number;
    if (busy > endSeconds * (1 + ROUNDING))
      broken(sim, 'busy time <= time', `chip ${chip}: ${busy} s of ${endSeconds} s`);
    const used = sim.weights.usedBytes[chip] as number;
    const capacity = sim.input.residency?.capacityBytes ?? 0;
    if (used > capacity * (1 + 1e-12)) broken(sim, 'CMEM capacity', `chip ${chip}: ${used} of ${capacity} bytes`);
  }
}
