import type { TimelineRequests } from '../../../design/index.ts';

/** The fields of a finished batch that the log reads. */
interface ServedBatch {
  readonly serve: { readonly index: number };
  readonly number: number;
  readonly size: number;
  readonly startSeconds: number;
  readonly switchSeconds: number;
  readonly requests: Float64Array;
  readonly waits: Float64Array;
}

/** The largest number of requests in the log. Our assumption: a message to the panel stays below 4 MB. */
const REQUESTS = 65536;

/** The single requests that are served inside a window of time. Without a window, the log stores nothing. */
export class RequestLog {
  private readonly windowStart: number;
  private windowEnd: number;
  private count = 0;
  private readonly serve: Uint16Array;
  private readonly arrival: Float64Array;
  private readonly start: Float64Array;
  private readonly end: Float64Array;
  private readonly fill: Float64Array;
  private readonly switching: Float64Array;
  private readonly batch: Uint32Array;
  private readonly size: Uint16Array;
  private readonly chip: Uint16Array;

  constructor(window: { startSeconds: number; endSeconds: number } | undefined) {
    const budget = window === undefined ? 0 : REQUESTS;
    this.windowStart = window?.startSeconds ?? 0;
    this.windowEnd = window?.endSeconds ?? 0;
    this.serve = new Uint16Array(budget);
    this.arrival = new Float64Array(budget);
    this.start = new Float64Array(budget);
    this.end = new Float64Array(budget);
    this.fill = new Float64Array(budget);
    this.switching = new Float64Array(budget);
    this.batch = new Uint32Array(budget);
    this.size = new Uint16Array(budget);
    this.chip = new Uint16Array(budget);
  }

  /**
   * Stores the requests of a batch that ends now, the oldest first. `fills`: whether batches can wait to fill. Only then
   * `batch.waits` is valid.
   */
  finish(batch: ServedBatch, chip: number, now: number, fills: boolean): void {
    if (now <= this.windowStart || batch.startSeconds >= this.windowEnd) return;
    if (this.count + batch.size > this.serve.length) {
      this.windowEnd = Math.min(this.windowEnd, batch.startSeconds);
      return;
    }
    for (let i = 0; i < batch.size; i++) {
      const at = this.count++;
      this.serve[at] = batch.serve.index;
      this.arrival[at] = batch.requests[i] as number;
      this.start[at] = batch.startSeconds;
      this.end[at] = now;
      this.fill[at] = fills ? (batch.waits[i] as number) : 0;
      this.switching[at] = batch.switchSeconds;
      this.batch[at] = batch.number;
      this.size[at] = batch.size;
      this.chip[at] = chip;
    }
  }

  /** The stored requests, and the window that contains all of its requests. */
  result(endSeconds: number): TimelineRequests {
    const { count } = this;
    return {
      windowStartSeconds: Math.min(this.windowStart, endSeconds),
      windowEndSeconds: Math.min(this.windowEnd, endSeconds),
      serve: this.serve.slice(0, count),
      arrivalSeconds: this.arrival.slice(0, count),
      startSeconds: this.start.slice(0, count),
      endSeconds: this.end.slice(0, count),
      fillSeconds: this.fill.slice(0, count),
      switchSeconds: this.switching.slice(0, count),
      batch: this.batch.slice(0, count),
      batchSize: this.size.slice(0, count),
      chip: this.chip.slice(0, count),
    };
  }
}
