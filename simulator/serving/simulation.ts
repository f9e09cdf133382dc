import type { BurstPolicy, QueueOrder } from '../../design/index.ts';
import { arrivalSource, type BlockSource } from './arrivals.ts';
import { BatchPool } from './batch-pool.ts';
import { EventTree } from './event-tree.ts';
import { deadlineSeconds, type RunInput } from './input.ts';
import { RandomStream } from './random.ts';
import { RequestQueue } from './request-queue.ts';
import { ServeRecorder } from './serve-recorder.ts';
import { KINDS, ServiceProfiles } from './service-profiles.ts';
import { SlackState } from './slack-state.ts';
import { TimelineRecorder } from './timeline-recorder.ts';
import { Weights } from './weights.ts';

/** What a chip is about. */
export const CHIP_IDLE = 0;
export const CHIP_SWITCHING = 1;
export const CHIP_COMPUTING = 2;

export const orders: readonly QueueOrder[] = ['fifo', 'edf', 'sjf', 'priority'];
export const FIFO = 0;
export const EDF = 1;
export const SJF = 2;
export const PRIORITY = 3;

export const policies: readonly BurstPolicy['kind'][] = ['never', 'always', 'queue', 'slack', 'oracle'];
export const NEVER = 0;
export const ALWAYS = 1;
export const QUEUE = 2;
export const SLACK = 3;
export const ORACLE = 4;

/** Requests that may wait for one serve; beyond, they are dropped and counted as late. Our assumption: it bounds memory in overload. */
export const LONGEST_QUEUE = 1 << 20;

const ARRIVAL_BLOCK = 512;
/** Arrivals that the oracle may look ahead to, per serve. */
export const ORACLE_LOOKAHEAD = 2048;

/**
 * The whole state of a run, in columns. Event slots are: chips, then arrivals, then batch timers; at equal times the lower one
 * goes first, so that a chip that falls free takes what waits before another request joins.
 */
export class Simulation {
  readonly input: RunInput;
  readonly chips: number;
  readonly serves: number;
  readonly events: EventTree;
  readonly firstArrivalSlot: number;
  readonly firstTimerSlot: number;
  readonly profiles: ServiceProfiles;
  readonly weights: Weights;
  readonly batches: BatchPool;
  readonly timeline: TimelineRecorder;
  readonly recorders: readonly ServeRecorder[];
  readonly queues: readonly RequestQueue[];

  readonly slack: SlackState;

  // Policy and order, as numbers.
  readonly order: number;
  readonly policy: number;
  readonly queueThreshold: number;
  readonly guardFraction: number;
  readonly holdSeconds: number;
  readonly atLayers: boolean;
  readonly preempts: boolean;
  readonly switchSeconds: number;
  /** Whether the idle clock is worth keeping: only where a batch may wait on an idle chip. */
  readonly usesTimers: boolean;

  // Per serve.
  readonly model: Int32Array;
  readonly maxBatch: Int32Array;
  readonly timeoutSeconds: Float64Array;
  readonly deadlineSeconds: Float64Array;
  readonly priority: Float64Array;
  readonly arrivalBlocks: readonly Float64Array[];
  readonly arrivalNext: Int32Array;
  readonly arrivalEnd: Int32Array;
  readonly sources: readonly BlockSource[];
  readonly scaleSources: readonly (BlockSource | null)[];
  readonly scaleBlock = new Float64Array(1);

  // Per chip.
  readonly phase: Uint8Array;
  /** 1 in burst mode; while switching, the mode it switches to. */
  readonly mode: Uint8Array;
  /** Its batch slot, or -1. */
  readonly batch: Int32Array;
  /** Present stretch: when and with which layer it began, its row of running sums, its profile kind (-1: scratch), where it stops. */
  readonly spanStart: Float64Array;
  readonly spanFrom: Int32Array;
  readonly spanOffset: Int32Array;
  readonly spanKind: Int32Array;
  readonly spanStop: Int32Array;
  /** When the batch ends if nothing more happens to it. */
  readonly spanEnd: Float64Array;
  /** Mode to take at the border where the stretch stops: 0, 1, or -1 for no change. */
  readonly pendingMode: Int8Array;
  readonly pendingPreemption: Uint8Array;

  // Whole system.
  now = 0;
  idleChips: number;
  /** Time in which at least one chip was idle, up to `idleSince` or to now where one is. */
  idleClock = 0;
  idleSince = 0;
  inSystem = 0;
  inSystemSeconds = 0;
  inSystemSince = 0;
  latencySum = 0;
  totalQueued = 0;
  totalArrived = 0;
  /** Slots of interrupted batches. */
  readonly parked: number[] = [];

