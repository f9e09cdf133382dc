import type { Batch } from './batch.ts';
import { type Chip, COMPUTING_CHIP, IDLE_CHIP } from './chip.ts';
import { checkCausality } from './invariants.ts';
import type { ServeState } from './serve-state.ts';
import { BASE_STEADY, BURST_STEADY } from './service-profiles.ts';
import { ALWAYS, EDF, FIFO, PRIORITY, type Simulation, SJF, SLACK } from './simulation.ts';

/** More models than this are left to the general loop, which does not look through all of them. */
const MOST_SERVES = 8;

/** What of a serve the steady lane needs at every event, in columns: one per run. */
export class SteadyColumns {
  /** Key of a serve's oldest request: its arrival, where the order asks for it, and this. */
  readonly keys: Float64Array;
  readonly byArrival: boolean;
  /** Deadline less the guard. */
  readonly guarded: Float64Array;
  /** Seconds that the n-th request of a batch adds to it in base mode, from column s * stride on. */
  readonly added: Float64Array;
  readonly stride: number;
  /** Arrival of each serve's oldest request, where it has one; how many wait; in which kind of profile its model would run now. */
  readonly heads: Float64Array;
  readonly lengths: Int32Array;
  readonly kinds: Int8Array;

  constructor(sim: Simulation) {
    const { serves, profiles } = sim;
    this.byArrival = sim.order === FIFO || sim.order === EDF;
    this.guarded = Float64Array.from(serves, (serve) => serve.deadlineSeconds * (1 - sim.guardFraction));
    this.keys = Float64Array.from(serves, (serve) =>
      sim.order === EDF ? serve.deadlineSeconds : sim.order === PRIORITY ? -serve.priority : 0,
    );
    this.stride = serves.reduce((most, serve) => Math.max(most, serve.maxBatch), 1);
    this.added = new Float64Array(serves.length * this.stride);
    for (const serve of serves) {
      let before = 0;
      for (let size = 1; size <= serve.maxBatch; size++) {
        const seconds = profiles.seconds[serve.profile(size, BASE_STEADY)] as number;
        this.added[serve.index * this.stride + size - 1] = seconds - before;
        before = seconds;
      }
    }
    this.heads = new Float64Array(serves.length);
    this.lengths = new Int32Array(serves.length);
    this.kinds = new Int8Array(serves.length);
  }
}

/** Whether a run has such stretches at all; `runSteadyLane` looks at the moment. */
export function hasSteadyLane(sim: Simulation): boolean {
  return (
    sim.chips.length === 1 &&
    sim.serves.length <= MOST_SERVES &&
    !sim.usesTimers &&
    !sim.preempts &&
    sim.order !== SJF &&
    (sim.policy <= ALWAYS || (sim.policy === SLACK && sim.followsPlan)) &&
    !sim.timeline.detailed &&
    sim.serves.every((serve) => !serve.hasScales && serve.recorder.otherLimits.length === 0)
  );
}

/** Whether the chip runs a whole batch in its mode, or stands idle, with nothing else asked of it. */
export function isSteady(sim: Simulation, chip: Chip): boolean {
  if (chip.burst && sim.policy === SLACK) return false;
  const { batch } = chip;
  if (chip.phase === IDLE_CHIP)
    return batch === null && sim.totalQueued === 0 && sim.timeline.isClosedFrom(sim.clock.now);
  if (chip.phase !== COMPUTING_CHIP || batch === null || chip.wantsBurst) return false;
  if (chip.spanFrom !== 0 || chip.spanStop !== batch.serve.layers || batch.switchSeconds !== 0) return false;
  return chip.spanKind === (chip.burst ? BURST_STEADY : BASE_STEADY) && sim.timeline.isClosedFrom(chip.spanStart);
}

/** Sets the chip as the general loop would have: it runs a batch, a whole one, and ends at `spanEnd`. */
export function show(
  sim: Simulation,
  chip: Chip,
  batch: Batch,
  serve: ServeState,
  size: number,
  spanStart: number,
  spanEnd: number,
  kind: number,
): void {
  batch.serve = serve;
  batch.size = size;
  batch.startSeconds = spanStart;
  chip.phase = COMPUTING_CHIP;
  chip.batch = batch;
  chip.spanStart = spanStart;
  chip.spanEnd = spanEnd;
  chip.spanFrom = 0;
  chip.spanStop = serve.layers;
  chip.spanOffset = sim.profiles.offsets[serve.profile(size, kind)] as number;
  chip.spanKind = kind;
  chip.wantsBurst = false;
  chip.wantsPreemption = false;
  sim.events.seconds[chip.index] = spanEnd;
  checkCausality(sim, batch);
}
