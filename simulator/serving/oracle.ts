import type { Batch } from './batch.ts';
import type { Chip } from './chip.ts';
import { urgency } from './order.ts';
import { restSeconds } from './prediction.ts';
import type { ServeState } from './serve-state.ts';
import { BURST_ENTRY, BURST_STEADY } from './service-profiles.ts';
import { ORACLE_LOOKAHEAD, type Simulation } from './simulation.ts';
import { batchOf } from './spans.ts';

/*
 * The one policy that reads the future: an upper bound to hold the others against, not a design. A batch runs in base only if that
 * makes no request late that burst from here on would not make late: it plays both futures, with every later batch in burst and the weights brought into its format once, until
 * the longer one first falls idle. Where that is beyond the horizon there is no idle time to hide base's delay in: burst.
 */
const HORIZON_BATCHES = 192;

export function oracleWantsBurst(sim: Simulation, chip: Chip): boolean {
  const batch = batchOf(chip);
  const { serve, size, layer, scale } = batch;
  const { now } = sim.clock;
  const toBase = chip.burst ? sim.switchSeconds : 0;
  const toBurst = chip.burst ? 0 : sim.switchSeconds;
  const baseEnd = now + toBase + restSeconds(sim, chip, serve, size, layer, false) * scale;
  const burstEnd = now + toBurst + restSeconds(sim, chip, serve, size, layer, true) * scale;
  const ownLate = lateOf(batch, baseEnd) - lateOf(batch, burstEnd);
  // A change that costs this batch time may still pay for those behind it: only where burst ends sooner do its own requests decide.
  if (baseEnd > burstEnd && ownLate > 0) return true;
  for (const other of sim.serves) {
    if (other.end - other.next < ORACLE_LOOKAHEAD) other.refill();
  }
  // The longer future first: it says which requests both are compared over. Its burst mode has to be entered after this batch.
  const served = new Int32Array(sim.serves.length);
  const lateInBase = play(sim, chip, { burst: false, freeSeconds: baseEnd + sim.switchSeconds }, served, false);
  return lateInBase < 0 || lateInBase + ownLate > play(sim, chip, { burst: true, freeSeconds: burstEnd }, served, true);
}

function lateOf(batch: Batch, end: number): number {
  let late = 0;
  for (let i = 0; i < batch.size; i++) {
    if (end - (batch.requests[i] as number) > batch.serve.deadlineSeconds) late++;
  }
  return late;
}

/** Arrival of the serve's request `place` places behind the oldest that waits; beyond the queue lies the future. */
function arrivalAt(sim: Simulation, serve: ServeState, place: number): number {
  if (place < serve.queue.length) return serve.queue.arrivalAt(place);
  const ahead = place - serve.queue.length;
  if (ahead === 0) return sim.events.seconds[sim.firstArrivalSlot + serve.index] as number;
  const at = serve.next + ahead - 1;
  return at < serve.end ? (serve.block[at] as number) : Number.POSITIVE_INFINITY;
}

/** How the chip's batch in hand runs, and when the chip is free for the next one. */
interface Start {
  readonly burst: boolean;
  readonly freeSeconds: number;
}

/** Per chip and serve, 1 where the weights stand in burst format once the batch in hand is done. */
function standing(sim: Simulation, chip: Chip, start: Start): Uint8Array {
  const { chips, serves, weights } = sim;
  const stands = new Uint8Array(chips.length * serves.length);
  for (const other of chips) {
    for (const serve of serves) {
      const at = other.index * serves.length + serve.index;
      stands[at] = weights.stands(other.index, serve.model, true) ? 1 : 0;
      if (other === chip && serve.model === batchOf(chip).serve.model) stands[at] = start.burst ? 1 : 0;
    }
  }
  return stands;
}

/**
 * Late requests with every batch in burst once `chip` is done with the one in hand. Open: until a chip is idle, and `served` becomes
 * what was served; -1 where the horizon ends first. Closed: over exactly `served`.
 */
function play(sim: Simulation, chip: Chip, start: Start, served: Int32Array, closed: boolean): number {
  const { profiles, serves } = sim;
  const free = Float64Array.from(sim.chips, (other) =>
    other === chip ? start.freeSeconds : other.batch === null ? sim.clock.now : other.spanEnd,
  );
  const taken = new Int32Array(serves.length);
  const stands = standing(sim, chip, start);
  let late = 0;
  for (let step = 0; step < HORIZON_BATCHES; step++) {
    let c = 0;
    for (let other = 1; other < free.length; other++) {
      if ((free[other] as number) < (free[c] as number)) c = other;
    }
    const idleFrom = free[c] as number;
    let earliest = Number.POSITIVE_INFINITY;
    for (const serve of serves) {
      const place = taken[serve.index] as number;
      if (closed && place >= (served[serve.index] as number)) continue;
      earliest = Math.min(earliest, readySeconds(sim, serve, place));
    }
    if (earliest === Number.POSITIVE_INFINITY || (!closed && earliest > idleFrom)) {
      if (!closed) served.set(taken);
      return late;
    }
    const from = Math.max(idleFrom, earliest);
    const serve = firstAt(sim, from, taken, closed ? served : null);
    if (serve === null) return late;
    const place = taken[serve.index] as number;
    const most = closed ? Math.min(serve.maxBatch, (served[serve.index] as number) - place) : serve.maxBatch;
    let size = 1;
    while (size < most && arrivalAt(sim, serve, place + size) <= from) size++;
    const at = c * serves.length + serve.index;
    const kind = stands[at] === 1 ? BURST_STEADY : BURST_ENTRY;
    stands[at] = 1;
    const end = from + (profiles.seconds[serve.profile(size, kind)] as number);
    for (let i = 0; i < size; i++) {
      if (end - arrivalAt(sim, serve, place + i) > serve.deadlineSeconds) late++;
    }
    taken[serve.index] = place + size;
    free[c] = end;
  }
  return closed ? late : -1;
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

/** When a batch that begins with the serve's request at `place` may start at the earliest. */
function readySeconds(sim: Simulation, serve: ServeState, place: number): number {
  const head = arrivalAt(sim, serve, place);
  if (serve.timeoutSeconds === 0 || head === Number.POSITIVE_INFINITY) return head;
  return Math.min(head + serve.timeoutSeconds, arrivalAt(sim, serve, place + serve.maxBatch - 1));
}
