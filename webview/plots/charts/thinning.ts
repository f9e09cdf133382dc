/*
 * Keeps the number of points below the number of pixels. Buckets are merged in groups whose size is a power of two, aligned to the start of the run, so
 * that the groups stay the same while the window moves. A maximum stays the maximum, so that no spike is lost; everything else is averaged.
 */

/** With fewer pixels per point, a line is hard to read. */
const pixelsPerPoint = 2.2;

/** How many buckets share a point. */
export function groupSize(bucketSeconds: number, windowSeconds: number, pixels: number): number {
  const pixelsPerBucket = (bucketSeconds / windowSeconds) * pixels;
  let size = 1;
  while (size * pixelsPerBucket < pixelsPerPoint && size < 4096) size *= 2;
  return size;
}

export type Merge = 'mean' | 'largest';

/** One value per group; NaN if none of its buckets has a value. */
export function mergeBuckets(values: ArrayLike<number>, size: number, merge: Merge): Float64Array {
  const groups = new Float64Array(Math.ceil(values.length / size));
  for (let group = 0; group < groups.length; group++) {
    let count = 0;
    let sum = 0;
    let largest = Number.NEGATIVE_INFINITY;
    const end = Math.min(values.length, (group + 1) * size);
    for (let bucket = group * size; bucket < end; bucket++) {
      const value = values[bucket] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      if (value > largest) largest = value;
    }
    groups[group] = count === 0 ? Number.NaN : merge === 'mean' ? sum / count : largest;
  }
  return groups;
}
