import { bounds } from '../../../design/index.ts';
import { BUCKETS, foldLargest, foldRows, SLOT_BUCKETS, SLOTS } from './buckets.ts';
import type { Clock } from './clock.ts';
import { CELLS, cellOf } from './histogram.ts';
import { giveBackLatencyRows, takeLatencyRows } from './latency-rows.ts';

/** Index of each sum of a slot. A sum includes the requests or batches that finished in the slot. */
export const LATENCY = 0;
export const BATCHING = 1;
export const SWITCHING = 2;
export const LATE = 3;
export const LATE_LATENCY = 4;
export const LATE_BATCHING = 5;
export const LATE_SWITCHING = 6;
/** Requests that ran at least partly in burst mode. */
export const BURST = 7;
export const BATCHES = 8;
export const JOULES = 9;
export const DROPPED = 10;
export const FINISHED = 11;
/** Service seconds by bound, of the requests whose batch no single profile describes. */
export const SERVICE = 12;
export const LATE_SERVICE = SERVICE + bounds.length;
export const SUMS = LATE_SERVICE + bounds.length;

/**
 * Index of each value in `live`, the values that change at every request: the number of waiting requests, the time since
 * when it has this value, and the counts of the current bucket.
 */
const QUEUED = 0;
const QUEUED_SINCE = 1;
const NOW_ARRIVED = 2;
const NOW_FINISHED = 3;
const NOW_BATCHES = 4;
const NOW_LATE = 5;
const NOW_LATENCY = 6;
const NOW_LATE_LATENCY = 7;
const NOW_LARGEST = 8;
const NOW_MOST_QUEUED = 9;
const NOW_QUEUED_SECONDS = 10;
/** Sum of the waiting times of all finished requests of the run. */
const WAITED_SECONDS = 11;
const LIVE = 12;

/**
 * The fields of a finished batch that the recorder reads. `requests`: arrival times, the oldest first. `waits`: how
 * long each waited for the batch to fill.
 */
interface FinishedBatch {
  readonly size: number;
  readonly startSeconds: number;
  readonly requests: Float64Array;
  readonly waits: Float64Array;
}

/**
 * The counts of one serve, in columns whose size does not depend on the length of the run. Values that change at every
 * request are counted in one short column, and added to the long columns at the end of a bucket. If a whole batch ran in
 * one profile, the recorder counts its requests under this profile. The profile contains their service time, so no sum is
 * needed.
 */
export class ServeRecorder {
  readonly arrived = new Float64Array(BUCKETS);
  readonly inTime = new Float64Array(BUCKETS);
  readonly largest = new Float64Array(BUCKETS);
  readonly queuedSeconds = new Float64Array(BUCKETS);
  readonly mostQueued = new Float64Array(BUCKETS);
  readonly latencies = takeLatencyRows();
  readonly sums = new Float64Array(SLOTS * SUMS);
  /** Requests that exceeded each of `otherLimits`, per slot. */
  readonly over: Float64Array;
  /** The latency limits other than the deadline, in seconds. */
  readonly otherLimits: Float64Array;
  readonly profileRequests: Float64Array;
  readonly lateProfileRequests: Float64Array;
  readonly profiles: number;
  lowestCell = CELLS;
  highestCell = -1;
  /** A column instead of fields, because V8 allocates an object for each field value that is not a small integer. */
  readonly live = new Float64Array(LIVE);
  totalArrived = 0;
  totalDropped = 0;
  /** Finished requests, without the warm-up. */
  totalFinished = 0;
  /** Finished requests of the warm-up: they arrived before `countsFromSeconds`. */
  totalLeftOut = 0;
  /** The integral of the queue length over time. By Little's law it equals the sum of the waiting times (`checkRun`). */
  totalQueuedSeconds = 0;
  private bucket = 0;
  private slot = 0;
  /** Start of the row of the current bucket in `latencies`, and of the current slot in `profileRequests`. */
  private latencyRow = 0;
  private profileRow = 0;
  private readonly deadlineSeconds: number;
  /**
   * The end of the warm-up: requests that arrived earlier are not counted as finished. Infinity until enough have
   * arrived.
   */
  countsFromSeconds: number;
  private warmupLeft: number;
  private readonly clock: Clock;

  constructor(
    otherLimits: readonly number[],
    deadlineSeconds: number,
    profiles: number,
    clock: Clock,
    warmupArrivals: number,
  ) {
    this.warmupLeft = warmupArrivals;
    this.countsFromSeconds = warmupArrivals > 0 ? Number.POSITIVE_INFINITY : 0;
    this.otherLimits = Float64Array.from(otherLimits);
    this.deadlineSeconds = deadlineSeconds;
    this.profiles = profiles;
    this.clock = clock;
    this.over = new Float64Array(SLOTS * Math.max(1, otherLimits.length));
    this.profileRequests = new Float64Array(SLOTS * profiles);
    this.lateProfileRequests = new Float64Array(SLOTS * profiles);
  }

