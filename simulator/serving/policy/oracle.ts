import type { Batch } from '../state/batch.ts';
import type { Chip } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from '../state/service-profiles.ts';
import { ORACLE_LOOKAHEAD, type Simulation } from '../state/simulation.ts';
import { batchOf } from '../state/spans.ts';
import { urgency } from './order.ts';
import { restSeconds } from './prediction.ts';

/*
 * The oracle policy reads the future arrivals. It is an upper bound to compare the other policies with, not a possible
 * design. It runs a batch in base mode only if this makes no more requests late than burst mode from now on.
 *
 * It simulates up to three futures until a chip first becomes idle:
 * - burst mode from now on,
 * - base mode for this batch and burst mode after it,
 * - base mode for all batches. This one is best if burst mode is slower because it fetches weights.
 *
 * An idle time absorbs delays. If no chip becomes idle within the horizon, the oracle selects the mode that finishes all
 * of the compared batches first.
 */

/** The largest number of batches in a future. Our assumption: it limits the cost of a decision. */
const HORIZON_BATCHES = 96;
/**
 * If no chip becomes idle within the horizon, the modes are compared over this number of batches. Our assumption: enough
 * batches to compensate for the cost of a switch, and few enough to simulate at each decision.
 */
const COMPARED_BATCHES = 32;

/** Whether the oracle runs the current batch of a chip in burst mode. */
export function oracleWantsBurst(sim: Simulation, chip: Chip): boolean {
  const batch = batchOf(chip);
  const { serve, size, layer, scale } = batch;
  const { now } = sim.clock;
  const toBase = chip.burst ? chip.switchSeconds : 0;
  const toBurst = chip.burst ? 0 : chip.switchSeconds;
  const baseEnd = now + toBase + restSeconds(sim, chip, serve, size, layer, false) * scale;
  const burstEnd = now + toBurst + restSeconds(sim, chip, serve, size, layer, true) * scale;
  const ownLate = lateOf(batch, baseEnd) - lateOf(batch, burstEnd);
  // A switch that delays this batch can still help later batches. So its own requests decide only if burst mode ends
  // first.
  if (baseEnd > burstEnd && ownLate > 0) return true;
  for (const other of sim.serves) {
    if (other.end - other.next < ORACLE_LOOKAHEAD) other.refill();
  }
  // The longest future comes first. It determines the requests over which all futures are compared. It switches to burst
  // mode after this batch.
  const served = new Int32Array(sim.serves.length);
  const later = simulateFuture(
    sim,
    chip,
    { burst: false, freeSeconds: baseEnd + chip.switchSeconds },
    'burst',
    served,
    false,
  );
  const isSooner = burstIsSooner(sim, chip);
  if (!later.idles && isSooner) return true;
  const burst = simulateFuture(sim, chip, { burst: true, freeSeconds: burstEnd }, 'burst', served, true);
  if (later.idles && (isSooner || later.late + ownLate <= burst.late)) return later.late + ownLate > burst.late;
  const base = simulateFuture(sim, chip, { burst: false, freeSeconds: baseEnd }, 'base', served, true);
  return later.idles ? base.late + ownLate > burst.late : burst.endSeconds < base.endSeconds;
}

/** Whether burst mode is faster on the chip for every network, with resident weights. */
function burstIsSooner({ serves, profiles }: Simulation, chip: Chip): boolean {
  return serves.every((serve) => {
    const burst = profiles.seconds[serve.profileOn(chip, serve.maxBatch, BURST_STEADY)] as number;
    return burst < (profiles.seconds[serve.profileOn(chip, serve.maxBatch, BASE_STEADY)] as number);
  });
}

function lateOf(batch: Batch, end: number): number {
  let late = 0;
  for (let i = 0; i < batch.size; i++) {
    if (end - (batch.requests[i] as number) > batch.serve.deadlineSeconds) late++;
  }
  return late;
}

/**
 * The arrival time of a request of the serve. Place 0 is the oldest waiting request; places after the queue are in the
 * future.
 */
function arrivalAt(sim: Simulation, serve: ServeState, place: number): number {
  if (place < serve.queue.length) return serve.queue.arrivalAt(place);
  const ahead = place - serve.queue.length;
  if (ahead === 0) return sim.events.seconds[serve.index] as number;
  const at = serve.next + ahead - 1;
  return at < serve.end ? (serve.block[at] as number) : Number.POSITIVE_INFINITY;
}

/** The mode of the current batch of the chip, and the time when the chip is free for the next batch. */
interface Start {
  readonly burst: boolean;
  readonly freeSeconds: number;
}

/**
 * The result of one possible future: its late requests, the end of its last batch, and whether a chip became idle before the horizon.
 */
