/**
 * Above this size, a batch is divided only into parts of at most this size or halves. Our assumption: it limits the work, and larger
 * parts no longer gain anything, because the weights are read rarely.
 */
const largestPart = 64;

/**
 * Divides batches where that is faster, as a compiler does: a batch that does not fit the chip's memories runs as several smaller ones, one after
 * another. So time(a + b) <= time(a) + time(b).
 *
 * @param direct seconds of an undivided batch.
 * @returns a function that gives the best parts of a batch, largest first, and their seconds.
 */
export function batchSplitter(direct: (batch: number) => number): (batch: number) => BatchSplit {
  const known = new Map<number, BatchSplit>();
  function split(batch: number): BatchSplit {
    const found = known.get(batch);
    if (found !== undefined) return found;
    let best: BatchSplit = { parts: [batch], seconds: direct(batch) };
    const consider = (first: number): void => {
      const one = split(first);
      const other = split(batch - first);
      const seconds = one.seconds + other.seconds;
      // Sums round, so an equal time does not divide a batch.
      if (seconds < best.seconds * (1 - 1e-9))
        best = { parts: [...one.parts, ...other.parts].sort((a, b) => b - a), seconds };
    };
    const half = Math.floor(batch / 2);
    for (let first = 1; first <= Math.min(half, largestPart); first++) consider(first);
    if (half > largestPart) consider(half);
    known.set(batch, best);
    return best;
  }
  return (batch) => {
    // From small to large, so that the recursion stays shallow.
    for (let size = 1; size < Math.min(batch, largestPart + 1); size++) split(size);
    return split(batch);
  };
}

/** A batch as it runs: the sizes of its parts, and the seconds of all of them. */
export interface BatchSplit {
  readonly parts: readonly number[];
  readonly seconds: number;
}
