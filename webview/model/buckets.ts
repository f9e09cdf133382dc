/** A run's time, divided into equal buckets. */
export interface Buckets {
  readonly buckets: number;
  readonly bucketSeconds: number;
}

/** The bucket of a time, within the series. */
export function bucketAt({ buckets, bucketSeconds }: Buckets, seconds: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(seconds / bucketSeconds)));
}

/** The middle of a bucket, where its point is drawn. */
export function bucketSecondsAt({ bucketSeconds }: Buckets, bucket: number): number {
  return (bucket + 0.5) * bucketSeconds;
}
