import { fits } from '../design/index.ts';
import { largestFittingBatch, type MemoryUser, memoryDemand } from '../simulator/index.ts';

interface SmallerBatch {
  readonly serve: number;
  readonly largest: number;
}

/** The serves whose batch is too large, each with a size with which everything fits. Undefined if no batch does, or none is too large. */
export function smallerBatches(user: MemoryUser): readonly SmallerBatch[] | undefined {
  const alone = user.serves.map((serve) => largestFittingBatch(user, serve));
  return limited(user, alone) ?? limited(user, commonLimit(user));
}

/** The serves whose batch is larger than its limit. Undefined if there are none, if a limit is below 1, or if these limits are not enough. */
function limited(user: MemoryUser, limits: readonly number[]): readonly SmallerBatch[] | undefined {
  const found = user.serves.flatMap(({ batch }, serve) => {
    const largest = limits[serve] ?? 0;
    return largest < batch.maxSize ? [{ serve, largest }] : [];
  });
  if (found.length === 0 || found.some(({ largest }) => largest < 1)) return undefined;
  return fits(memoryDemand({ ...user, serves: withBatches(user, limits) })) ? found : undefined;
}

/** One limit for the batches of all serves. If a batch can interrupt another one, the activations of both need space at the same time. */
function commonLimit(user: MemoryUser): readonly number[] {
  const limits = (size: number): readonly number[] => user.serves.map(() => size);
  let fitting = 0;
  let above = Math.max(...user.serves.map(({ batch }) => batch.maxSize)) + 1;
  while (above - fitting > 1) {
    const middle = (fitting + above) >> 1;
    if (fits(memoryDemand({ ...user, serves: withBatches(user, limits(middle)) }))) fitting = middle;
    else above = middle;
  }
  return limits(fitting);
}

function withBatches({ serves }: MemoryUser, limits: readonly number[]): MemoryUser['serves'] {
  return serves.map((serve, index) => {
    const maxSize = Math.min(serve.batch.maxSize, limits[index] ?? 0);
    return { ...serve, batch: { ...serve.batch, maxSize } };
  });
}