  get queued(): number {
    return this.live[QUEUED] as number;
  }

  get totalWaitSeconds(): number {
    return this.live[WAITED_SECONDS] as number;
  }

  arrive(): void {
    const { live } = this;
    const { now } = this.clock;
    if (this.countsFromSeconds === Number.POSITIVE_INFINITY && this.warmupLeft-- === 0) this.countsFromSeconds = now;
    const queued = live[QUEUED] as number;
    if (queued !== 0) this.countQueue(queued);
    live[QUEUED_SINCE] = now;
    live[QUEUED] = queued + 1;
    if (queued >= (live[NOW_MOST_QUEUED] as number)) live[NOW_MOST_QUEUED] = queued + 1;
    live[NOW_ARRIVED] = (live[NOW_ARRIVED] as number) + 1;
  }

  /** Adds the time since the last change of the queue length to the integral. */
  private countQueue(queued: number): void {
    const { live } = this;
    const seconds = this.clock.now - (live[QUEUED_SINCE] as number);
    live[NOW_QUEUED_SECONDS] = (live[NOW_QUEUED_SECONDS] as number) + queued * seconds;
  }

  /** Counts a request that arrived while the queue was full. */
  drop(): void {
    this.totalDropped++;
    this.live[NOW_ARRIVED] = (this.live[NOW_ARRIVED] as number) + 1;
    this.add(DROPPED, 1);
  }

  leaveQueue(count: number): void {
    const queued = this.live[QUEUED] as number;
    this.countQueue(queued);
    this.live[QUEUED_SINCE] = this.clock.now;
    this.live[QUEUED] = queued - count;
  }

  add(sum: number, value: number): void {
    const at = this.slot * SUMS + sum;
    this.sums[at] = (this.sums[at] as number) + value;
  }

  /** The number of requests of a batch that belong to the warm-up. They are its first ones, which are the oldest. */
  leftOut({ requests, size }: FinishedBatch): number {
    let count = 0;
    while (count < size && (requests[count] as number) < this.countsFromSeconds) count++;
    return count;
  }

  /**
   * Counts a batch that ends now, without its first `leftOut` requests. Returns how many of the counted requests were
   * late.
   */
  finish(batch: FinishedBatch, leftOut: number): number {
    const { requests, size } = batch;
    const { latencies, latencyRow, deadlineSeconds, live } = this;
    const { now } = this.clock;
    let late = 0;
    let sum = 0;
    for (let i = leftOut; i < size; i++) {
      const latency = now - (requests[i] as number);
      sum += latency;
      const cell = cellOf(latency);
      if (cell < this.lowestCell) this.lowestCell = cell;
      if (cell > this.highestCell) this.highestCell = cell;
      const at = latencyRow + cell;
      latencies[at] = (latencies[at] as number) + 1;
      if (latency > deadlineSeconds) {
        late++;
        live[NOW_LATE_LATENCY] = (live[NOW_LATE_LATENCY] as number) + latency;
      }
    }
    live[WAITED_SECONDS] = (live[WAITED_SECONDS] as number) + waitedSeconds(batch, leftOut, sum, now);
    this.totalLeftOut += leftOut;
    if (leftOut === size) return 0;
    // The first request is the oldest, so it has the longest latency.
    const longest = now - (requests[leftOut] as number);
    if (longest > (live[NOW_LARGEST] as number)) live[NOW_LARGEST] = longest;
    live[NOW_LATENCY] = (live[NOW_LATENCY] as number) + sum;
    live[NOW_FINISHED] = (live[NOW_FINISHED] as number) + size - leftOut;
    live[NOW_LATE] = (live[NOW_LATE] as number) + late;
    live[NOW_BATCHES] = (live[NOW_BATCHES] as number) + 1;
    if (this.otherLimits.length !== 0) this.countOver(batch, leftOut);
    return late;
  }

