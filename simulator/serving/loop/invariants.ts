import { kindsOf } from '../kinds.ts';
import { isReady } from '../policy/order.ts';
import type { Batch } from '../state/batch.ts';
import type { Simulation } from '../state/simulation.ts';

/*
 * Conditions that are true in every correct run. They are cheap, so they are always checked. A violated condition is a bug
 * in Stimpack. The run then throws an error with the data that reproduces it, and shows no result.
 */

/** Relative tolerance for sums of millions of rounded terms. Our assumption: rounding of 1e7 terms is below 1e-8. */
const ROUNDING = 1e-6;

function broken(sim: Simulation, law: string, facts: string): never {
  const { input } = sim;
  const serves = input.serves.map((serve) => {
    const { timesSeconds: _times, origin: _origin, ...arrivals } = { timesSeconds: null, ...serve.arrivals };
    const layers = serve.tables[0]?.layerCount ?? 0;
    return {
      name: serve.name,
      model: serve.modelName,
      layers,
      arrivals,
      batch: serve.batch,
      slos: serve.slos.map((slo) => slo.text),
    };
  });
  const { label, chips, order, burst, switchAt, preemption, duration, seed } = input;
  const facing = { label, seed, npu: input.npuName, chips, order, burst, switchAt, preemption, duration, serves };
  throw new Error(
    `simulator bug: ${law} is violated at ${sim.clock.now} s: ${facts}; seed ${seed}, input ${JSON.stringify(facing)}`,
  );
}

/** arrival <= start <= finish. The last request of a batch arrived last. */
export function checkCausality(sim: Simulation, batch: Batch): void {
  const youngest = batch.requests[batch.size - 1] as number;
  if (youngest <= batch.startSeconds && batch.startSeconds <= sim.clock.now) return;
  broken(sim, 'arrival <= start <= finish', `${youngest}, ${batch.startSeconds}, ${sim.clock.now}`);
}

/** No chip is idle while a batch could start. This is true between any two events, and checked once in each bucket. */
export function checkWorkConserving(sim: Simulation): void {
  if (sim.idleChips === 0) return;
  if (sim.parked.length > 0) broken(sim, 'work conservation', 'an interrupted batch waits beside an idle chip');
  for (const serve of sim.serves) {
    if (!isReady(sim, serve)) continue;
    // The timer of this serve is due exactly now, but its event comes later.
    const timer = sim.usesTimers ? (sim.events.seconds[sim.firstTimerSlot + serve.index] as number) : Number.NaN;
    if (serve.queue.length < serve.maxBatch && timer >= sim.clock.now && timer < Number.POSITIVE_INFINITY) continue;
    broken(sim, 'work conservation', `${serve.queue.length} requests of serve ${serve.index} wait beside an idle chip`);
  }
}

/** Checks the number of requests, Little's law, busy time and scratchpad capacity at the end of a run, after `flush`. */
export function checkRun(sim: Simulation): void {
  const end = sim.clock.now;
  for (const serve of sim.serves) {
    const { recorder, queue, index } = serve;
    let running = 0;
    let waited = recorder.totalWaitSeconds;
    for (const batch of sim.batches.all) {
      if (batch.size === 0 || batch.serve !== serve) continue;
      running += batch.size;
      for (let i = 0; i < batch.size; i++) waited += batch.startSeconds - (batch.requests[i] as number);
    }
    for (let place = 0; place < queue.length; place++) waited += end - queue.arrivalAt(place);
    const { totalArrived, totalDropped, totalQueuedSeconds } = recorder;
    const totalFinished = recorder.totalFinished + recorder.totalLeftOut;
    if (totalArrived !== totalFinished + queue.length + running + totalDropped || queue.length !== recorder.queued) {
      broken(
        sim,
        'requests in = done + queued + running + dropped',
        `serve ${index}: ${totalArrived} in, ${totalFinished} done, ${queue.length} queued (${recorder.queued} counted), ` +
          `${running} running, ${totalDropped} dropped`,
      );
    }
    // Little's law, exact for the queue: the integral of its length equals the sum of all waiting times until now.
    if (Math.abs(totalQueuedSeconds - waited) > ROUNDING * Math.max(totalQueuedSeconds, waited, end)) {
      broken(
        sim,
        "Little's law",
        `serve ${index}: integral of the queue ${totalQueuedSeconds} s, time waited ${waited} s`,
      );
    }
  }
  const kinds = kindsOf(sim.input);
  for (const chip of sim.chips) {
    const busy = sim.timeline.busySeconds(chip.index);
    if (busy > end * (1 + ROUNDING)) broken(sim, 'busy time <= time', `chip ${chip.index}: ${busy} s of ${end} s`);
    const used = sim.weights.usedBytes[chip.index] as number;
    const capacity = kinds[chip.kind]?.residency?.capacityBytes ?? 0;
    if (used > capacity * (1 + 1e-12)) {
      broken(sim, 'scratchpad capacity', `chip ${chip.index}: ${used} of ${capacity} bytes`);
    }
  }
}
