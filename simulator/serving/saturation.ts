import { deadlineSeconds, type RunInput, type ServeInput } from './input.ts';
import { meanRatePerSecond } from './traffic/arrivals.ts';

/*
 * The rate above which no queue is stable, whatever its length: that at which the chips would be busy all the time if each request came in its best
 * batch, in the best mode and with its weights in the best place. Nothing that a run does can be faster, so it is a hard bound.
 */

/** The least time of one chip that a request can take, in seconds. */
export function leastSecondsPerRequest(input: RunInput, serve: ServeInput): number {
  const { canBurst, burst } = input;
  const mayBurst = canBurst && burst.kind !== 'never';
  const mayBase = !(mayBurst && burst.kind === 'always');
  let least = Number.POSITIVE_INFINITY;
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

/** Seconds of work per second and chip that serves bring at the least: 1 is saturation. */
export function leastLoad(input: RunInput, serves: readonly ServeInput[] = input.serves): number {
  const work = serves.reduce(
    (sum, serve) => sum + meanRatePerSecond(serve.arrivals) * leastSecondsPerRequest(input, serve),
    0,
  );
  return work / input.chips;
}

/**
 * The serves whose requests are served before those of `index`, or in turn with them, itself included: if they bring more than the chips can do, its
 * queue grows without end. With `fifo` all serves age together, and with `edf` all that have a deadline: a serve without a deadline waits for all others.
 * With `priority` those of a lower one do not count. With `sjf` only those count whose longest batch is no longer than its shortest: in between, the
 * order depends on the batches.
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

/** The serves of which each request goes before those of `index`, whenever it comes: what waits behind them waits longer by 1 / (1 - their load) (Cobham, Oper. Res. 2, 1954). */
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

/** Seconds of a serve's longest batch, with its weights in the worst place. */
export function longestSeconds(serve: ServeInput): number {
  return cellSums(serve).reduce((most, seconds) => Math.max(most, seconds), 0);
}

function shortestSeconds(serve: ServeInput): number {
  return cellSums(serve).reduce((least, seconds) => Math.min(least, seconds), Number.POSITIVE_INFINITY);
}

/** Rounding of a sum over layers. */
const ROUNDING = 1e-9;

/**
 * The load of a serve whose queue grows without end, because more work comes in the long run than the chips can ever do; null where it need not. A trace
 * ends, so its queue empties again. A constant rate of exactly what the chips do is just carried; any random traffic of that rate is not.
 */
export function overloadOf(input: RunInput, index: number): number | null {
  if (input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const before = servedBefore(input, index);
  const load = leastLoad(input, before);
  const even = before.every(({ arrivals, serviceScale }) => arrivals.kind === 'constant' && serviceScale === undefined);
  return load > 1 + ROUNDING || (!even && load >= 1 - ROUNDING) ? load : null;
}
