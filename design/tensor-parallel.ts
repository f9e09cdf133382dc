import type { Origin } from './origin.ts';

/** The link of a chip to its neighbours in a ring. */
export interface ChipLink {
  /** What a chip sends to the next one, while it receives as much from the one before. */
  readonly bandwidthBytesPerSecond: number;
  /** Once for each step of a ring, of which an all-reduce over n chips has 2 (n - 1). */
  readonly latencySeconds: number;
}

/** A language model that is divided among several chips, which work on each step together. */
export interface TensorParallel {
  /** 2 or more. It divides the heads, the key-value heads and the hidden features of the network. */
  readonly chips: number;
  readonly origin: Origin;
}
