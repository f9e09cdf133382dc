import { activities, type BurstPolicy, type QueueOrder } from '../../../design/index.ts';
import type { RunInput } from '../input.ts';
import { type ChipKind, kindOfEachChip, kindsOf } from '../kinds.ts';
import { Clock } from '../record/clock.ts';
import { type RecordingOptions, TimelineRecorder } from '../record/timeline-recorder.ts';
import { warmupArrivals } from '../traffic/warmup.ts';
import { longestPeriodSeconds } from '../whole-periods.ts';
import { type Batch, BatchPool } from './batch.ts';
import { Chip } from './chip.ts';
import { EventQueue } from './event-queue.ts';
import { ServeState } from './serve-state.ts';
import { ServiceProfiles } from './service-profiles.ts';
import { SlackState } from './slack-state.ts';
import { Weights } from './weights.ts';

const orders: readonly QueueOrder[] = ['fifo', 'edf', 'sjf', 'priority'];
export const FIFO = 0;
export const EDF = 1;
export const SJF = 2;
export const PRIORITY = 3;

const policies: readonly BurstPolicy['kind'][] = ['never', 'always', 'queue', 'slack', 'oracle'];
export const NEVER = 0;
export const ALWAYS = 1;
export const QUEUE = 2;
export const SLACK = 3;
export const ORACLE = 4;

/**
 * The largest number of waiting requests of one serve. The run drops further requests and counts them as late. Our
 * assumption: it limits the memory of a run in overload.
 */
export const LONGEST_QUEUE = 1 << 20;

const ARRIVAL_BLOCK = 512;
/** The number of future arrivals of each serve that the oracle policy reads. */
export const ORACLE_LOOKAHEAD = 2048;

/**
 * The whole state of a run. The order of the event slots is: arrivals (slot s for serve s), chips, batch timers. Of two
 * events at the same time, the one in the lower slot is first. So all requests of one time are in their queues before a
 * batch starts.
 */
export class Simulation {
  readonly input: RunInput;
  readonly clock = new Clock();
  readonly events: EventQueue;
  readonly firstChipSlot: number;
  readonly firstTimerSlot: number;
  readonly profiles: ServiceProfiles;
  readonly weights: Weights;
  readonly batches: BatchPool;
  readonly timeline: TimelineRecorder;
  readonly serves: readonly ServeState[];
  readonly chips: readonly Chip[];
  readonly slack: SlackState;
  /** Interrupted batches. */
  readonly parked: Batch[] = [];

  // The policy and the queue order, as numbers.
  readonly order: number;
  readonly policy: number;
  readonly queueThreshold: number;
  readonly guardFraction: number;
  readonly holdSeconds: number;
  readonly atLayers: boolean;
  readonly preempts: boolean;
  /** Whether the chips are of several kinds. */
  readonly isMixed: boolean;
  /** Whether a batch can wait to fill while a chip is idle. Only then the run uses timers and the idle clock. */
  readonly usesTimers: boolean;
  /** Whether `holdsWith` can update a prediction at each arrival, so that it stays valid. */
  readonly followsPlan: boolean;
  /**
   * The fraction of requests in the warm-up, which consists of whole slots. null: each recorder counts its warm-up
   * requests.
   */
  readonly warmupFraction: number | null;
  /** The longest period of the traffic. 0: no traffic is periodic. */
  readonly periodSeconds: number;

  /** Whether a serve has the traffic of a closed loop. */
  readonly hasLoops: boolean;
  /**
   * Whether completed requests lead to new ones. false at the end of a run, which only serves the requests that have
   * arrived.
   */
  loopsGoOn = true;

  idleChips: number;
  totalQueued = 0;
  totalArrived = 0;
  /**
   * Seconds in which at least one chip was idle. While a chip is idle, it includes only the time before `idleSince`
   * (see `idleClockNow`).
   */
  idleClock = 0;
  idleSince = 0;

  constructor(input: RunInput, bucketSeconds: number, recording: RecordingOptions) {
    const { chips, burst } = input;
    this.input = input;
    this.order = orders.indexOf(input.order);
    this.policy = input.canBurst ? policies.indexOf(burst.kind) : NEVER;
    this.queueThreshold = burst.kind === 'queue' ? burst.threshold : 0;
    this.guardFraction = burst.kind === 'slack' ? burst.guardFraction : 0;
    this.holdSeconds = burst.kind === 'slack' ? burst.holdSeconds : 0;
    this.atLayers = input.switchAt === 'layer';
    this.preempts = input.preemption === 'layer' && input.order !== 'fifo';
    const kinds = kindsOf(input);
    this.isMixed = kinds.length > 1;

    this.profiles = new ServiceProfiles(input);
    this.weights = new Weights(input, this.profiles);
    const block = this.policy === ORACLE ? 2 * ORACLE_LOOKAHEAD : ARRIVAL_BLOCK;
    this.serves = input.serves.map(
      (serve, index) =>
        new ServeState(
          serve,
          index,
          input.seed,
          block,
          this.profiles.profile(index, 1, 0),
          kinds.length,
          this.clock,
          warmupArrivals(input, serve.arrivals) ?? 0,
        ),
    );
    this.chips = kindOfEachChip(input).map((kind, index) => {
      const slot = this.serves.length + index;
      return new Chip(index, slot, this.policy === ALWAYS, activities.length, kind, kinds[kind] as ChipKind);
    });
    const known = input.serves.every(({ arrivals }) => warmupArrivals(input, arrivals) !== null);
    this.warmupFraction = known ? null : input.warmupFraction;
    this.periodSeconds = longestPeriodSeconds(input.serves);
    this.usesTimers = this.serves.some((serve) => serve.timeoutSeconds > 0);
    this.followsPlan = chips === 1 && this.atLayers && !this.usesTimers && !this.preempts && this.order !== SJF;
    this.hasLoops = this.serves.some((serve) => serve.loop !== null);
    this.firstChipSlot = this.serves.length;
    this.firstTimerSlot = this.firstChipSlot + chips;
    this.events = new EventQueue(this.firstTimerSlot + (this.usesTimers ? this.serves.length : 0));
    this.batches = new BatchPool(this.serves.reduce((largest, serve) => Math.max(largest, serve.maxBatch), 1));
    this.timeline = new TimelineRecorder(this.chips, bucketSeconds, recording, this.clock);
    this.slack = new SlackState(chips, this.serves.length);
    this.idleChips = chips;
    for (const serve of this.serves) this.advanceArrival(serve);
  }

  /** Adds the next arrival of the serve to the event queue. */
  advanceArrival(serve: ServeState): void {
    const slot = serve.index;
    if (serve.next === serve.end) {
      serve.refill();
      if (serve.next === serve.end) {
        this.events.clear(slot);
        return;
      }
    }
    this.events.seconds[slot] = serve.block[serve.next++] as number;
    this.events.moved(slot);
  }

  /** Sends the requests of a closed loop that follow `requests` completed ones. */
  answer(serve: ServeState, requests: number): void {
    if (serve.loop === null || !this.loopsGoOn) return;
    serve.loop.complete(requests, this.clock.now);
    if (this.events.seconds[serve.index] === Number.POSITIVE_INFINITY) this.advanceArrival(serve);
  }

  /** Seconds in which at least one chip was idle, until now. */
  idleClockNow(): number {
    return this.idleChips > 0 ? this.idleClock + (this.clock.now - this.idleSince) : this.idleClock;
  }

  /** The chip with this index. */
  chip(index: number): Chip {
    return this.chips[index] as Chip;
  }
}
