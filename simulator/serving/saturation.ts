import { deadlineSeconds, type RunInput, type ServeInput } from './input.ts';
import { meanRatePerSecond } from './traffic/arrivals.ts';

/*
 * The saturation rate. Above it, every queue grows without limit. At this rate, the chips would be busy all the time if
 * each request ran in the best batch size, in the best mode and with its weights in the best memory. No schedule can be
 * faster, so this is a hard bound.
 */

/** The shortest possible time that one request occupies a chip, in seconds. */
export function leastSecondsPerRequest(input: RunInput, serve: ServeInput): number {
  const { canBurst, burst } = input;
  const mayBurst = canBurst && burst.kind !== 'never';
  const mayBase = !(mayBurst && burst.kind === 'always');
  let least = Number.POSITIVE_INFINITY;
  if (serve.steps !== undefined) {
    const { baseWork, burstWork } = serve.steps;
    if (mayBase || burstWork === null) least = baseWork.meanSeconds;
    return mayBurst && burstWork !== null ? Math.min(least, burstWork.meanSeconds) : least;
  }
  for (const { batch, seconds, layerCount } of serve.tables) {
    for (let mode = mayBase ? 0 : 1; mode < (mayBurst ? 2 : 1); mode++) {
      let sum = 0;
      for (let layer = 0; layer < layerCount; layer++) {
        const cell = (layer * 2 + mode) * 3;
        sum += Math.min(seconds[cell] as number, seconds[cell + 1] as number, seconds[cell + 2] as number);
      }
      least = Math.min(least, sum / batch);
    }
  }
  return least * (serve.serviceScale?.mean ?? 1);
}

/** A lower bound of the load of some serves: seconds of work per second and chip. 1 means saturation. */
export function leastLoad(input: RunInput, serves: readonly ServeInput[] = input.serves): number {
  const work = serves.reduce(
    (sum, serve) => sum + meanRatePerSecond(serve.arrivals) * leastSecondsPerRequest(input, serve),
    0,
  );
  return work / input.chips;
}

/**
 * The serves that compete with serve `index`: those that run before it or in turn with it, and the serve itself. If their
 * load exceeds what the chips can serve, the queue of the serve grows without limit.
 *
 * - `fifo`: all serves.
 * - `edf`: all serves with a deadline. A serve without a deadline waits for all others.
 * - `priority`: the serves with the same or a higher priority.
 * - `sjf`: the serves whose longest batch is not longer than the shortest batch of this serve. For the others, the order
 *   depends on the batch sizes.
 */
export function servedBefore(input: RunInput, index: number): readonly ServeInput[] {
  const own = input.serves[index];
  if (own === undefined) return [];
  switch (input.order) {
    case 'priority':
      return input.serves.filter(({ priority }) => priority >= own.priority);
    case 'edf':
      return hasDeadline(own) ? input.serves.filter(hasDeadline) : input.serves;
    case 'sjf':
      return input.serves.filter((other) => other === own || longestSeconds(other) <= shortestSeconds(own));
    default:
      return input.serves;
  }
}

/**
 * The serves whose requests always run before those of serve `index`, whenever they arrive. They multiply the waiting time
 * of the serve by 1 / (1 - their load) (Cobham, Operations Research 2, 1954).
 */
export function servedFirst(input: RunInput, index: number): readonly ServeInput[] {
  const own = input.serves[index];
  if (own === undefined) return [];
  if (input.order === 'priority') return input.serves.filter(({ priority }) => priority > own.priority);
  if (input.order === 'edf') return hasDeadline(own) ? [] : input.serves.filter(hasDeadline);
  return input.order === 'sjf' ? servedBefore(input, index).filter((other) => other !== own) : [];
}

function cellSums(serve: ServeInput): readonly number[] {
  return serve.tables.flatMap(({ seconds, layerCount }) =>
    Array.from({ length: 6 }, (_, cell) => {
      let sum = 0;
      for (let layer = 0; layer < layerCount; layer++) sum += seconds[layer * 6 + cell] as number;
      return sum;
    }),
  );
}

function hasDeadline({ slos }: ServeInput): boolean {
  return deadlineSeconds(slos) < Number.POSITIVE_INFINITY;
}

/** Seconds of the longest batch of a serve, with its weights in the worst memory. */
export function longestSeconds(serve: ServeInput): number {
  return cellSums(serve).reduce((most, seconds) => Math.max(most, seconds), 0);
}

function shortestSeconds(serve: ServeInput): number {
  return cellSums(serve).reduce((least, seconds) => Math.min(least, seconds), Number.POSITIVE_INFINITY);
}

/**
 * Relative tolerance for the rounding of a sum over layers. Our assumption: far above the rounding error of a thousand
 * layers.
 */
const ROUNDING = 1e-9;

/**
 * The load of a serve whose queue certainly grows without limit, because more work arrives than the chips can do.
 * null: the queue can be stable. A trace ends, so its queue always empties. A constant rate at exactly the saturation rate
 * is still stable. Random traffic at that rate is not.
 */
export function overloadOf(input: RunInput, index: number): number | null {
  if (input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const before = servedBefore(input, index);
  const load = leastLoad(input, before);
  const even = before.every(({ arrivals, serviceScale }) => arrivals.kind === 'constant' && serviceScale === undefined);
  return load > 1 + ROUNDING || (!even && load >= 1 - ROUNDING) ? load : null;
}
