import { bounds } from '../../../design/index.ts';
import type { ServeState } from './serve-state.ts';

/** Requests that are computed together. A batch is on a chip, interrupted, or unused in the pool. */
export class Batch {
  serve: ServeState;
  size = 0;
  /** The number of the batch in the run: 1 for the batch that started first. */
  number = 0;
  /** The time when its service started. */
  startSeconds = 0;
  /** Number of finished layers. */
  layer = 0;
  /** Factor of its service time. Only tests use a value other than 1. */
  scale = 1;
  /** Seconds in which it waited on the chip for switches and for the activations of a preemption. */
  switchSeconds = 0;
  /** Whether it ran at least partly in burst mode. */
  burst = false;
  /**
   * The service profile that describes the whole batch, counted from the first profile of its serve. -1: no single profile
   * describes it, and `service` and `joules` contain its seconds by bound and its energy.
   */
  profile = -1;
  joules = 0;
  readonly service = new Float64Array(bounds.length);
  /** Arrival times of its requests, the oldest first. `waits`: how long each of them waited for the batch to fill. */
  readonly requests: Float64Array;
  readonly waits: Float64Array;

  constructor(serve: ServeState, largest: number) {
    this.serve = serve;
    this.requests = new Float64Array(largest);
    this.waits = new Float64Array(largest);
  }
}

/** Reuses batches, so the event loop does not allocate new ones. */
export class BatchPool {
  /** All batches, used and unused. */
  readonly all: Batch[] = [];
  private readonly free: Batch[] = [];
  private freeCount = 0;
  private taken = 0;
  private readonly largest: number;

  constructor(largest: number) {
    this.largest = largest;
  }

  /** A batch with `size` requests of a serve. The caller fills in the arrival times. */
  take(serve: ServeState, size: number): Batch {
    const batch = this.freeCount === 0 ? this.make(serve) : (this.free[--this.freeCount] as Batch);
    batch.serve = serve;
    batch.number = ++this.taken;
    batch.size = size;
    batch.layer = 0;
    batch.switchSeconds = 0;
    batch.burst = false;
    batch.profile = -1;
    return batch;
  }

  /** Returns a finished batch to the pool. */
  release(batch: Batch): void {
    batch.size = 0;
    this.free[this.freeCount++] = batch;
  }

  private make(serve: ServeState): Batch {
    const batch = new Batch(serve, this.largest);
    this.all.push(batch);
    return batch;
  }
}
