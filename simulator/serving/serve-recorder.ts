import { bounds } from '../../design/index.ts';
import { BUCKETS, foldLargest, foldRows, SLOT_BUCKETS, SLOTS } from './buckets.ts';
import type { Clock } from './clock.ts';
import { CELLS, cellOf } from './histogram.ts';

/** Sums kept per slot; each is over the requests, or batches, that finished in it. */
export const LATENCY = 0;
export const BATCHING = 1;
export const SWITCHING = 2;
export const LATE = 3;
export const LATE_LATENCY = 4;
export const LATE_BATCHING = 5;
export const LATE_SWITCHING = 6;
/** Requests touched by burst mode. */
export const BURST = 7;
export const BATCHES = 8;
export const JOULES = 9;
export const DROPPED = 10;
export const FINISHED = 11;
/** Service seconds by bound of requests whose batch ran in no pure profile. */
export const SERVICE = 12;
export const LATE_SERVICE = SERVICE + bounds.length;
export const SUMS = LATE_SERVICE + bounds.length;

/** What is recorded of a batch: its requests' arrivals, the oldest first, and how long each waited for it to fill. */
interface FinishedBatch {
  readonly size: number;
  readonly startSeconds: number;
  readonly requests: Float64Array;
  readonly waits: Float64Array;
}

/**
 * What is counted of one serve, in columns whose size does not depend on the run's length. What changes at every request is counted
 * in fields and put into the columns where a bucket ends. Requests of batches that ran whole in one profile are counted by profile: their
 * service time needs no sum.
 */
export class ServeRecorder {
  readonly arrived = new Float64Array(BUCKETS);
  readonly inTime = new Float64Array(BUCKETS);
  readonly largest = new Float64Array(BUCKETS);
  readonly queuedSeconds = new Float64Array(BUCKETS);
  readonly mostQueued = new Float64Array(BUCKETS);
  readonly latencies = new Uint32Array(BUCKETS * CELLS);
  readonly sums = new Float64Array(SLOTS * SUMS);
  /** Requests over each latency limit that is not the deadline, per slot. */
  readonly over: Float64Array;
  readonly otherLimits: Float64Array;
  readonly profileRequests: Float64Array;
  readonly lateProfileRequests: Float64Array;
  readonly profiles: number;
  lowestCell = CELLS;
  highestCell = -1;
  queued = 0;
  totalArrived = 0;
  totalDropped = 0;
  totalFinished = 0;
  /** Waiting times of the requests whose service ended, and the integral of the queue's length: Little's law holds one against the other. */
  totalWaitSeconds = 0;
  totalQueuedSeconds = 0;

  // Open to the lane (single-lane.ts), which keeps them in locals.
  arrivedNow = 0;
  finishedNow = 0;
  batchesNow = 0;
  lateNow = 0;
  lateLatencyNow = 0;
  latencyNow = 0;
  largestNow = 0;
  mostQueuedNow = 0;
  queuedSecondsNow = 0;
  queuedSince = 0;
  private bucket = 0;
  private slot = 0;
  latencyRow = 0;
  private readonly deadlineSeconds: number;
  private readonly clock: Clock;

  constructor(otherLimits: readonly number[], deadlineSeconds: number, profiles: number, clock: Clock) {
    this.otherLimits = Float64Array.from(otherLimits);
    this.deadlineSeconds = deadlineSeconds;
    this.profiles = profiles;
    this.clock = clock;
    this.over = new Float64Array(SLOTS * Math.max(1, otherLimits.length));
    this.profileRequests = new Float64Array(SLOTS * profiles);
    this.lateProfileRequests = new Float64Array(SLOTS * profiles);
  }

  arrive(): void {
    const { now } = this.clock;
    const queued = this.queued;
    if (queued !== 0) this.queuedSecondsNow += queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.queued = queued + 1;
    if (queued >= this.mostQueuedNow) this.mostQueuedNow = queued + 1;
    this.arrivedNow++;
  }

  /** A request that came and found no place to wait. */
  drop(): void {
    this.totalDropped++;
    this.arrivedNow++;
    this.add(DROPPED, 1);
  }

  leaveQueue(count: number): void {
    const { now } = this.clock;
    this.queuedSecondsNow += this.queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.queued -= count;
  }

  add(sum: number, value: number): void {
    const at = this.slot * SUMS + sum;
    this.sums[at] = (this.sums[at] as number) + value;
  }

