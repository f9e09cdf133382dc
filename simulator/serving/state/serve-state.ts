import { deadlineSeconds, type ServeInput } from '../input.ts';
import type { Clock } from '../record/clock.ts';
import { ServeRecorder } from '../record/serve-recorder.ts';
import { arrivalSource } from '../traffic/arrivals.ts';
import type { BlockSource } from '../traffic/block-source.ts';
import { ClosedLoop } from '../traffic/closed-loop.ts';
import { RandomStream } from '../traffic/random.ts';
import { RequestQueue } from './request-queue.ts';
import { KINDS } from './service-profiles.ts';

/** The state of one serve in a run: its next arrivals, its waiting requests and its counts. */
export class ServeState {
  readonly index: number;
  readonly model: number;
  readonly maxBatch: number;
  /** How long the oldest request waits for a full batch. 0: a batch starts with the requests that are waiting. */
  readonly timeoutSeconds: number;
  readonly deadlineSeconds: number;
  readonly priority: number;
  readonly layers: number;
  /** The index of the first service profile of the serve. */
  readonly firstProfile: number;
  /** The number of service profiles of each kind of chip. */
  readonly profilesOfKind: number;
  readonly queue = new RequestQueue();
  readonly recorder: ServeRecorder;
  /** Arrival times that were drawn in advance. Those at [next, end) have not happened yet. */
  readonly block: Float64Array;
  next = 0;
  end = 0;
  readonly hasScales: boolean;
  /** null for traffic whose times do not depend on the chips. */
  readonly loop: ClosedLoop | null;
  private readonly source: BlockSource;
  private readonly scales: BlockSource | null;
  private readonly scale = new Float64Array(1);

  /** `warmupArrivals`: the number of warm-up requests. */
  constructor(
    input: ServeInput,
    index: number,
    seed: number,
    block: number,
    firstProfile: number,
    chipKinds: number,
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
    this.profilesOfKind = input.batch.maxSize * KINDS;
    this.block = new Float64Array(block);
    // The index of the serve selects its random streams. So all variants and all loads get the same traffic (common
    // random
    // numbers).
    this.source = arrivalSource(input.arrivals, new RandomStream(seed, 2 * index), new RandomStream(seed, -2 - index));
    this.loop = this.source instanceof ClosedLoop ? this.source : null;
    this.hasScales = input.serviceScale !== undefined;
    this.scales = input.serviceScale?.source(new RandomStream(seed, 2 * index + 1)) ?? null;
    const others = input.slos.flatMap((slo) =>
      slo.metric === 'latency' && slo.limitSeconds !== this.deadlineSeconds ? [slo.limitSeconds] : [],
    );
    this.recorder = new ServeRecorder(
      others,
      this.deadlineSeconds,
      this.profilesOfKind * chipKinds,
      clock,
      warmupArrivals,
    );
  }

  /** Moves the unused arrivals to the start of the block and draws new ones after them. */
  refill(): void {
    const left = this.end - this.next;
    this.block.copyWithin(0, this.next, this.end);
    this.end = left + this.source.fill(this.block, left, this.block.length);
    this.next = 0;
  }

  /** The factor of the service time of the next batch. */
  nextScale(): number {
    if (this.scales === null) return 1;
    this.scales.fill(this.scale, 0, 1);
    return this.scale[0] as number;
  }

  /** The index of a service profile of this serve on the first kind of chip. */
  profile(size: number, kind: number): number {
    return this.firstProfile + (size - 1) * KINDS + kind;
  }

  /** The batch size of a profile, which is counted from the first profile of this serve. */
  sizeOfProfile(profile: number): number {
    return Math.floor((profile % this.profilesOfKind) / KINDS) + 1;
  }

  /** The index of a service profile on the kind of a chip. */
  profileOn(chip: { readonly kind: number }, size: number, kind: number): number {
    return this.firstProfile + chip.kind * this.profilesOfKind + (size - 1) * KINDS + kind;
  }
}
