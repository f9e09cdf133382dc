import { bounds } from '../../design/index.ts';
import { BUCKETS, foldLargest, foldRows, SLOTS } from './buckets.ts';
import { CELLS, COARSE_CELLS, COARSE_SHIFT, cellOf } from './histogram.ts';

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

/**
 * What is counted of one serve. Columns have a fixed size whatever the run's length; `bucket` and `slot` are where the present
 * falls. Requests of batches that ran whole in one profile are counted by profile: their service time needs no sum.
 */
export class ServeRecorder {
  readonly arrived = new Float64Array(BUCKETS);
  readonly inTime = new Float64Array(BUCKETS);
  readonly largest = new Float64Array(BUCKETS);
  readonly queuedSeconds = new Float64Array(BUCKETS);
  readonly mostQueued = new Float64Array(BUCKETS);
  readonly coarse = new Uint32Array(BUCKETS * COARSE_CELLS);
  readonly fine = new Uint32Array(SLOTS * CELLS);
  readonly sums = new Float64Array(SLOTS * SUMS);
  /** Requests over the limit of each latency constraint, per slot. */
  readonly over: Float64Array;
  readonly limits: Float64Array;
  readonly profileRequests: Float64Array;
  readonly lateProfileRequests: Float64Array;
  readonly profiles: number;
  lowestCell = CELLS;
  highestCell = -1;
  queued = 0;
  queuedSince = 0;
  totalArrived = 0;
  totalDropped = 0;
  totalFinished = 0;
  private bucket = 0;
  private fineRow = 0;
  private coarseRow = 0;
  private sumRow = 0;
  private overRow = 0;
  private profileRow = 0;
  private readonly deadlineSeconds: number;

  constructor(limits: readonly number[], deadlineSeconds: number, profiles: number) {
    this.limits = Float64Array.from(limits);
    this.deadlineSeconds = deadlineSeconds;
    this.profiles = profiles;
    this.over = new Float64Array(SLOTS * Math.max(1, limits.length));
    this.profileRequests = new Float64Array(SLOTS * profiles);
    this.lateProfileRequests = new Float64Array(SLOTS * profiles);
  }

  arrive(now: number): void {
    const bucket = this.bucket;
    this.totalArrived++;
    this.arrived[bucket] = (this.arrived[bucket] as number) + 1;
    this.queuedSeconds[bucket] = (this.queuedSeconds[bucket] as number) + this.queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.queued++;
    if (this.queued > (this.mostQueued[bucket] as number)) this.mostQueued[bucket] = this.queued;
  }

  /** A request that came and found no place to wait. */
  drop(): void {
    this.totalArrived++;
    this.totalDropped++;
    this.arrived[this.bucket] = (this.arrived[this.bucket] as number) + 1;
    this.add(DROPPED, 1);
  }

  leaveQueue(count: number, now: number): void {
    const bucket = this.bucket;
    this.queuedSeconds[bucket] = (this.queuedSeconds[bucket] as number) + this.queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.queued -= count;
  }

  add(sum: number, value: number): void {
    const at = this.sumRow + sum;
    this.sums[at] = (this.sums[at] as number) + value;
  }

  /** Counts one finished request; true where it was late. */
  finish(latencySeconds: number, batchingSeconds: number): boolean {
    const { fine, coarse, sums, limits } = this;
    const cell = cellOf(latencySeconds);
    if (cell < this.lowestCell) this.lowestCell = cell;
    if (cell > this.highestCell) this.highestCell = cell;
    const fineAt = this.fineRow + cell;
    fine[fineAt] = (fine[fineAt] as number) + 1;
    const coarseAt = this.coarseRow + (cell >> COARSE_SHIFT);
    coarse[coarseAt] = (coarse[coarseAt] as number) + 1;
    const row = this.sumRow;
    sums[row] = (sums[row] as number) + latencySeconds;
    sums[row + FINISHED] = (sums[row + FINISHED] as number) + 1;
    if (batchingSeconds !== 0) sums[row + BATCHING] = (sums[row + BATCHING] as number) + batchingSeconds;
    const bucket = this.bucket;
    if (latencySeconds > (this.largest[bucket] as number)) this.largest[bucket] = latencySeconds;
    this.totalFinished++;
    for (let i = 0; i < limits.length; i++) {
      if (latencySeconds > (limits[i] as number)) {
        const at = this.overRow + i;
        this.over[at] = (this.over[at] as number) + 1;
      }
    }
    if (latencySeconds <= this.deadlineSeconds) {
      this.inTime[bucket] = (this.inTime[bucket] as number) + 1;
      return false;
    }
    sums[row + LATE] = (sums[row + LATE] as number) + 1;
    sums[row + LATE_LATENCY] = (sums[row + LATE_LATENCY] as number) + latencySeconds;
    sums[row + LATE_BATCHING] = (sums[row + LATE_BATCHING] as number) + batchingSeconds;
    return true;
  }

  countProfile(profile: number, requests: number, late: number): void {
    const at = this.profileRow + profile;
    this.profileRequests[at] = (this.profileRequests[at] as number) + requests;
    if (late !== 0) this.lateProfileRequests[at] = (this.lateProfileRequests[at] as number) + late;
  }

  /** Ends the present bucket at `now` and begins `bucket`. */
  enter(bucket: number, slot: number, now: number): void {
    const old = this.bucket;
    this.queuedSeconds[old] = (this.queuedSeconds[old] as number) + this.queued * (now - this.queuedSince);
    this.queuedSince = now;
    this.place(bucket, slot);
    if (bucket < BUCKETS) this.mostQueued[bucket] = this.queued;
  }

  /** Halves the resolution; the present becomes the first bucket of the upper half. */
  fold(): void {
    foldRows(this.arrived, 1, BUCKETS);
    foldRows(this.inTime, 1, BUCKETS);
    foldRows(this.queuedSeconds, 1, BUCKETS);
    foldLargest(this.largest, BUCKETS);
    foldLargest(this.mostQueued, BUCKETS);
    const from = Math.min(this.lowestCell, CELLS);
    const to = this.highestCell + 1;
    foldRows(this.coarse, COARSE_CELLS, BUCKETS, from >> COARSE_SHIFT, (to >> COARSE_SHIFT) + 1);
    foldRows(this.fine, CELLS, SLOTS, from, to);
    foldRows(this.sums, SUMS, SLOTS);
    foldRows(this.over, Math.max(1, this.limits.length), SLOTS);
    foldRows(this.profileRequests, this.profiles, SLOTS);
    foldRows(this.lateProfileRequests, this.profiles, SLOTS);
    this.place(BUCKETS / 2, SLOTS / 2);
    this.mostQueued[BUCKETS / 2] = this.queued;
  }

  private place(bucket: number, slot: number): void {
    this.bucket = bucket;
    this.fineRow = slot * CELLS;
    this.coarseRow = bucket * COARSE_CELLS;
    this.sumRow = slot * SUMS;
    this.overRow = slot * Math.max(1, this.limits.length);
    this.profileRow = slot * this.profiles;
  }
}