  constructor(
    input: RunInput,
    bucketSeconds: number,
    window: { startSeconds: number; endSeconds: number } | undefined,
  ) {
    const serves = input.serves.length;
    const { chips } = input;
    this.input = input;
    this.chips = chips;
    this.serves = serves;
    this.usesTimers = input.serves.some((serve) => serve.batch.timeoutSeconds > 0 && serve.batch.maxSize > 1);
    this.firstArrivalSlot = chips;
    this.firstTimerSlot = chips + serves;
    this.events = new EventTree(chips + serves + (this.usesTimers ? serves : 0));
    this.profiles = new ServiceProfiles(input);
    this.weights = new Weights(input, this.profiles);
    this.batches = new BatchPool(
      chips + 4,
      input.serves.reduce((largest, serve) => Math.max(largest, serve.batch.maxSize), 1),
    );
    this.timeline = new TimelineRecorder(chips, bucketSeconds, window);
    this.slack = new SlackState(chips, serves);
    this.queues = input.serves.map(() => new RequestQueue());

    const { burst } = input;
    this.order = orders.indexOf(input.order);
    this.policy = input.canBurst ? policies.indexOf(burst.kind) : NEVER;
    this.queueThreshold = burst.kind === 'queue' ? burst.threshold : 0;
    this.guardFraction = burst.kind === 'slack' ? burst.guardFraction : 0;
    this.holdSeconds = burst.kind === 'slack' ? burst.holdSeconds : 0;
    this.atLayers = input.switchAt === 'layer';
    this.preempts = input.preemption === 'layer' && input.order !== 'fifo';
    this.switchSeconds = input.switchLatencySeconds;

    const list = input.serves;
    this.model = Int32Array.from(list, (serve) => serve.model);
    this.maxBatch = Int32Array.from(list, (serve) => serve.batch.maxSize);
    this.timeoutSeconds = Float64Array.from(list, (serve) =>
      serve.batch.maxSize > 1 ? serve.batch.timeoutSeconds : 0,
    );
    this.deadlineSeconds = Float64Array.from(list, (serve) => deadlineSeconds(serve.slos));
    this.priority = Float64Array.from(list, (serve) => serve.priority);
    const block = this.policy === ORACLE ? 2 * ORACLE_LOOKAHEAD : ARRIVAL_BLOCK;
    this.arrivalBlocks = list.map(() => new Float64Array(block));
    this.arrivalNext = new Int32Array(serves);
    this.arrivalEnd = new Int32Array(serves);
    // Streams are keyed by the place of the serve: the same traffic meets every variant and every load (common random numbers).
    this.sources = list.map((serve, s) => arrivalSource(serve.arrivals, new RandomStream(input.seed, 2 * s)));
    this.scaleSources = list.map((serve, s) => serve.serviceScale?.(new RandomStream(input.seed, 2 * s + 1)) ?? null);
    this.recorders = list.map(
      (serve, s) =>
        new ServeRecorder(
          serve.slos.flatMap((slo) => (slo.metric === 'latency' ? [slo.limitSeconds] : [])),
          this.deadlineSeconds[s] as number,
          serve.batch.maxSize * KINDS,
        ),
    );

    this.phase = new Uint8Array(chips);
    this.mode = new Uint8Array(chips).fill(this.policy === ALWAYS ? 1 : 0);
    this.batch = new Int32Array(chips).fill(-1);
    this.spanStart = new Float64Array(chips);
    this.spanFrom = new Int32Array(chips);
    this.spanOffset = new Int32Array(chips);
    this.spanKind = new Int32Array(chips);
    this.spanStop = new Int32Array(chips);
    this.spanEnd = new Float64Array(chips);
    this.pendingMode = new Int8Array(chips).fill(-1);
    this.pendingPreemption = new Uint8Array(chips);
    this.idleChips = chips;
    for (let s = 0; s < serves; s++) this.advanceArrival(s, this.firstArrivalSlot + s);
  }

  /** Puts the serve's next arrival among the events. */
  advanceArrival(s: number, slot: number): void {
    let next = this.arrivalNext[s] as number;
    if (next === (this.arrivalEnd[s] as number)) {
      this.refill(s);
      next = this.arrivalNext[s] as number;
      if (next === (this.arrivalEnd[s] as number)) {
        this.events.set(slot, Number.POSITIVE_INFINITY);
        return;
      }
    }
    this.arrivalNext[s] = next + 1;
    this.events.set(slot, (this.arrivalBlocks[s] as Float64Array)[next] as number);
  }

  /** Moves what is left of the serve's block to its front and fills up behind. */
  refill(s: number): void {
    const block = this.arrivalBlocks[s] as Float64Array;
    const next = this.arrivalNext[s] as number;
    const left = (this.arrivalEnd[s] as number) - next;
    block.copyWithin(0, next, next + left);
    const got = (this.sources[s] as BlockSource).fill(block, left, block.length);
    this.arrivalNext[s] = 0;
    this.arrivalEnd[s] = left + got;
  }

  /** The next multiplier of the serve's service time. */
  nextScale(s: number): number {
    const source = this.scaleSources[s];
    if (source === null || source === undefined) return 1;
    source.fill(this.scaleBlock, 0, 1);
    return this.scaleBlock[0] as number;
  }

  /** Time up to now in which some chip was idle. */
  idleClockNow(now: number): number {
    return this.idleChips > 0 ? this.idleClock + (now - this.idleSince) : this.idleClock;
  }
}