  /**
   * Counts one value of a request that is known now: its latency, its time to first token, or its time for each token. The
   * requests of a language model end one by one.
   */
  count(seconds: number, isLate: boolean, arrivalSeconds: number): void {
    if (arrivalSeconds < this.countsFromSeconds) {
      this.totalLeftOut++;
      return;
    }
    const { latencies, live, otherLimits } = this;
    const cell = cellOf(seconds);
    if (cell < this.lowestCell) this.lowestCell = cell;
    if (cell > this.highestCell) this.highestCell = cell;
    const at = this.latencyRow + cell;
    latencies[at] = (latencies[at] as number) + 1;
    live[NOW_FINISHED] = (live[NOW_FINISHED] as number) + 1;
    live[NOW_LATENCY] = (live[NOW_LATENCY] as number) + seconds;
    if (seconds > (live[NOW_LARGEST] as number)) live[NOW_LARGEST] = seconds;
    if (isLate) {
      live[NOW_LATE] = (live[NOW_LATE] as number) + 1;
      live[NOW_LATE_LATENCY] = (live[NOW_LATE_LATENCY] as number) + seconds;
    }
    for (let limit = 0; limit < otherLimits.length; limit++) {
      if (seconds <= (otherLimits[limit] as number)) continue;
      const over = this.slot * otherLimits.length + limit;
      this.over[over] = (this.over[over] as number) + 1;
    }
  }

  private countOver(batch: FinishedBatch, leftOut: number): void {
    const limits = this.otherLimits;
    for (let i = leftOut; i < batch.size; i++) {
      const latency = this.clock.now - (batch.requests[i] as number);
      for (let limit = 0; limit < limits.length; limit++) {
        if (latency <= (limits[limit] as number)) continue;
        const at = this.slot * limits.length + limit;
        this.over[at] = (this.over[at] as number) + 1;
      }
    }
  }

  /** Adds the times that the requests of a batch waited for it to fill. */
  countWaits(batch: FinishedBatch, leftOut: number): void {
    let sum = 0;
    let late = 0;
    for (let i = leftOut; i < batch.size; i++) {
      const wait = batch.waits[i] as number;
      sum += wait;
      if (this.clock.now - (batch.requests[i] as number) > this.deadlineSeconds) late += wait;
    }
    if (sum !== 0) this.add(BATCHING, sum);
    if (late !== 0) this.add(LATE_BATCHING, late);
  }

  countProfile(profile: number, requests: number, late: number): void {
    const at = this.profileRow + profile;
    this.profileRequests[at] = (this.profileRequests[at] as number) + requests;
    if (late !== 0) this.lateProfileRequests[at] = (this.lateProfileRequests[at] as number) + late;
  }

  /** Ends the current bucket: adds its counts to the long columns. */
  flush(): void {
    const { live, bucket } = this;
    const now = (at: number) => live[at] as number;
    this.countQueue(now(QUEUED));
    live[QUEUED_SINCE] = this.clock.now;
    this.arrived[bucket] = (this.arrived[bucket] as number) + now(NOW_ARRIVED);
    this.inTime[bucket] = (this.inTime[bucket] as number) + now(NOW_FINISHED) - now(NOW_LATE);
    this.queuedSeconds[bucket] = (this.queuedSeconds[bucket] as number) + now(NOW_QUEUED_SECONDS);
    this.largest[bucket] = Math.max(this.largest[bucket] as number, now(NOW_LARGEST));
    this.mostQueued[bucket] = Math.max(this.mostQueued[bucket] as number, now(NOW_MOST_QUEUED));
    this.add(LATENCY, now(NOW_LATENCY));
    this.add(FINISHED, now(NOW_FINISHED));
    this.add(BATCHES, now(NOW_BATCHES));
    this.add(LATE, now(NOW_LATE));
    this.add(LATE_LATENCY, now(NOW_LATE_LATENCY));
    this.totalArrived += now(NOW_ARRIVED);
    this.totalFinished += now(NOW_FINISHED);
    this.totalQueuedSeconds += now(NOW_QUEUED_SECONDS);
    live.fill(0, NOW_ARRIVED, WAITED_SECONDS);
    live[NOW_MOST_QUEUED] = now(QUEUED);
  }

  /** Starts a bucket. */
  enter(bucket: number): void {
    this.bucket = bucket;
    this.slot = Math.floor(bucket / SLOT_BUCKETS);
    this.latencyRow = bucket * CELLS;
    this.profileRow = this.slot * this.profiles;
  }

  /** Doubles the width of the buckets. */
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

  /** Ends the use of the recorder: nothing may read its latencies after this. */
  release(): void {
    giveBackLatencyRows(this.latencies, this.lowestCell, this.highestCell);
  }
}

/** The sum of the waiting times of all requests of a batch. `sum`: the sum of the latencies of the counted ones. */
function waitedSeconds(
  { requests, size, startSeconds }: FinishedBatch,
  leftOut: number,
  sum: number,
  now: number,
): number {
  let waited = sum - (size - leftOut) * (now - startSeconds);
  for (let i = 0; i < leftOut; i++) waited += startSeconds - (requests[i] as number);
  return waited;
}
