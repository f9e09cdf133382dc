import { fits } from '../design/index.ts';
import { largestFittingBatch, type MemoryUser, memoryDemand } from '../simulator/index.ts';

interface SmallerBatch {
  readonly serve: number;
  readonly largest: number;
}

type Serves = MemoryUser['serves'];

/**
 * The serves whose batch is too large, each with a size with which everything fits into each chip. Undefined if no batch does, or none is too
 * large. All users have the same serves.
 */
export function smallerBatches(users: readonly MemoryUser[]): readonly SmallerBatch[] | undefined {
  const serves = users[0]?.serves ?? [];
  const alone = serves.map((serve) => Math.min(...users.map((user) => largestFittingBatch(user, serve))));
  return limited(users, serves, alone) ?? limited(users, serves, commonLimit(users, serves));
}

/** The serves whose batch is larger than its limit. Undefined if there are none, if a limit is below 1, or if these limits are not enough. */
function limited(
  users: readonly MemoryUser[],
  serves: Serves,
  limits: readonly number[],
): readonly SmallerBatch[] | undefined {
  const found = serves.flatMap(({ batch }, serve) => {
    const largest = limits[serve] ?? 0;
    return largest < batch.maxSize ? [{ serve, largest }] : [];
  });
  if (found.length === 0 || found.some(({ largest }) => largest < 1)) return undefined;
  return allFit(users, withBatches(serves, limits)) ? found : undefined;
}

/** One limit for the batches of all serves. If a batch can interrupt another one, the activations of both need space at the same time. */
function commonLimit(users: readonly MemoryUser[], serves: Serves): readonly number[] {
  const limits = (size: number): readonly number[] => serves.map(() => size);
  let fitting = 0;
  let above = Math.max(...serves.map(({ batch }) => batch.maxSize)) + 1;
  while (above - fitting > 1) {
    const middle = (fitting + above) >> 1;
    if (allFit(users, withBatches(serves, limits(middle)))) fitting = middle;
    else above = middle;
  }
  return limits(fitting);
}

function allFit(users: readonly MemoryUser[], serves: Serves): boolean {
  return users.every((user) => fits(memoryDemand({ ...user, serves })));
}

function withBatches(serves: Serves, limits: readonly number[]): Serves {
  return serves.map((serve, index) => {
    const maxSize = Math.min(serve.batch.maxSize, limits[index] ?? 0);
    return { ...serve, batch: { ...serve.batch, maxSize } };
  });
}