interface Future {
  readonly late: number;
  readonly endSeconds: number;
  readonly idles: boolean;
}

/** Per chip and serve: 1 if the weights are resident in the format of `mode` after the current batch. */
function residentAfter(sim: Simulation, chip: Chip, start: Start, mode: 'base' | 'burst'): Uint8Array {
  const { chips, serves, weights } = sim;
  const isBurst = mode === 'burst';
  const isResident = new Uint8Array(chips.length * serves.length);
  for (const other of chips) {
    for (const serve of serves) {
      const at = other.index * serves.length + serve.index;
      isResident[at] = weights.isResident(other.index, serve.model, isBurst && other.canBurst) ? 1 : 0;
      if (other === chip && serve.model === batchOf(chip).serve.model) isResident[at] = start.burst === isBurst ? 1 : 0;
    }
  }
  return isResident;
}

/**
 * Simulates a future: every batch after the current one of `chip` runs in `mode`.
 *
 * An open future ends when a chip becomes idle, or at the horizon. It writes the number of served requests of each serve to
 * `served`. If no chip becomes idle, these are the requests of the first COMPARED_BATCHES batches. A closed future serves
 * exactly the requests in `served`.
 */
function simulateFuture(
  sim: Simulation,
  chip: Chip,
  start: Start,
  mode: 'base' | 'burst',
  served: Int32Array,
  closed: boolean,
): Future {
  const { profiles, serves } = sim;
  const free = Float64Array.from(sim.chips, (other) =>
    other === chip ? start.freeSeconds : other.batch === null ? sim.clock.now : other.spanEnd,
  );
  const taken = new Int32Array(serves.length);
  const isResident = residentAfter(sim, chip, start, mode);
  let late = 0;
  let endSeconds = start.freeSeconds;
  let idles = false;
  // Each step serves at least one request, so a closed future ends.
  for (let step = 0; closed || step < HORIZON_BATCHES; step++) {
    let c = 0;
    for (let other = 1; other < free.length; other++) {
      if ((free[other] as number) < (free[c] as number)) c = other;
    }
    if (!closed && step === COMPARED_BATCHES) served.set(taken);
    const idleFrom = free[c] as number;
    let earliest = Number.POSITIVE_INFINITY;
    for (const serve of serves) {
      const place = taken[serve.index] as number;
      if (closed && place >= (served[serve.index] as number)) continue;
      earliest = Math.min(earliest, readySeconds(sim, serve, place));
    }
    idles = earliest === Number.POSITIVE_INFINITY || (!closed && earliest > idleFrom);
    if (idles) break;
    const from = Math.max(idleFrom, earliest);
    const serve = firstAt(sim, from, taken, closed ? served : null);
    if (serve === null) break;
    const place = taken[serve.index] as number;
    const most = closed ? Math.min(serve.maxBatch, (served[serve.index] as number) - place) : serve.maxBatch;
    let size = 1;
    while (size < most && arrivalAt(sim, serve, place + size) <= from) size++;
    const at = c * serves.length + serve.index;
    const [steady, entry] =
      mode === 'burst' && sim.chip(c).canBurst ? [BURST_STEADY, BURST_ENTRY] : [BASE_STEADY, BASE_RETURN];
    const kind = isResident[at] === 1 ? steady : entry;
    isResident[at] = 1;
    const end = from + (profiles.seconds[serve.profileOn(sim.chip(c), size, kind)] as number);
    for (let i = 0; i < size; i++) {
      if (end - arrivalAt(sim, serve, place + i) > serve.deadlineSeconds) late++;
    }
    taken[serve.index] = place + size;
    free[c] = end;
    endSeconds = Math.max(endSeconds, end);
  }
  if (!closed && idles) served.set(taken);
  return { late, endSeconds, idles };
}

function firstAt(sim: Simulation, start: number, taken: Int32Array, served: Int32Array | null): ServeState | null {
  let best: ServeState | null = null;
  let bestKey = 0;
  for (const serve of sim.serves) {
    const place = taken[serve.index] as number;
    if (served !== null && place >= (served[serve.index] as number)) continue;
    if (readySeconds(sim, serve, place) > start) continue;
    const key = urgency(sim, serve, 1, arrivalAt(sim, serve, place));
    if (best === null || key < bestKey) {
      best = serve;
      bestKey = key;
    }
  }
  return best;
}

/** The earliest start of a batch whose first request is the one at `place`. */
function readySeconds(sim: Simulation, serve: ServeState, place: number): number {
  const head = arrivalAt(sim, serve, place);
  if (serve.timeoutSeconds === 0 || head === Number.POSITIVE_INFINITY) return head;
  return Math.min(head + serve.timeoutSeconds, arrivalAt(sim, serve, place + serve.maxBatch - 1));
}
