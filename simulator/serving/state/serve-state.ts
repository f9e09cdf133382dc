import { deadlineSeconds, type ServeInput } from '../input.ts';
import type { Clock } from '../record/clock.ts';
import { ServeRecorder } from '../record/serve-recorder.ts';
import { arrivalSource, type BlockSource } from '../traffic/arrivals.ts';
import { RandomStream } from '../traffic/random.ts';
import { RequestQueue } from './request-queue.ts';
import { KINDS } from './service-profiles.ts';

/** One model's traffic in a run: what comes, what waits, what was counted. */
export class ServeState {
  readonly index: number;
  readonly model: number;
  readonly maxBatch: number;
  /** How long the oldest request waits for a batch to fill; 0 where a batch is what waits. */
  readonly timeoutSeconds: number;
  readonly deadlineSeconds: number;
  readonly priority: number;
  readonly layers: number;
  /** The serve's first row among the service profiles. */
  readonly firstProfile: number;
  readonly queue = new RequestQueue();
  readonly recorder: ServeRecorder;
  /** Arrivals drawn ahead; [next, end) are still to come. */
  readonly block: Float64Array;
  next = 0;
  end = 0;
  readonly hasScales: boolean;
  private readonly source: BlockSource;
  private readonly scales: BlockSource | null;
  private readonly scale = new Float64Array(1);

  /** `warmupArrivals`: how many requests, from the first, the statistics leave out. */
  constructor(
    input: ServeInput,
    index: number,
    seed: number,
    block: number,
    firstProfile: number,
    clock: Clock,
    warmupArrivals: number,
  ) {
    this.index = index;
    this.model = input.model;
    this.maxBatch = input.batch.maxSize;
    this.timeoutSeconds = input.batch.maxSize > 1 ? input.batch.timeoutSeconds : 0;
    this.deadlineSeconds = deadlineSeconds(input.slos);
    this.priority = input.priority;
    this.layers = input.tables[0]?.layerCount ?? 0;
    this.firstProfile = firstProfile;
    this.block = new Float64Array(block);
    // Streams are keyed by the serve's place: the same traffic meets every variant and every load (common random numbers).
    this.source = arrivalSource(input.arrivals, new RandomStream(seed, 2 * index), new RandomStream(seed, -2 - index));
    this.hasScales = input.serviceScale !== undefined;
    this.scales = input.serviceScale?.source(new RandomStream(seed, 2 * index + 1)) ?? null;
    const others = input.slos.flatMap((slo) =>
      slo.metric === 'latency' && slo.limitSeconds !== this.deadlineSeconds ? [slo.limitSeconds] : [],
    );
    this.recorder = new ServeRecorder(others, this.deadlineSeconds, input.batch.maxSize * KINDS, clock, warmupArrivals);
  }

  /** Moves what is left of the block to its front and fills up behind. */
  refill(): void {
    const left = this.end - this.next;
    this.block.copyWithin(0, this.next, this.end);
    this.end = left + this.source.fill(this.block, left, this.block.length);
    this.next = 0;
  }

  /** The next multiplier of its service time. */
  nextScale(): number {
    if (this.scales === null) return 1;
    this.scales.fill(this.scale, 0, 1);
    return this.scale[0] as number;
  }

  /** Row among the service profiles. */
  profile(size: number, kind: number): number {
    return this.firstProfile + (size - 1) * KINDS + kind;
  }
}
