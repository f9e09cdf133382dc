import { bounds } from '../../design/index.ts';

/**
 * Batches that are being served or stand interrupted, one slot each, in columns. Chips hold slots by number; an interrupted batch
 * keeps its slot until a chip takes it up again.
 */
export class BatchPool {
  serve = new Int32Array(0);
  size = new Int32Array(0);
  /** When its service began; NaN for a free slot. */
  startSeconds = new Float64Array(0);
  /** Layers done. */
  layer = new Int32Array(0);
  scale = new Float64Array(0);
  switchSeconds = new Float64Array(0);
  /** 1 once a stretch of it ran in burst mode. */
  burst = new Uint8Array(0);
  /** The profile it ran in as a whole, counted from its serve's first one, or -1: then `service` and `joules` say what it took. */
  profile = new Int32Array(0);
  service = new Float64Array(0);
  joules = new Float64Array(0);
  /** requests[slot * stride + i]: arrival of its i-th request; idleClocks beside it. */
  requests = new Float64Array(0);
  idleClocks = new Float64Array(0);
  readonly stride: number;
  private free: number[] = [];

  constructor(slots: number, largestBatch: number) {
    this.stride = largestBatch;
    this.grow(slots);
  }

  /** Number of slots, free ones included. */
  get capacity(): number {
    return this.serve.length;
  }

  take(serve: number, size: number, now: number, scale: number): number {
    let slot = this.free.pop();
    if (slot === undefined) {
      this.grow(this.capacity * 2);
      slot = this.free.pop() as number;
    }
    this.serve[slot] = serve;
    this.size[slot] = size;
    this.startSeconds[slot] = now;
    this.layer[slot] = 0;
    this.scale[slot] = scale;
    this.switchSeconds[slot] = 0;
    this.burst[slot] = 0;
    this.profile[slot] = -1;
    return slot;
  }

  release(slot: number): void {
    this.startSeconds[slot] = Number.NaN;
    this.free.push(slot);
  }

  /** Clears what a batch took, before the first stretch that no profile covers. */
  clearService(slot: number): void {
    this.service.fill(0, slot * bounds.length, (slot + 1) * bounds.length);
    this.joules[slot] = 0;
  }

  private grow(slots: number): void {
    const before = this.capacity;
    this.serve = widened(this.serve, new Int32Array(slots));
    this.size = widened(this.size, new Int32Array(slots));
    this.startSeconds = widened(this.startSeconds, new Float64Array(slots).fill(Number.NaN));
    this.layer = widened(this.layer, new Int32Array(slots));
    this.scale = widened(this.scale, new Float64Array(slots));
    this.switchSeconds = widened(this.switchSeconds, new Float64Array(slots));
    this.burst = widened(this.burst, new Uint8Array(slots));
    this.profile = widened(this.profile, new Int32Array(slots));
    this.service = widened(this.service, new Float64Array(slots * bounds.length));
    this.joules = widened(this.joules, new Float64Array(slots));
    this.requests = widened(this.requests, new Float64Array(slots * this.stride));
    this.idleClocks = widened(this.idleClocks, new Float64Array(slots * this.stride));
    for (let slot = slots - 1; slot >= before; slot--) this.free.push(slot);
  }
}

function widened<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
