import type { Batch } from '../state/batch.ts';
import type { Chip } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY } from '../state/service-profiles.ts';
import { ORACLE_LOOKAHEAD, type Simulation } from '../state/simulation.ts';
import { batchOf } from '../state/spans.ts';
import { urgency } from './order.ts';
import { restSeconds } from './prediction.ts';

/*
 * The one policy that reads the future: an upper bound to hold the others against, not a design. A batch runs in base only if that
 * makes no request late that burst from here on would not make late. It plays the futures until the longer one first falls idle: burst from here on; base
 * for this batch and burst behind it; and base for all, which is the better one where weights that stream make burst the slower mode. Where no idle time lies within the
 * horizon there is none to hide a delay in: then the mode that is sooner done with all of it.
 */
const HORIZON_BATCHES = 96;
/** Where no idle time lies within the horizon, modes are compared over so many batches: enough to pay for a change, few enough to be played at each decision. */
const COMPARED_BATCHES = 32;

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
  // The longest future first: it says which requests all are compared over. Its burst mode has to be entered after this batch.
  const served = new Int32Array(sim.serves.length);
  const later = play(sim, chip, { burst: false, freeSeconds: baseEnd + sim.switchSeconds }, 'burst', served, false);
  const isSooner = burstIsSooner(sim);
  if (!later.idles && isSooner) return true;
  const burst = play(sim, chip, { burst: true, freeSeconds: burstEnd }, 'burst', served, true);
  if (later.idles && (isSooner || later.late + ownLate <= burst.late)) return later.late + ownLate > burst.late;
  const base = play(sim, chip, { burst: false, freeSeconds: baseEnd }, 'base', served, true);
  return later.idles ? base.late + ownLate > burst.late : burst.endSeconds < base.endSeconds;
}

/** Whether burst mode is the faster one of every network, its weights where they belong. */
function burstIsSooner({ serves, profiles }: Simulation): boolean {
  return serves.every((serve) => {
    const burst = profiles.seconds[serve.profile(serve.maxBatch, BURST_STEADY)] as number;
    return burst < (profiles.seconds[serve.profile(serve.maxBatch, BASE_STEADY)] as number);
  });
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
  if (ahead === 0) return sim.events.seconds[serve.index] as number;
  const at = serve.next + ahead - 1;
  return at < serve.end ? (serve.block[at] as number) : Number.POSITIVE_INFINITY;
}

/** How the chip's batch in hand runs, and when the chip is free for the next one. */
interface Start {
  readonly burst: boolean;
  readonly freeSeconds: number;
}

/** What came of a future: late requests, when its last batch ends, and whether a chip fell idle before the horizon. */
interface Future {
  readonly late: number;
  readonly endSeconds: number;
  readonly idles: boolean;
}

/** Per chip and serve, 1 where the weights stand in the format of `mode` once the batch in hand is done. */
function standing(sim: Simulation, chip: Chip, start: Start, mode: 'base' | 'burst'): Uint8Array {
  const { chips, serves, weights } = sim;
  const isBurst = mode === 'burst';
  const stands = new Uint8Array(chips.length * serves.length);
  for (const other of chips) {
    for (const serve of serves) {
      const at = other.index * serves.length + serve.index;
      stands[at] = weights.stands(other.index, serve.model, isBurst) ? 1 : 0;
      if (other === chip && serve.model === batchOf(chip).serve.model) stands[at] = start.burst === isBurst ? 1 : 0;
    }
  }
  return stands;
}

/**
 * Every batch in `mode` once `chip` is done with the one in hand. Open: until a chip is idle or the horizon ends, and `served` becomes
 * what was served until then, or by the first batches of a horizon without idle time. Closed: over exactly `served`.
 */
function play(
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
  const stands = standing(sim, chip, start, mode);
  const [steady, entry] = mode === 'burst' ? [BURST_STEADY, BURST_ENTRY] : [BASE_STEADY, BASE_RETURN];
  let late = 0;
  let endSeconds = start.freeSeconds;
  let idles = false;
  // Each step takes a request at least: a closed future ends by itself.
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
    const kind = stands[at] === 1 ? steady : entry;
    stands[at] = 1;
    const end = from + (profiles.seconds[serve.profile(size, kind)] as number);
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

/** When a batch that begins with the serve's request at `place` may start at the earliest. */
function readySeconds(sim: Simulation, serve: ServeState, place: number): number {
  const head = arrivalAt(sim, serve, place);
  if (serve.timeoutSeconds === 0 || head === Number.POSITIVE_INFINITY) return head;
  return Math.min(head + serve.timeoutSeconds, arrivalAt(sim, serve, place + serve.maxBatch - 1));
}