  /** Counts a batch that ends now; returns how many of it were late. */
  finish(batch: FinishedBatch): number {
    const { latencies, latencyRow, deadlineSeconds } = this;
    const { requests, size } = batch;
    const { now } = this.clock;
    let late = 0;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const latency = now - (requests[i] as number);
      sum += latency;
      const cell = cellOf(latency);
      if (cell < this.lowestCell) this.lowestCell = cell;
      if (cell > this.highestCell) this.highestCell = cell;
      const at = latencyRow + cell;
      latencies[at] = (latencies[at] as number) + 1;
      if (latency > deadlineSeconds) {
        late++;
        this.lateLatencyNow += latency;
      }
    }
    // The oldest comes first, and waited longest.
    const longest = now - (requests[0] as number);
    if (longest > this.largestNow) this.largestNow = longest;
    this.latencyNow += sum;
    this.totalWaitSeconds += sum - size * (now - batch.startSeconds);
    this.finishedNow += size;
    this.lateNow += late;
    this.batchesNow++;
    if (this.otherLimits.length !== 0) this.countOver(batch);
    return late;
  }

  private countOver(batch: FinishedBatch): void {
    const limits = this.otherLimits;
    for (let i = 0; i < batch.size; i++) {
      const latency = this.clock.now - (batch.requests[i] as number);
      for (let limit = 0; limit < limits.length; limit++) {
        if (latency <= (limits[limit] as number)) continue;
        const at = this.slot * limits.length + limit;
        this.over[at] = (this.over[at] as number) + 1;
      }
    }
  }

  /** Counts how long the requests of a batch that ends now waited for it to fill. */
  countWaits(batch: FinishedBatch): void {
    let sum = 0;
    let late = 0;
    for (let i = 0; i < batch.size; i++) {
      const wait = batch.waits[i] as number;
      sum += wait;
      if (this.clock.now - (batch.requests[i] as number) > this.deadlineSeconds) late += wait;
    }
    if (sum !== 0) this.add(BATCHING, sum);
    if (late !== 0) this.add(LATE_BATCHING, late);
  }

  countProfile(profile: number, requests: number, late: number): void {
    const at = this.slot * this.profiles + profile;
    this.profileRequests[at] = (this.profileRequests[at] as number) + requests;
    if (late !== 0) this.lateProfileRequests[at] = (this.lateProfileRequests[at] as number) + late;
  }

  /** Ends the present bucket now: fields go into the columns. */
  flush(): void {
    const { now } = this.clock;
    const { bucket } = this;
    this.queuedSecondsNow += this.queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.arrived[bucket] = (this.arrived[bucket] as number) + this.arrivedNow;
    this.inTime[bucket] = (this.inTime[bucket] as number) + this.finishedNow - this.lateNow;
    this.queuedSeconds[bucket] = (this.queuedSeconds[bucket] as number) + this.queuedSecondsNow;
    this.largest[bucket] = Math.max(this.largest[bucket] as number, this.largestNow);
    this.mostQueued[bucket] = Math.max(this.mostQueued[bucket] as number, this.mostQueuedNow);
    this.add(LATENCY, this.latencyNow);
    this.add(FINISHED, this.finishedNow);
    this.add(BATCHES, this.batchesNow);
    this.add(LATE, this.lateNow);
    this.add(LATE_LATENCY, this.lateLatencyNow);
    this.totalArrived += this.arrivedNow;
    this.totalFinished += this.finishedNow;
    this.totalQueuedSeconds += this.queuedSecondsNow;
    this.arrivedNow = 0;
    this.finishedNow = 0;
    this.batchesNow = 0;
    this.lateNow = 0;
    this.lateLatencyNow = 0;
    this.latencyNow = 0;
    this.largestNow = 0;
    this.queuedSecondsNow = 0;
    this.mostQueuedNow = this.queued;
  }

  /** Begins a bucket. */
  enter(bucket: number): void {
    this.bucket = bucket;
    this.slot = Math.floor(bucket / SLOT_BUCKETS);
    this.latencyRow = bucket * CELLS;
  }

  /** Halves the resolution. */
  fold(): void {
    foldRows(this.arrived, 1, BUCKETS);
    foldRows(this.inTime, 1, BUCKETS);
    foldRows(this.queuedSeconds, 1, BUCKETS);
    foldLargest(this.largest, BUCKETS);
    foldLargest(this.mostQueued, BUCKETS);
    foldRows(this.latencies, CELLS, BUCKETS, this.lowestCell, this.highestCell + 1);
    foldRows(this.sums, SUMS, SLOTS);
    foldRows(this.over, Math.max(1, this.otherLimits.length), SLOTS);
    foldRows(this.profileRequests, this.profiles, SLOTS);
    foldRows(this.lateProfileRequests, this.profiles, SLOTS);
  }
}
