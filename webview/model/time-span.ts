import type { Buckets } from './buckets.ts';
import { bucketAt } from './buckets.ts';
import type { TimeWindow } from './view-state.ts';

/** Buckets first..last of a series, inclusive. */
export interface BucketSpan {
  readonly first: number;
  readonly last: number;
}

/** The buckets whose middle is in a window; the bucket at the middle of the window if there is none. */
export function bucketsIn(grain: Buckets, { startSeconds, endSeconds }: TimeWindow): BucketSpan {
  const first = bucketAt(grain, startSeconds + grain.bucketSeconds / 2);
  const last = bucketAt(grain, endSeconds - grain.bucketSeconds / 2);
  if (first <= last) return { first, last };
  const only = bucketAt(grain, (startSeconds + endSeconds) / 2);
  return { first: only, last: only };
}

export function singleBucket(bucket: number): BucketSpan {
  return { first: bucket, last: bucket };
}

/** Values that do not exist count as zero. */
export function sumIn(values: ArrayLike<number>, span: BucketSpan): number {
  let sum = 0;
  for (let bucket = span.first; bucket <= span.last; bucket++) sum += values[bucket] ?? 0;
  return sum;
}

/** The mean of the values that exist; NaN if there are none. */
export function meanIn(values: ArrayLike<number>, span: BucketSpan): number {
  let sum = 0;
  let count = 0;
  for (let bucket = span.first; bucket <= span.last; bucket++) {
    const value = values[bucket] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The lowest and the highest of the values that exist; NaN if there are none. */
export function rangeIn(values: ArrayLike<number>, span: BucketSpan): { readonly low: number; readonly high: number } {
  let low = Number.NaN;
  let high = Number.NaN;
  for (let bucket = span.first; bucket <= span.last; bucket++) {
    const value = values[bucket] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    low = low <= value ? low : value;
    high = high >= value ? high : value;
  }
  return { low, high };
}

/** The time between two markers; undefined if there are fewer. */
export function betweenMarkers(markers: readonly number[]): TimeWindow | undefined {
  const [a, b] = markers;
  if (a === undefined || b === undefined || a === b) return undefined;
  return { startSeconds: Math.min(a, b), endSeconds: Math.max(a, b) };
}

/** The markers after one more: the third one starts again. */
export function withMarker(markers: readonly number[], seconds: number): readonly number[] {
  return markers.length >= 2 ? [seconds] : [...markers, seconds];
}
