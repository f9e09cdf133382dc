/**
 * A memory of a chip. Reads and writes together never exceed `bandwidthBytesPerSecond`. A memory with separate ports also limits each direction.
 * All rates are peaks. `memoryRates` applies the efficiency.
 */
export interface Memory {
  readonly capacityBytes: number;
  readonly bandwidthBytesPerSecond: number;
  /** The limit of reads. Default: `bandwidthBytesPerSecond`. */
  readonly readBytesPerSecond?: number;
  /** The limit of writes. Default: `bandwidthBytesPerSecond`. */
  readonly writeBytesPerSecond?: number;
  /** The fraction of the peak bandwidth that long transfers reach, above 0 and at most 1. Default: 1. */
  readonly efficiency?: number;
  /** The smallest number of bytes that one random access moves. A look-up in a table reads whole multiples of it. Default: 1. */
  readonly accessBytes?: number;
}

/** The rates that a memory sustains, in bytes per second. A transfer takes as long as the slowest of its reads, its writes and both together. */
export interface MemoryRates {
  readonly read: number;
  readonly write: number;
  readonly both: number;
}

export function memoryRates(memory: Memory): MemoryRates {
  const { bandwidthBytesPerSecond: both, efficiency = 1 } = memory;
  const { readBytesPerSecond: read = both, writeBytesPerSecond: write = both } = memory;
  return {
    read: efficiency * Math.min(read, both),
    write: efficiency * Math.min(write, both),
    both: efficiency * both,
  };
}
