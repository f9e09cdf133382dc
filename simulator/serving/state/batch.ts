import { bounds } from '../../../design/index.ts';
import type { ServeState } from './serve-state.ts';

/** Requests that are served together: on a chip, interrupted, or, in the pool, free. */
export class Batch {
  serve: ServeState;
  size = 0;
  /** Counted from 1 by the start of service. */
  number = 0;
  /** When its service began. */
  startSeconds = 0;
  /** Layers done. */
  layer = 0;
  /** Multiplies its service time; 1 but in tests. */
  scale = 1;
  /** Time that the arrays stood still for it. */
  switchSeconds = 0;
  /** Whether a stretch of it ran in burst mode. */
  burst = false;
  /** The profile it ran in as a whole, counted from its serve's first one, or -1: then `service` and `joules` say what it took. */
  profile = -1;
  joules = 0;
  readonly service = new Float64Array(bounds.length);
  /** Arrivals of its requests, the oldest first; beside them how long each waited for a batch to fill. */
  readonly requests: Float64Array;
  readonly waits: Float64Array;

  constructor(serve: ServeState, largest: number) {
    this.serve = serve;
    this.requests = new Float64Array(largest);
    this.waits = new Float64Array(largest);
  }
}

/** Batches to be used again, so that the event loop allocates none. */
export class BatchPool {
  /** Every batch there is, those in use included. */
  readonly all: Batch[] = [];
  private readonly free: Batch[] = [];
  private freeCount = 0;
  private taken = 0;
  private readonly largest: number;

  constructor(largest: number) {
    this.largest = largest;
  }

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
