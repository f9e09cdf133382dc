import { urgency } from './order.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from './service-profiles.ts';
import { ORACLE_LOOKAHEAD, type Simulation } from './simulation.ts';

/*
 * The one policy that reads the future: an upper bound to hold the others against, not a design. A batch runs in base only if that makes no
 * request late that burst from here on would not make late: it plays both futures, with every later batch in burst, until the
 * longer one first falls idle. Where that is beyond the horizon there is no idle time to hide base's delay in: burst.
 */
const HORIZON_BATCHES = 192;

export function oracleMode(sim: Simulation, chip: number, now: number): number {
  const slot = sim.batch[chip] as number;
  const serve = sim.batches.serve[slot] as number;
  const size = sim.batches.size[slot] as number;
  const layer = sim.batches.layer[slot] as number;
  const scale = sim.batches.scale[slot] as number;
  const burst = sim.mode[chip] === 1;
  const baseEnd = now + (burst ? sim.switchSeconds : 0) + rest(sim, chip, serve, size, layer, false) * scale;
  const burstEnd = now + (burst ? 0 : sim.switchSeconds) + rest(sim, chip, serve, size, layer, true) * scale;
  if (baseEnd <= burstEnd) return 0;
  if (sim.usesTimers || sim.deadlineSeconds.some((seconds) => seconds < Number.POSITIVE_INFINITY)) {
    for (let s = 0; s < sim.serves; s++) {
      if ((sim.arrivalEnd[s] as number) - (sim.arrivalNext[s] as number) < ORACLE_LOOKAHEAD) sim.refill(s);
    }
  }
  // The longer future first: it says which requests both are compared over. Its burst mode has to be entered after this batch.
  const served = new Int32Array(sim.serves);
  const lateInBase = play(sim, chip, baseEnd + sim.switchSeconds, served, false);
  if (lateInBase < 0) return 1;
  const lateInBurst = play(sim, chip, burstEnd, served, true);
  const own = lateOf(sim, slot, baseEnd) - lateOf(sim, slot, burstEnd);
  return own + lateInBase - lateInBurst > 0 ? 1 : 0;
}

function rest(sim: Simulation, chip: number, serve: number, size: number, layer: number, burst: boolean): number {
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
  return (
    (profiles.seconds[profile] as number) - (profiles.prefix[(profiles.offsets[profile] as number) + layer] as number)
  );
}

function lateOf(sim: Simulation, slot: number, end: number): number {
  const { batches } = sim;
  const limit = sim.deadlineSeconds[batches.serve[slot] as number] as number;
  let late = 0;
  for (let i = 0; i < (batches.size[slot] as number); i++) {
    if (end - (batches.requests[slot * batches.stride + i] as number) > limit) late++;
  }
  return late;
}

/** Arrival of the serve's request `place` places behind the oldest that waits; beyond the queue lies the future. */
function arrivalAt(sim: Simulation, serve: number, place: number): number {
  const queue = sim.queues[serve] as Simulation['queues'][number];
  if (place < queue.length) return queue.arrivalAt(place);
  const ahead = place - queue.length;
  if (ahead === 0) return sim.events.seconds[sim.firstArrivalSlot + serve] as number;
  const at = (sim.arrivalNext[serve] as number) + ahead - 1;
  if (at >= (sim.arrivalEnd[serve] as number)) return Number.POSITIVE_INFINITY;
  return (sim.arrivalBlocks[serve] as Float64Array)[at] as number;
}

/**
 * Late requests with every batch in burst once `chip` is free at `freeSeconds`. Open: until all chips are idle, and `served` becomes what was
 * served; -1 where the horizon ends first. Closed: over exactly `served`.
 */
function play(sim: Simulation, chip: number, freeSeconds: number, served: Int32Array, closed: boolean): number {
  const { profiles } = sim;
  const free = new Float64Array(sim.chips);
  for (let c = 0; c < sim.chips; c++) {
    free[c] = c === chip ? freeSeconds : sim.batch[c] === -1 ? sim.now : (sim.spanEnd[c] as number);
  }
  const taken = new Int32Array(sim.serves);
  let late = 0;
  for (let step = 0; step < HORIZON_BATCHES; step++) {
    let c = 0;
    for (let other = 1; other < sim.chips; other++) {
      if ((free[other] as number) < (free[c] as number)) c = other;
    }
    let start = free[c] as number;
    // When could the first batch of any serve start? None ready before `start`: an idle chip, and the end of the busy time.
    let earliest = Number.POSITIVE_INFINITY;
    for (let s = 0; s < sim.serves; s++) {
      if (closed && (taken[s] as number) >= (served[s] as number)) continue;
      earliest = Math.min(earliest, readyAt(sim, s, taken[s] as number));
    }
    if (earliest === Number.POSITIVE_INFINITY || (!closed && earliest > start)) {
      if (!closed) served.set(taken);
      return late;
    }
    start = Math.max(start, earliest);
    let serve = -1;
    let best = 0;
    for (let s = 0; s < sim.serves; s++) {
      if (closed && (taken[s] as number) >= (served[s] as number)) continue;
      if (readyAt(sim, s, taken[s] as number) > start) continue;
      const head = arrivalAt(sim, s, taken[s] as number);
      const key = urgency(sim, s, 1, head);
      if (serve < 0 || key < best) {
        serve = s;
        best = key;
      }
    }
    if (serve < 0) return late;
    const place = taken[serve] as number;
    const most = Math.min(
      sim.maxBatch[serve] as number,
      closed ? (served[serve] as number) - place : Number.POSITIVE_INFINITY,
    );
    let size = 1;
    while (size < most && arrivalAt(sim, serve, place + size) <= start) size++;
    const end = start + (profiles.seconds[profiles.profile(serve, size, BURST_STEADY)] as number);
    for (let i = 0; i < size; i++) {
      if (end - arrivalAt(sim, serve, place + i) > (sim.deadlineSeconds[serve] as number)) late++;
    }
    taken[serve] = place + size;
    free[c] = end;
  }
  return closed ? late : -1;
}

/** When a batch that begins with the serve's request at `place` may start at the earliest. */
function readyAt(sim: Simulation, serve: number, place: number): number {
  const head = arrivalAt(sim, serve, place);
  const timeout = sim.timeoutSeconds[serve] as number;
  if (timeout === 0 || head === Number.POSITIVE_INFINITY) return head;
  return Math.min(head + timeout, arrivalAt(sim, serve, place + (sim.maxBatch[serve] as number) - 1));
}
