/**
 * Shards of about ten minutes: long enough that the start of a process does not count, short enough that a lost node costs little. Our
 * assumption.
 */
const shardSeconds = 600;

/** The number of shards of a plan. `designSeconds`: the measured time of one design on one core. `most`: the limit of the cluster. */
export function shardCount(designs: number, designSeconds: number, most: number): number {
  return Math.max(1, Math.min(designs, most, Math.ceil((designs * designSeconds) / shardSeconds)));
}

/** Designs to measure the rate with: a few, evenly over the plan, because designs differ. */
export function probesOf(designs: number): readonly number[] {
  const count = Math.min(3, designs);
  return Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * designs) / count));
}
